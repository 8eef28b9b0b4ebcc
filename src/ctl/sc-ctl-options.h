// SPDX-License-Identifier: MIT
// The command line as a value.

#pragma once

#include <glib.h>

#include "sc-ctl-command.h"

G_BEGIN_DECLS

/**
 * ScCtlOptions:
 * @command: what to do; %NULL when only the version is asked for
 * @version: print the version
 * @json: one JSON object instead of sentences
 * @no_browser: connect: leave it to the person to open the address
 * @timeout: connect: give up after so many seconds, 0 to leave it to the agent's limit
 * @accept_practice: (nullable): connect: the other practice that may be accepted without asking
 * @practice: disconnect: the whole practice, not only this PC
 * @yes: disconnect: do not ask
 * @verify: log: check the chain
 * @export_file: (nullable) (type filename): log: where to write it
 */
struct _ScCtlOptions
{
  const ScCtlCommand *command;
  gboolean version;
  gboolean json;
  gboolean no_browser;
  int timeout;
  char *accept_practice;
  gboolean practice;
  gboolean yes;
  gboolean verify;
  char *export_file;
};

/**
 * sc_ctl_options_parse:
 * @arguments: the command line, program name first
 * @error: return location; every error is one of usage, its message a translated sentence
 *
 * `--help` prints and exits, as all programs with GOption do.
 *
 * Returns: (transfer full): the options, %NULL on error
 */
ScCtlOptions *sc_ctl_options_parse (const char *const *arguments, GError **error);

/** sc_ctl_options_free: */
void sc_ctl_options_free (ScCtlOptions *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScCtlOptions, sc_ctl_options_free)

G_END_DECLS
