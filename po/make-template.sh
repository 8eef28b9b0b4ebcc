#!/bin/sh
# SPDX-License-Identifier: MIT
# Writes the translations template. usage: make-template.sh OUTPUT
output=$(realpath "$1") || exit 2
cd "$(dirname "$0")/.." || exit 2
xgettext --files-from=po/POTFILES --output="$output" --from-code=UTF-8 --language=C \
  --keyword=_ --keyword=N_ --keyword=C_:1c,2 --keyword=ngettext:1,2 --add-comments=Translators \
  --package-name=sikka-companion --add-location=file \
  --copyright-holder='The Sikka Companion authors' \
  --msgid-bugs-address='The maintainers, see CONTRIBUTING.md'
