// SPDX-License-Identifier: MIT
// The agent as an application: puts the parts together, owns the bus name, ends in order.

#pragma once

#include "sc-secret-string.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/** SC_AGENT_BUS_NAME: the well-known name, also the application id. */
#define SC_AGENT_BUS_NAME "ca.parlae.SikkaCompanion.Agent"

#define SC_TYPE_AGENT (sc_agent_get_type ())
G_DECLARE_FINAL_TYPE (ScAgent, sc_agent, SC, AGENT, GApplication)

/**
 * sc_agent_new:
 * @app_id: (nullable) (transfer full): Sikka's app id, for provider "sikka" only
 * @app_key: (nullable) (transfer full): and its key
 *
 * Returns: (transfer full): the application; a second one on the same bus hands over to the first
 * and ends with status 0
 */
ScAgent *sc_agent_new (ScSecretString *app_id, ScSecretString *app_key);

/** sc_agent_has_bus: whether there is a session bus to serve; known once it is registered */
gboolean sc_agent_has_bus (ScAgent *self);

G_END_DECLS
