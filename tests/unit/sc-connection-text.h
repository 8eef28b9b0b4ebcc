// SPDX-License-Identifier: MIT
// An ScConnection as text, "connected held undoing error=net-offline", for rows that can be read.

#pragma once

#include <string.h>

#include "sc-connection.h"

static const struct
{
  const char *name;
  gsize offset;
} connection_flags[] = {
  { "held", G_STRUCT_OFFSET (ScConnection, has_credential) },
  { "confirming", G_STRUCT_OFFSET (ScConnection, confirming) },
  { "undoing", G_STRUCT_OFFSET (ScConnection, undoing) },
  { "setup-tried", G_STRUCT_OFFSET (ScConnection, setup_tried) },
  { "preparing", G_STRUCT_OFFSET (ScConnection, preparing) },
  { "attention", G_STRUCT_OFFSET (ScConnection, attention) },
  { "unknown", G_STRUCT_OFFSET (ScConnection, unknown) },
  { "outdated", G_STRUCT_OFFSET (ScConnection, outdated) },
  { "withdrawn", G_STRUCT_OFFSET (ScConnection, withdrawn) },
};

static inline gboolean
connection_read_word (ScConnection *connection, const char *word)
{
  for (gsize i = 0; i < G_N_ELEMENTS (connection_flags); i++)
    if (g_str_equal (word, connection_flags[i].name))
      {
        G_STRUCT_MEMBER (gboolean, connection, connection_flags[i].offset) = TRUE;
        return TRUE;
      }
  if (g_str_has_prefix (word, "before="))
    connection->before = sc_connection_state_from_id (word + strlen ("before="));
  else if (g_str_has_prefix (word, "error="))
    connection->error = sc_error_from_id (word + strlen ("error="));
  else
    return FALSE;
  connection->has_error |= g_str_has_prefix (word, "error=");
  return TRUE;
}

static inline ScConnection
connection_from_text (const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  ScConnection connection = { .state = sc_connection_state_from_id (words[0]) };

  for (gsize i = 1; words[i] != NULL; i++)
    g_assert_true (connection_read_word (&connection, words[i]));
  return connection;
}

static inline char *
connection_to_text (const ScConnection *connection)
{
  GString *text = g_string_new (sc_connection_state_get_id (connection->state));

  for (gsize i = 0; i < G_N_ELEMENTS (connection_flags); i++)
    if (G_STRUCT_MEMBER (gboolean, connection, connection_flags[i].offset))
      g_string_append_printf (text, " %s", connection_flags[i].name);
  if (connection->state == SC_STATE_BROWSER_OPEN || connection->before != SC_STATE_PENDING)
    g_string_append_printf (text, " before=%s", sc_connection_state_get_id (connection->before));
  if (connection->has_error)
    g_string_append_printf (text, " error=%s", sc_error_to_id (connection->error));
  return g_string_free (text, FALSE);
}
