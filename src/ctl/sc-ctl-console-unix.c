// SPDX-License-Identifier: MIT
// The console of Linux and its kin.

#define G_LOG_DOMAIN "sc-ctl"

#include <signal.h>
#include <unistd.h>

#include <gio/gunixinputstream.h>
#include <glib-unix.h>

#include "sc-ctl-console.h"

char **
sc_ctl_console_get_arguments (int argc, char **argv)
{
  return g_strdupv (argv);
}

gboolean
sc_ctl_console_is_interactive (void)
{
  return isatty (STDIN_FILENO) && isatty (STDERR_FILENO);
}

GInputStream *
sc_ctl_console_open_input (void)
{
  return g_unix_input_stream_new (STDIN_FILENO, FALSE);
}

void
sc_ctl_console_watch_interrupt (GSourceFunc interrupted, gpointer user_data)
{
  g_return_if_fail (interrupted != NULL);

  g_unix_signal_add (SIGINT, interrupted, user_data);
  g_unix_signal_add (SIGTERM, interrupted, user_data);
  g_unix_signal_add (SIGHUP, interrupted, user_data);
}
