// SPDX-License-Identifier: MIT
// The agent's properties as they were read once. What is missing or of another type reads as empty:
// the agent may be older, and nothing that it says may bring this program down.

#pragma once

#include <glib.h>

#include "sc-ctl-exit.h"

G_BEGIN_DECLS

/**
 * sc_ctl_state_get_string:
 * @state: the properties, `a{sv}`
 * @property: a property of type s
 *
 * Returns: (transfer none): its value for as long as @state lives, or ""
 */
const char *sc_ctl_state_get_string (GVariant *state, const char *property);

/** sc_ctl_state_get_boolean: Returns: the value of a property of type b, or %FALSE */
gboolean sc_ctl_state_get_boolean (GVariant *state, const char *property);

/** sc_ctl_state_get_int64: Returns: the value of a property of type x, or 0 */
gint64 sc_ctl_state_get_int64 (GVariant *state, const char *property);

/**
 * sc_ctl_state_get_value:
 * @state: the properties
 * @property: a property
 * @type: what it must be
 *
 * Returns: (transfer full): the value, an empty one for an array that is missing, else %NULL
 */
GVariant *sc_ctl_state_get_value (GVariant *state, const char *property, const char *type);

/**
 * sc_ctl_state_get_status:
 *
 * Returns: (transfer none): "pending", "connecting", "connected", "failed", or "unknown" for this
 * and for every word that this program does not know
 */
const char *sc_ctl_state_get_status (GVariant *state);

/** sc_ctl_state_get_exit: Returns: what the status means as an exit status */
ScCtlExit sc_ctl_state_get_exit (GVariant *state);

/** sc_ctl_state_get_api_version: Returns: the version of the agent's interface */
guint sc_ctl_state_get_api_version (GVariant *state);

/**
 * sc_ctl_state_get_new_practice:
 * @state: the properties
 * @name: (out) (transfer full): its name
 * @pms: (out) (transfer full): its practice management system
 *
 * Returns: whether the agent asks if this other practice is right
 */
gboolean sc_ctl_state_get_new_practice (GVariant *state, char **name, char **pms);

G_END_DECLS
