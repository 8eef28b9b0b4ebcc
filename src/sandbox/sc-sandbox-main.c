// SPDX-License-Identifier: MIT
// The command line of sikka-sandbox.

#define G_LOG_DOMAIN "sc-sandbox"

#include "config.h"

#include "sc-sandbox-quit.h"
#include "sc-sandbox.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#define EXIT_USAGE 2

static gboolean
parse_options (int *argc, char ***argv, ScSandboxOptions *options, GError **error)
{
  int port = 0;
  g_autofree char *scenario = NULL;
  g_autofree char *scenarios = sc_sandbox_scenario_describe ();
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  const GOptionEntry entries[] = {
    { "port", 0, 0, G_OPTION_ARG_INT, &port, "Port on 127.0.0.1; 0 (default) for any", "N" },
    { "state-dir", 0, 0, G_OPTION_ARG_FILENAME, &options->state_dir,
      "Keep the databases here instead of in memory", "DIR" },
    { "auto-approve", 0, 0, G_OPTION_ARG_NONE, &options->auto_approve,
      "Let the portal click Allow itself", NULL },
    { "scenario", 0, 0, G_OPTION_ARG_STRING, &scenario, "Start in a scenario", "NAME" },
    { "tell-secrets", 0, 0, G_OPTION_ARG_NONE, &options->tell_secrets,
      "Answer GET /sandbox/secrets with all that was issued, for tests", NULL },
    { "public-url", 0, 0, G_OPTION_ARG_STRING, &options->public_url,
      "Where a proxy in front of it is reached", "URL" },
    { NULL },
  };

  g_option_context_set_summary (context, "A local stand-in for Sikka and the cloud.");
  g_option_context_set_description (context, scenarios);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc > 1)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "unexpected argument: %s",
                 (*argv)[1]);
  else if (port < 0 || port > G_MAXUINT16)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "not a port: %d", port);
  else if (scenario != NULL && !sc_sandbox_scenario_find (scenario, &options->scenario))
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "no such scenario: %s", scenario);
  else
    {
      options->port = port;
      return TRUE;
    }

  return FALSE;
}

static gboolean
make_state_dir (const char *state_dir, GError **error)
{
  if (state_dir == NULL || g_mkdir_with_parents (state_dir, 0700) == 0)
    return TRUE;

  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "cannot make the folder %s", state_dir);
  return FALSE;
}

int
main (int argc, char **argv)
{
  ScSandboxOptions options = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GMainLoop) loop = NULL;
  g_autoptr (ScSandbox) sandbox = NULL;

  setlocale (LC_ALL, "");
  if (!parse_options (&argc, &argv, &options, &error))
    {
      g_printerr ("sikka-sandbox: %s\nTry 'sikka-sandbox --help'.\n", error->message);
      return EXIT_USAGE;
    }
  if (make_state_dir (options.state_dir, &error))
    sandbox = sc_sandbox_new (&options, &error);
  if (sandbox == NULL)
    {
      g_printerr ("sikka-sandbox: %s\n", error->message);
      return EXIT_FAILURE;
    }

  loop = g_main_loop_new (NULL, FALSE);
  sc_sandbox_quit_watch (loop);
  g_print ("sandbox ready at %s\n", sc_sandbox_get_url (sandbox));
  fflush (stdout);
  g_main_loop_run (loop);

  return EXIT_SUCCESS;
}
