// SPDX-License-Identifier: MIT
// Our own listener, one after the other: for each it prints the address that a browser with the
// right answer asks for, answers that at once, and goes on to the next. Ends with its input.

#define G_LOG_DOMAIN "sc-bench"

#include "sc-loopback.h"

#include <stdio.h>
#include <stdlib.h>

#define STATE "QmVuY2gtc3RhdGUtb2YtMjU2LWJpdHMtMDEyMzQ1Njc"

static void
redirected_cb (ScLoopback *loopback, ScRedirect *redirect, gpointer user_data)
{
  sc_loopback_answer (loopback, SC_LOOPBACK_PAGE_DONE, NULL);
}

static ScLoopback *
open_next (void)
{
  g_autoptr (ScSecretString) state = sc_secret_string_new (STATE);
  ScLoopback *loopback = sc_loopback_new (state);
  g_autoptr (GError) error = NULL;

  g_signal_connect (loopback, "redirected", G_CALLBACK (redirected_cb), NULL);
  if (!sc_loopback_listen (loopback, &error))
    g_error ("%s", error->message);
  g_print ("%s?code=bench&state=%s\n", sc_loopback_get_redirect_uri (loopback), STATE);
  fflush (stdout);
  return loopback;
}

/* A line says that the browser has its page. */
static gboolean
served_cb (GIOChannel *input, GIOCondition condition, gpointer user_data)
{
  ScLoopback **loopback = user_data;
  g_autofree char *line = NULL;

  if (g_io_channel_read_line (input, &line, NULL, NULL, NULL) != G_IO_STATUS_NORMAL)
    exit (EXIT_SUCCESS);
  sc_loopback_close (*loopback);
  g_object_unref (*loopback);
  *loopback = open_next ();
  return G_SOURCE_CONTINUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GIOChannel) input = g_io_channel_unix_new (0);
  ScLoopback *loopback = open_next ();

  g_io_add_watch (input, G_IO_IN | G_IO_HUP, served_cb, &loopback);
  g_main_loop_run (loop);
  return EXIT_SUCCESS;
}
