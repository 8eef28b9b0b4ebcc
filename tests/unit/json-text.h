// SPDX-License-Identifier: MIT
// JSON in rows of tests is written with single quotes, so that it can be read.

#pragma once

#include <glib.h>

/* Returns: (transfer full): @text with " for each ' */
static inline char *
json_text (const char *text)
{
  return g_strdelimit (g_strdup (text != NULL ? text : ""), "'", '"');
}

/* Whether the message of @error fits @pattern, written the same way. */
static inline gboolean
message_fits (const GError *error, const char *pattern)
{
  g_autofree char *quoted = json_text (pattern);

  g_test_message ("%s", error->message);
  return g_pattern_match_simple (quoted, error->message);
}
