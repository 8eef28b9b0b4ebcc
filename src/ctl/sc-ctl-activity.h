// SPDX-License-Identifier: MIT
// Rows of the activity log as the agent lists them, and their two file formats.

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/** ScCtlActivity: one row; the strings live as long as the page that it was read from. */
typedef struct
{
  gint64 sequence;
  gint64 time;
  const char *user;
  const char *action;
  const char *result;
  const char *reference;
  const char *hash;
} ScCtlActivity;

/**
 * sc_ctl_activity_next:
 * @iter: over an answer of ListActivity, `a(xxsssss)`
 * @row: (out caller-allocates): the row
 *
 * Returns: whether there was one
 */
gboolean sc_ctl_activity_next (GVariantIter *iter, ScCtlActivity *row);

/** sc_ctl_activity_add: adds the row as an object */
void sc_ctl_activity_add (JsonBuilder *builder, const ScCtlActivity *row);

/**
 * sc_ctl_activity_to_csv:
 * @pages: (element-type GVariant): answers of ListActivity, in order
 *
 * RFC 4180 with a header line. A value that a spreadsheet would take for a formula gets an
 * apostrophe in front (CWE-1236); who wants to verify hashes takes the JSON lines.
 *
 * Returns: (transfer full): the text of the file
 */
char *sc_ctl_activity_to_csv (GPtrArray *pages);

/**
 * sc_ctl_activity_to_json_lines:
 * @pages: (element-type GVariant): answers of ListActivity, in order
 *
 * Returns: (transfer full): one object per line
 */
char *sc_ctl_activity_to_json_lines (GPtrArray *pages);

/**
 * sc_ctl_activity_export:
 * @pages: (element-type GVariant): answers of ListActivity, in order
 * @file: (type filename): where to; CSV when the name ends in ".csv", else JSON lines
 * @error: return location
 *
 * Readable by the user alone. Written beside @file and then renamed: an old file is replaced whole
 * or stays as it was.
 *
 * Returns: %FALSE with @error set when nothing was written
 */
gboolean sc_ctl_activity_export (GPtrArray *pages, const char *file, GError **error);

/** sc_ctl_activity_get_format: Returns: (transfer none): "csv" or "json-lines" */
const char *sc_ctl_activity_get_format (const char *file);

G_END_DECLS
