// SPDX-License-Identifier: MIT
// SIGTERM and SIGINT end the main loop.

#define G_LOG_DOMAIN "sc-sandbox"

#include "sc-sandbox-quit.h"

#include <glib-unix.h>

static gboolean
signal_received_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);

  return G_SOURCE_CONTINUE;
}

void
sc_sandbox_quit_watch (GMainLoop *loop)
{
  g_return_if_fail (loop != NULL);

  g_unix_signal_add (SIGTERM, signal_received_cb, loop);
  g_unix_signal_add (SIGINT, signal_received_cb, loop);
}
