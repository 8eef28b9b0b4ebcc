// SPDX-License-Identifier: MIT
// The commands: one row each, in the order of `sikkactl --help`.

#define G_LOG_DOMAIN "sc-ctl"

#include <glib/gi18n.h>

#include "sc-ctl-command.h"

static const ScCtlCommand commands[] = {
  { "status", N_ ("Show the connection as it was last seen; asks nobody."), sc_ctl_status_run },
  { "connect", N_ ("Connect this practice through the browser."), sc_ctl_connect_run },
  { "check", N_ ("Ask once whether the connection works."), sc_ctl_check_run },
  { "disconnect", N_ ("Disconnect this PC, or the whole practice."), sc_ctl_disconnect_run },
  { "spu", N_ ("Look for the SPU, Sikka's program, on this PC."), sc_ctl_spu_run },
  { "log", N_ ("Show, verify or export the activity log."), sc_ctl_log_run },
  { "reports", N_ ("List the reports that wait to be sent."), sc_ctl_reports_run },
  { "preflight", N_ ("See whether this PC is ready to connect."), sc_ctl_preflight_run },
};

const ScCtlCommand *
sc_ctl_command_list (gsize *n_commands)
{
  g_return_val_if_fail (n_commands != NULL, NULL);

  *n_commands = G_N_ELEMENTS (commands);
  return commands;
}

const ScCtlCommand *
sc_ctl_command_find (const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i].name, name))
      return &commands[i];

  return NULL;
}
