#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Holds what `sikkactl --json` printed against data/sikkactl.schema.json.

usage: check-ctl-schema.py SCHEMA FOLDER

FOLDER has one printed object per file, *.json, as tests/service/test-sc-ctl.c leaves them. A member
that the schema does not name is an error here: it is one that nobody was told of. At least one object
of each command has to be there.
"""

import json
import pathlib
import sys

import jsonschema


def close_objects(schema):
    """Makes every object refuse members that the schema does not name."""
    if isinstance(schema, list):
        for item in schema:
            close_objects(item)
    elif isinstance(schema, dict):
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
        for item in schema.values():
            close_objects(item)


def list_commands(schema):
    return set(schema["$defs"]["failure"]["properties"]["command"]["enum"])


def explain(error):
    """Of the alternatives, the one that got furthest says what is wrong."""
    best = jsonschema.exceptions.best_match([error])
    return f"{best.json_path}: {best.message}"


def main():
    schema_file, folder = sys.argv[1:]
    schema = json.loads(pathlib.Path(schema_file).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    missing = list_commands(schema)
    close_objects(schema)
    validator = jsonschema.Draft202012Validator(schema)
    failed = 0

    for path in sorted(pathlib.Path(folder).glob("*.json")):
        printed = json.loads(path.read_text(encoding="utf-8"))
        for error in validator.iter_errors(printed):
            print(f"{path.name}: {explain(error)}")
            failed += 1
        if printed.get("error") is None:
            missing.discard(printed.get("command"))

    if missing:
        print("no object without an error of: " + ", ".join(sorted(missing)))
    return 1 if failed or missing else 0


sys.exit(main())
