// SPDX-License-Identifier: MIT
// The run of one command: its loop, the agent, what ends it.

#pragma once

#include "sc-ctl-agent.h"
#include "sc-ctl-exit.h"
#include "sc-ctl-options.h"

G_BEGIN_DECLS

/**
 * ScCtl:
 * @options: what was typed
 * @agent: the agent
 * @cancellable: for every call; cancelled when the person asks to stop
 *
 * The other members belong to sc-ctl.c.
 */
struct _ScCtl
{
  const ScCtlOptions *options;
  ScAgent1 *agent;
  GCancellable *cancellable;

  GMainLoop *loop;
  ScCtlExit exit;
  gboolean ended;
  void (*interrupted) (ScCtl *ctl);
  gpointer data;
  GDestroyNotify data_free;
};

/**
 * sc_ctl_run:
 * @options: what was typed, with a command
 *
 * Runs the command until it has ended.
 *
 * Returns: the program's exit status
 */
ScCtlExit sc_ctl_run (const ScCtlOptions *options);

/**
 * sc_ctl_set_data:
 * @ctl: the run
 * @data: what the command remembers between its steps
 * @data_free: frees it after the run
 */
void sc_ctl_set_data (ScCtl *ctl, gpointer data, GDestroyNotify data_free);

/**
 * sc_ctl_set_interrupted:
 * @ctl: the run
 * @interrupted: called at the first Ctrl-C in place of giving up at once; a second one ends the run
 */
void sc_ctl_set_interrupted (ScCtl *ctl, void (*interrupted) (ScCtl *ctl));

/** sc_ctl_finish: ends the run; only the first call counts */
void sc_ctl_finish (ScCtl *ctl, ScCtlExit exit);

/**
 * sc_ctl_fail:
 * @ctl: the run
 * @error: what a call to the agent came back with
 *
 * Explains it, on standard error or as JSON, and ends the run with the exit status that belongs to
 * it.
 */
void sc_ctl_fail (ScCtl *ctl, const GError *error);

/**
 * sc_ctl_fail_with_id:
 * @ctl: the run
 * @id: the stable id of what went wrong
 * @detail: technical, cleaned, or ""
 * @reference: the reference, or ""
 */
void sc_ctl_fail_with_id (ScCtl *ctl, const char *id, const char *detail, const char *reference);

/** sc_ctl_exit_for_error: Returns: the exit status of a command that ended with the error @id */
ScCtlExit sc_ctl_exit_for_error (const char *id);

G_END_DECLS
