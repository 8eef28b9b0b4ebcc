// SPDX-License-Identifier: MIT
// sikkactl: the agent's commands for people at a terminal and for remote-monitoring tools.

#define G_LOG_DOMAIN "sc-ctl"

#include "config.h"

#include <locale.h>
#include <stdio.h>

#include <glib/gi18n.h>

#include "sc-ctl-console.h"
#include "sc-ctl-print.h"
#include "sc-ctl.h"

static void
init_locale (void)
{
  setlocale (LC_ALL, "");
  bindtextdomain (SC_GETTEXT_PACKAGE, SC_LOCALE_DIR);
  bind_textdomain_codeset (SC_GETTEXT_PACKAGE, "UTF-8");
  textdomain (SC_GETTEXT_PACKAGE);
}

/* A script must not take a list that was cut off by a full disk for the whole one. */
static ScCtlExit
flush (ScCtlExit exit)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return exit;

  sc_ctl_print_problem (_ ("The output could not be written."));
  return exit == SC_CTL_EXIT_OK ? SC_CTL_EXIT_FAILED : exit;
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) arguments = sc_ctl_console_get_arguments (argc, argv);
  g_autoptr (ScCtlOptions) options = NULL;
  g_autoptr (GError) error = NULL;

  init_locale ();
  g_set_prgname ("sikkactl");

  options = sc_ctl_options_parse ((const char *const *) arguments, &error);
  if (options == NULL)
    {
      sc_ctl_print_problem (error->message);
      sc_ctl_print_problem (_ ("\"sikkactl --help\" shows what can be asked."));
      return SC_CTL_EXIT_USAGE;
    }
  if (options->version)
    {
      g_print ("sikkactl %s\n", SC_VERSION);
      return flush (SC_CTL_EXIT_OK);
    }

  return flush (sc_ctl_run (options));
}
