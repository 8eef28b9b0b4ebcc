// SPDX-License-Identifier: MIT
// The console of Windows.

#define G_LOG_DOMAIN "sc-ctl"

#include <windows.h>

#include <gio/gwin32inputstream.h>

#include "sc-ctl-console.h"

static GSourceFunc interrupted_func;
static gpointer interrupted_data;

/* The caller's function stays wanted (TRUE); an invoked source must not be called again. */
static gboolean
interrupted_cb (gpointer user_data)
{
  interrupted_func (interrupted_data);
  return G_SOURCE_REMOVE;
}

/* Windows calls this on a thread of its own. */
static BOOL WINAPI
console_event_cb (DWORD event)
{
  g_main_context_invoke (NULL, interrupted_cb, NULL);
  return TRUE;
}

static gboolean
is_console (DWORD handle)
{
  DWORD mode;

  return GetConsoleMode (GetStdHandle (handle), &mode) != 0;
}

char **
sc_ctl_console_get_arguments (int argc, char **argv)
{
  return g_win32_get_command_line ();
}

gboolean
sc_ctl_console_is_interactive (void)
{
  return is_console (STD_INPUT_HANDLE) && is_console (STD_ERROR_HANDLE);
}

GInputStream *
sc_ctl_console_open_input (void)
{
  return g_win32_input_stream_new (GetStdHandle (STD_INPUT_HANDLE), FALSE);
}

void
sc_ctl_console_watch_interrupt (GSourceFunc interrupted, gpointer user_data)
{
  g_return_if_fail (interrupted != NULL);

  interrupted_func = interrupted;
  interrupted_data = user_data;
  SetConsoleCtrlHandler (console_event_cb, TRUE);
}
