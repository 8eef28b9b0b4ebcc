// SPDX-License-Identifier: MIT
// The way to the agent: the one file that knows how it is found on this system's D-Bus.

#pragma once

#include "sc-agent1.h"

G_BEGIN_DECLS

/** SC_CTL_AGENT_API_VERSION: the version of the interface that this program was written for. */
#define SC_CTL_AGENT_API_VERSION 1

/**
 * sc_ctl_agent_connect_async:
 * @cancellable: (nullable): to give up
 * @callback: called when it is decided
 * @user_data: for @callback
 *
 * Reaches the agent, which the bus starts when it does not run yet.
 */
void sc_ctl_agent_connect_async (GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);

/** sc_ctl_agent_connect_finish: Returns: (transfer full): the agent */
ScAgent1 *sc_ctl_agent_connect_finish (GAsyncResult *result, GError **error);

/**
 * sc_ctl_agent_read_async:
 * @agent: the agent
 * @cancellable: (nullable): to give up
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Reads all properties as they are now. The proxy's own copy may be one signal behind: an agent
 * announces changes when it is idle, which is after it has answered a method.
 */
void sc_ctl_agent_read_async (ScAgent1 *agent,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);

/** sc_ctl_agent_read_finish: Returns: (transfer full): the properties, `a{sv}`, see sc-ctl-state.h
 */
GVariant *sc_ctl_agent_read_finish (GAsyncResult *result, GError **error);

/**
 * sc_ctl_agent_get_error_id:
 * @error: an error of a call to the agent
 *
 * `ca.parlae.SikkaCompanion.Error.OauthTimedOut` is "oauth-timed-out". What D-Bus itself reports is
 * "agent-not-reachable", an answer that does not fit the interface "agent-answer".
 *
 * Returns: (transfer full): the stable id
 */
char *sc_ctl_agent_get_error_id (const GError *error);

/**
 * sc_ctl_agent_get_detail:
 * @error: an error of a call to the agent
 *
 * Returns: (transfer full): its technical text, cleaned, without the name of the D-Bus error
 */
char *sc_ctl_agent_get_detail (const GError *error);

G_END_DECLS
