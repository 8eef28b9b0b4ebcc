// SPDX-License-Identifier: MIT
// The sandbox as a whole: one port, the parts behind it, and what they share.

#pragma once

#include "sc-sandbox-scenario.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _ScSandbox ScSandbox;
typedef struct _ScSandboxCloud ScSandboxCloud;
typedef struct _ScSandboxGrants ScSandboxGrants;
typedef struct _ScSandboxJournal ScSandboxJournal;
typedef struct _ScSandboxSikka ScSandboxSikka;

/**
 * ScSandboxOptions:
 * @port: 0 for one that the kernel picks
 * @state_dir: (nullable): an existing folder for the databases; %NULL keeps them in memory
 * @auto_approve: the portal clicks Allow itself
 * @scenario: what to start with
 * @tell_secrets: answer GET /sandbox/secrets, for tests that search for them
 * @public_url: (nullable): under which the authorization server and the cloud are reached when
 *   something stands in front of them; %NULL for their own URL
 */
typedef struct
{
  guint16 port;
  const char *state_dir;
  gboolean auto_approve;
  ScSandboxScenario scenario;
  gboolean tell_secrets;
  const char *public_url;
} ScSandboxOptions;

/**
 * sc_sandbox_new:
 *
 * Opens the databases and listens on 127.0.0.1.
 *
 * Errors: those of the databases and of soup_server_listen_local().
 *
 * Returns: (transfer full): the sandbox
 */
ScSandbox *sc_sandbox_new (const ScSandboxOptions *options, GError **error);
void sc_sandbox_free (ScSandbox *self);

/** sc_sandbox_get_url: Returns: (transfer none): http://127.0.0.1:PORT */
const char *sc_sandbox_get_url (ScSandbox *self);

/** sc_sandbox_get_public_url: Returns: (transfer none): what metadata and iss name */
const char *sc_sandbox_get_public_url (ScSandbox *self);

/** sc_sandbox_get_callback_url: Returns: (transfer none): where Sikka's portal sends the browser */
const char *sc_sandbox_get_callback_url (ScSandbox *self);

/** sc_sandbox_get_now: Returns: seconds since 1970, moved by POST /sandbox/clock */
gint64 sc_sandbox_get_now (ScSandbox *self);

/** sc_sandbox_advance_clock: from now on the sandbox lives @seconds later */
void sc_sandbox_advance_clock (ScSandbox *self, gint64 seconds);

/** sc_sandbox_format_time: Returns: (transfer full): ISO 8601 in UTC */
char *sc_sandbox_format_time (gint64 time);

gboolean sc_sandbox_get_auto_approve (ScSandbox *self);

ScSandboxScenario sc_sandbox_get_scenario (ScSandbox *self);
gboolean sc_sandbox_has_scenario (ScSandbox *self, ScSandboxScenario scenario);

/**
 * sc_sandbox_set_scenario:
 * @prefix: (nullable): where the scenarios that spoil answers do so; %NULL for the API
 *
 * Switches, and does what the scenario does once at its beginning.
 */
void sc_sandbox_set_scenario (ScSandbox *self, ScSandboxScenario scenario, const char *prefix);

/**
 * sc_sandbox_get_trouble_prefix:
 *
 * Returns: (transfer none) (nullable): as given to sc_sandbox_set_scenario()
 */
const char *sc_sandbox_get_trouble_prefix (ScSandbox *self);

/**
 * sc_sandbox_note_secret:
 * @kind: its name in OAuth or at Sikka, e.g. "refresh_token"
 * @value: (nullable): what was issued, or came in
 *
 * Keeps it for GET /sandbox/secrets; nothing unless the sandbox was told to.
 */
void sc_sandbox_note_secret (ScSandbox *self, const char *kind, const char *value);

/** sc_sandbox_get_secrets: Returns: (transfer none) (nullable): [{kind, value}], %NULL unless the
 *  sandbox was told to keep them */
JsonArray *sc_sandbox_get_secrets (ScSandbox *self);

ScSandboxGrants *sc_sandbox_get_grants (ScSandbox *self);
ScSandboxSikka *sc_sandbox_get_sikka (ScSandbox *self);
ScSandboxCloud *sc_sandbox_get_cloud (ScSandbox *self);
ScSandboxJournal *sc_sandbox_get_journal (ScSandbox *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScSandbox, sc_sandbox_free)

G_END_DECLS
