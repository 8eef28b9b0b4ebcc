// SPDX-License-Identifier: MIT
// The connection in a few sentences, for `status` and `check`.

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * sc_ctl_summary_print:
 * @state: the agent's properties
 * @now: seconds since 1970
 *
 * What the state is, what went wrong and who acts, when it was checked, the reference.
 */
void sc_ctl_summary_print (GVariant *state, gint64 now);

/** sc_ctl_summary_add: the members that `status`, `check` and `connect` have in common */
void sc_ctl_summary_add (JsonBuilder *builder, GVariant *state);

/**
 * sc_ctl_summary_get_message:
 * @id: a message id of the agent, see the property MessageId
 *
 * Returns: (transfer none) (nullable): the translated sentence, %NULL for an id that is not known;
 *   those of "connected" and "attention" are for printf() with one %s, the practice
 */
const char *sc_ctl_summary_get_message (const char *id);

G_END_DECLS
