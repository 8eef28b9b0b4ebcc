// SPDX-License-Identifier: MIT
// A question on the terminal, answered by one line.

#define G_LOG_DOMAIN "sc-ctl"

#include "sc-ctl-ask.h"
#include "sc-ctl-console.h"

void
sc_ctl_ask_async (const char *question,
                  GCancellable *cancellable,
                  GAsyncReadyCallback callback,
                  gpointer user_data)
{
  g_autoptr (GInputStream) input = sc_ctl_console_open_input ();
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (input);

  g_return_if_fail (question != NULL);

  g_printerr ("%s ", question);
  g_data_input_stream_set_newline_type (lines, G_DATA_STREAM_NEWLINE_TYPE_ANY);
  g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT, cancellable, callback, user_data);
}

char *
sc_ctl_ask_finish (GAsyncResult *result, GError **error)
{
  g_autoptr (GObject) lines = NULL;
  g_autoptr (GError) local_error = NULL;
  g_autofree char *line = NULL;
  g_autofree char *utf8 = NULL;

  g_return_val_if_fail (G_IS_ASYNC_RESULT (result), NULL);

  lines = g_async_result_get_source_object (result);
  line =
    g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (lines), result, NULL, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  utf8 = line != NULL ? g_locale_to_utf8 (line, -1, NULL, NULL, NULL) : NULL;
  return g_strdup (utf8 != NULL ? g_strstrip (utf8) : "");
}
