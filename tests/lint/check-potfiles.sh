#!/bin/sh
# SPDX-License-Identifier: MIT
# po/POTFILES lists every file with translatable text, sorted, and the template is current.
# usage: check-potfiles.sh ROOT
cd "$1" || exit 2
wanted=$(grep -rlE '\b(_|N_|C_|ngettext) \("' src --include='*.c' --include='*.h' | LC_ALL=C sort)
listed=$(grep -v '^#' po/POTFILES)
if [ "$wanted" != "$listed" ]; then
  echo "po/POTFILES should list:"
  echo "$wanted"
  exit 1
fi
new=$(mktemp)
trap 'rm -f "$new"' EXIT
sh po/make-template.sh "$new" || exit 1
if ! diff -u -I '^"POT-Creation-Date' po/sikka-companion.pot "$new"; then
  echo "The template is not current: run sh po/make-template.sh po/sikka-companion.pot"
  exit 1
fi
