// SPDX-License-Identifier: MIT
// The health lights, as the agent lists them, for people and for JSON.

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * sc_ctl_light_print_all:
 * @state: the agent's properties
 * @now: seconds since 1970
 * @only_bad: leave out what is ok or not known
 *
 * Each with a shape and a word, its age, what was seen, and the one next step.
 */
void sc_ctl_light_print_all (GVariant *state, gint64 now, gboolean only_bad);

/** sc_ctl_light_add_all: member "lights" */
void sc_ctl_light_add_all (JsonBuilder *builder, GVariant *state);

/** sc_ctl_light_find_advice: Returns: (transfer none) (nullable): the translated sentence for the
 *  advice of a light, %NULL for one that this program does not know */
const char *sc_ctl_light_find_advice (const char *advice);

G_END_DECLS
