#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""House rules that clang-format cannot hold.

usage: check-source.py ROOT            checks src/ and tests/ below ROOT
       check-source.py --samples DIR   each sample must break just the rule that its name says
"""

import pathlib
import re
import sys

MAX_WIDTH = 100
MAX_FILE = 600
MAX_FUNCTION = 80

BANNED = {
    r"\bgoto\b": "goto: let g_autoptr clean up",
    r"\bg_random_": "g_random_*: not for secrets, use sc_random_fill()",
    r"\bg_uuid_string_random\b": "g_uuid_string_random: use sc_random_create_uuid()",
    r"\bsystem \(": "system(): never a shell",
    r"\bg_spawn_(sync|command_line)": "blocking or shell-parsed spawn",
    r"\b(strcpy|strcat|sprintf|gets) \(": "unbounded string call",
    r"\bg_assert \(": "g_assert(): tests use g_assert_*()",
    r"\bg(char|int)\b": "gchar, gint: plain C types",
    r"\b(sleep|usleep|g_usleep) \(": "sleep in place of a condition",
    r"\bgtk_": "GTK outside src/window",
}
# Where a banned thing is at home: rule (by the pattern's start) to path prefixes.
ALLOWED = {
    r"\bg_assert \(": ["src/"],
    r"\bgtk_": ["src/window/"],
}
# An include of another room, by room; the include paths of the build say the same.
FOREIGN = {
    "core": r'#include [<"](libsoup|gtk|libsecret|gio/gunix|sc-http|sc-journal)',
    "ctl": r'#include [<"](libsoup|gtk|libsecret|sc-error|sc-http)',
    "sandbox": r'#include [<"](gtk|libsecret|sc-http|sc-journal)',
}


def strip_comments(text):
    """Blanks comments and strings, keeping the line count."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group(0))
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', blank, text, flags=re.S)


def find_functions(code):
    """Yields name, is_static, first line, body length of each function definition."""
    lines = code.split("\n")
    for number, line in enumerate(lines):
        match = re.match(r"^([a-z]\w*) \(", line)
        if not match or number == 0:
            continue
        start = number
        while start < len(lines) and lines[start].rstrip() != "{":
            if lines[start].rstrip().endswith(";") or start > number + 12:
                break
            start += 1
        if start >= len(lines) or lines[start].rstrip() != "{":
            continue
        end = next((i for i in range(start, len(lines)) if lines[i].startswith("}")), start)
        yield match.group(1), lines[number - 1].startswith("static"), number + 1, end - start - 1


def list_headers(root, path):
    """The headers that may declare what path defines: sc-light-view.c → sc-light-view.h, sc-light.h."""
    parts = path.stem.split("-")
    for n in range(len(parts), 1, -1):
        for name in ("-".join(parts[:n]) + ".h", "-".join(parts[:n]) + "-private.h"):
            header = root / path.parent / name
            if header.exists():
                yield header


def list_prefixes(root, path):
    """Prefixes that path's functions may have: its stem's, and those of the types in its headers."""
    parts = path.stem.split("-")
    prefixes = {"_".join(parts[:n]) for n in range(len(parts), 1, -1)}
    for header in list_headers(root, path):
        for camel in re.findall(r"\bSc[A-Z]\w+", header.read_text()):
            prefixes.add(re.sub(r"(?<!^)([A-Z])", r"_\1", camel).lower())
    return prefixes


def check_rooms(path, text):
    room = path.parts[1] if path.parts[0] == "src" else None
    if room in FOREIGN:
        for match in re.finditer(FOREIGN[room], text):
            yield text.count("\n", 0, match.start()) + 1, f"{room} includes {match.group(1)}"
    at_home = room == "platform" or "main" in path.stem or path.parts[0] == "tests"
    if not at_home:
        for match in re.finditer(r"#\s*if.*G_OS_WIN32", text):
            yield text.count("\n", 0, match.start()) + 1, "#ifdef G_OS_WIN32 outside src/platform"


def check_file(path, text, root):
    """Yields line, problem. path is relative to root."""
    lines = text.split("\n")
    if not lines[0].startswith("// SPDX-License-Identifier: MIT"):
        yield 1, "no SPDX line"
    elif not lines[1].startswith("// "):
        yield 2, "no comment saying what the file is for"
    if text.count("\n") > MAX_FILE:
        yield MAX_FILE, f"{text.count(chr(10))} lines, over {MAX_FILE}"
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_WIDTH:
            yield number, f"{len(line)} columns, over {MAX_WIDTH}"
    code = strip_comments(text)
    for pattern, problem in BANNED.items():
        if any(str(path).startswith(home) for home in ALLOWED.get(pattern, [])):
            continue
        for match in re.finditer(pattern, code):
            yield code.count("\n", 0, match.start()) + 1, problem
    yield from check_rooms(path, text)
    yield from check_functions(path, code, root)


def check_functions(path, code, root):
    if path.suffix != ".c":
        return
    prefixes = list_prefixes(root, path)
    for name, is_static, line, length in find_functions(code):
        if length > MAX_FUNCTION:
            yield line, f"{name} has {length} lines, over {MAX_FUNCTION}"
        ours = name.startswith("sc_") or path.parts[0] == "tests" or name == "main"
        if not is_static and not ours:
            yield line, f"{name} is not static and has no prefix"
        elif not is_static and path.parts[0] == "src" and name != "main" and not any(
                name.startswith(prefix + "_") for prefix in prefixes):
            yield line, f"{name} does not begin as its file {path.name}"


def check_tree(root):
    problems = 0
    files = [f for d in ("src", "tests") for f in sorted((root / d).rglob("*.[ch]"))]
    for file in files:
        path = file.relative_to(root)
        if "samples" in path.parts or "node_modules" in path.parts:
            continue
        for line, problem in check_file(path, file.read_text(), root):
            print(f"{path}:{line}: {problem}")
            problems += 1
    print(f"{len(files)} files, {problems} problems")
    return 1 if problems or not files else 0


def check_samples(folder):
    """A rule that finds nothing in its sample is no rule."""
    failed = 0
    for file in sorted(folder.glob("*.c")):
        text = file.read_text()
        as_path = pathlib.PurePath(re.search(r"// path: (\S+)", text).group(1))
        wanted = re.search(r"// finds: (.+)", text).group(1)
        found = [problem for _, problem in check_file(as_path, text, folder)]
        if len(found) != 1 or wanted not in found[0]:
            print(f"{file.name}: wanted one «{wanted}», found {found}")
            failed += 1
    return 1 if failed else 0


def main():
    if sys.argv[1] == "--samples":
        return check_samples(pathlib.Path(sys.argv[2]))
    return check_tree(pathlib.Path(sys.argv[1]))


if __name__ == "__main__":
    sys.exit(main())
