// SPDX-License-Identifier: MIT
// The commands: one row each, in the order of `sikkactl --help`.

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ScCtl ScCtl;
typedef struct _ScCtlOptions ScCtlOptions;

/**
 * ScCtlCommand:
 * @name: what is typed
 * @summary: (transfer none): one sentence for --help, marked for translation
 * @run: starts it when the agent answers; ends by sc_ctl_finish() or sc_ctl_fail(), now or later
 */
typedef struct
{
  const char *name;
  const char *summary;
  void (*run) (ScCtl *ctl);
} ScCtlCommand;

/**
 * sc_ctl_command_list:
 * @n_commands: (out): how many
 *
 * Returns: (array length=n_commands) (transfer none): all commands
 */
const ScCtlCommand *sc_ctl_command_list (gsize *n_commands);

/**
 * sc_ctl_command_find:
 * @name: what was typed
 *
 * Returns: (nullable) (transfer none): the command
 */
const ScCtlCommand *sc_ctl_command_find (const char *name);

void sc_ctl_status_run (ScCtl *ctl);
void sc_ctl_connect_run (ScCtl *ctl);
void sc_ctl_check_run (ScCtl *ctl);
void sc_ctl_disconnect_run (ScCtl *ctl);
void sc_ctl_spu_run (ScCtl *ctl);
void sc_ctl_log_run (ScCtl *ctl);
void sc_ctl_reports_run (ScCtl *ctl);
void sc_ctl_preflight_run (ScCtl *ctl);

G_END_DECLS
