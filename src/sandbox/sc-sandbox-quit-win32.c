// SPDX-License-Identifier: MIT
// Ctrl-C and closing the console end the main loop.

#define G_LOG_DOMAIN "sc-sandbox"

#include "sc-sandbox-quit.h"

#include <windows.h>

/* The handler runs in a thread of its own and gets no argument. */
static GMainLoop *watched_loop;

static BOOL WINAPI
console_event_cb (DWORD event)
{
  g_main_loop_quit (watched_loop);

  return TRUE;
}

void
sc_sandbox_quit_watch (GMainLoop *loop)
{
  g_return_if_fail (loop != NULL);

  watched_loop = loop;
  SetConsoleCtrlHandler (console_event_cb, TRUE);
}
