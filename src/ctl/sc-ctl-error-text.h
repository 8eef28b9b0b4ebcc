// SPDX-License-Identifier: MIT
// The one table from an error's stable id to a person's text: what happened, who acts, what next.
// next.

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What can only go wrong on this side of D-Bus; ids of the agent are in the interface's
 * description. */
#define SC_CTL_ERROR_NOT_REACHABLE "agent-not-reachable"
#define SC_CTL_ERROR_ANSWER "agent-answer"
#define SC_CTL_ERROR_VERSION "agent-version"
#define SC_CTL_ERROR_EXPORT "export-failed"
#define SC_CTL_ERROR_NOT_CONFIRMED "not-confirmed"

/**
 * ScCtlErrorText:
 * @id: the stable id
 * @actor: "front-desk", "it", "sikka", "vendor"
 * @what: what happened, a sentence marked for translation
 * @next: the one next step, a sentence marked for translation
 */
typedef struct
{
  const char *id;
  const char *actor;
  const char *what;
  const char *next;
} ScCtlErrorText;

/**
 * sc_ctl_error_text_find:
 * @id: an error id
 *
 * Returns: (transfer none) (nullable): the row, %NULL for an id that this program does not know
 */
const ScCtlErrorText *sc_ctl_error_text_find (const char *id);

/**
 * sc_ctl_error_text_get:
 * @id: an error id
 *
 * Returns: (transfer none): the row; that of "failed" for an id that this program does not know
 */
const ScCtlErrorText *sc_ctl_error_text_get (const char *id);

/**
 * sc_ctl_error_text_get_actor:
 * @actor: who acts, as in the table or in a light
 *
 * Returns: (transfer none): a sentence for printf() with one %s, the next step; translated
 */
const char *sc_ctl_error_text_get_actor (const char *actor);

G_END_DECLS
