// SPDX-License-Identifier: MIT
// The least that owns a name on the session bus: what the agent's start is compared with.

#include <gio/gio.h>
#include <glib-unix.h>
#include <signal.h>

static gboolean
terminated_cb (gpointer user_data)
{
  g_application_quit (user_data);
  return G_SOURCE_REMOVE;
}

static void
activated_cb (GApplication *application, gpointer user_data)
{
  g_application_hold (application);
}

int
main (int argc, char **argv)
{
  g_autoptr (GApplication) application =
    g_application_new ("ca.parlae.SikkaCompanion.Bare", G_APPLICATION_DEFAULT_FLAGS);

  g_signal_connect (application, "activate", G_CALLBACK (activated_cb), NULL);
  g_unix_signal_add (SIGTERM, terminated_cb, application);
  return g_application_run (application, argc, argv);
}
