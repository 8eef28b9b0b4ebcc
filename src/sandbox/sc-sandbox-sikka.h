// SPDX-License-Identifier: MIT
// Sikka's API v4 in Sikka's shapes: strings everywhere, errors in bodies, 204 without one.

#pragma once

#include "sc-sandbox-practice.h"
#include "sc-sandbox-request.h"

G_BEGIN_DECLS

/** The partner app of the sandbox; invented, and worth nothing anywhere else. */
#define SC_SANDBOX_APP_ID "SANDBOX-APP-ID-NOT-REAL"
#define SC_SANDBOX_APP_KEY "SANDBOX-APP-KEY-NOT-REAL"

/** sc_sandbox_sikka_routes: the part is the sandbox's #ScSandboxSikka */
extern const ScSandboxRoute sc_sandbox_sikka_routes[];

ScSandboxSikka *sc_sandbox_sikka_new (const char *state_dir, GError **error);
void sc_sandbox_sikka_free (ScSandboxSikka *self);

/**
 * sc_sandbox_sikka_add_code:
 *
 * Returns: (transfer full): the code that Sikka's portal hands out when @office_id was allowed
 */
char *sc_sandbox_sikka_add_code (ScSandboxSikka *self, const char *office_id, gint64 now);

/** sc_sandbox_sikka_enter: what @scenario does once, at its beginning */
void sc_sandbox_sikka_enter (ScSandboxSikka *self, ScSandboxScenario scenario);

/** sc_sandbox_sikka_clear: forgets every code and key */
void sc_sandbox_sikka_clear (ScSandboxSikka *self);

/**
 * sc_sandbox_sikka_answer_error:
 * @code: e.g. "API1025"
 *
 * Sikka's error shape (http_code, http_code_desc, error_code, short_message, long_message,
 * more_information, all strings), which also reports the success of a command. Status 204 has no
 * body.
 */
void sc_sandbox_sikka_answer_error (ScSandboxRequest *request,
                                    guint status,
                                    const char *code,
                                    const char *message);

/**
 * sc_sandbox_sikka_answer:
 * @object: (transfer full): the body
 *
 * 200 with Sikka's rate limit headers.
 */
void sc_sandbox_sikka_answer (ScSandboxRequest *request, JsonObject *object);

/**
 * sc_sandbox_sikka_check_app:
 * @id: (nullable): an app id
 * @key: (nullable): an app key
 *
 * Answers with Sikka's error when they are not the partner's.
 *
 * Returns: whether they are
 */
gboolean sc_sandbox_sikka_check_app (ScSandboxRequest *request, const char *id, const char *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScSandboxSikka, sc_sandbox_sikka_free)

G_END_DECLS
