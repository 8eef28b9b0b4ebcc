// SPDX-License-Identifier: MIT
// sikka-companion-agent: the command line.

#define G_LOG_DOMAIN "sc-agent"

#include "config.h"
#include "sc-agent.h"
#include "sc-cloud-token.h"
#include "sc-system.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <string.h>

static gboolean show_version;
static gboolean store_cloud_token;

static const GOptionEntry entries[] = {
  { "store-cloud-token", 0, 0, G_OPTION_ARG_NONE, &store_cloud_token,
    N_ ("Store a token for reports, read from standard input, and exit"), NULL },
  { "version", 0, 0, G_OPTION_ARG_NONE, &show_version, N_ ("Show the version and exit"), NULL },
  G_OPTION_ENTRY_NULL
};

/* Read once, and gone from the environment before anything can be started: no child inherits it.
 * The bytes are overwritten where the system put them, else /proc would show them on. */
static ScSecretString *
take_from_environment (const char *name)
{
  char *value = (char *) g_getenv (name);
  ScSecretString *secret;

  if (value == NULL || *value == '\0')
    return NULL;
  secret = sc_secret_string_new (value);
  sc_secret_wipe (value, strlen (value));
  g_unsetenv (name);
  return secret;
}

static gboolean
parse_options (int *argc, char ***argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  g_option_context_set_summary (context,
                                _ ("Keeps the connection between this practice and its service."));
  g_option_context_add_main_entries (context, entries, SC_GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, argc, argv, &error))
    {
      g_printerr ("sikka-companion-agent: %s\n", error->message);
      return FALSE;
    }
  if (*argc > 1)
    {
      g_printerr (_ ("sikka-companion-agent: \"%s\" is not understood.\n"), (*argv)[1]);
      return FALSE;
    }
  return TRUE;
}

static int
run_agent (ScSecretString *app_id, ScSecretString *app_key)
{
  g_autoptr (ScAgent) agent = sc_agent_new (app_id, app_key);
  g_autoptr (GError) error = NULL;

  if (!g_application_register (G_APPLICATION (agent), NULL, &error))
    {
      g_printerr ("sikka-companion-agent: %s\n", error->message);
      return 1;
    }
  if (!sc_agent_has_bus (agent))
    {
      g_printerr ("%s\n", _ ("sikka-companion-agent: there is no session bus to serve."));
      return 1;
    }
  return g_application_run (G_APPLICATION (agent), 0, NULL);
}

int
main (int argc, char **argv)
{
  ScSecretString *app_id = take_from_environment ("SIKKA_APP_ID");
  ScSecretString *app_key = take_from_environment ("SIKKA_APP_KEY");

  sc_system_harden ();
  setlocale (LC_ALL, "");
  bindtextdomain (SC_GETTEXT_PACKAGE, SC_LOCALE_DIR);
  bind_textdomain_codeset (SC_GETTEXT_PACKAGE, "UTF-8");
  textdomain (SC_GETTEXT_PACKAGE);
  g_set_prgname ("sikka-companion-agent");

  if (!parse_options (&argc, &argv))
    return 2;
  if (show_version)
    {
      g_print ("sikka-companion-agent %s\n", SC_VERSION);
      return 0;
    }
  if (store_cloud_token)
    return sc_cloud_token_store ();
  return run_agent (app_id, app_key);
}
