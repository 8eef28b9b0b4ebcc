// SPDX-License-Identifier: MIT
// What the sandbox answers: JSON, errors, redirects, pages, and bytes of its own making.

#pragma once

#include "sc-sandbox-request.h"

G_BEGIN_DECLS

/**
 * sc_sandbox_answer_json:
 * @object: (transfer full): the body
 */
void sc_sandbox_answer_json (ScSandboxRequest *request, guint status, JsonObject *object);

/**
 * sc_sandbox_answer_error:
 *
 * The error shape of RFC 6749 §5.2, used by the authorization server and by the cloud's API.
 */
void sc_sandbox_answer_error (ScSandboxRequest *request,
                              guint status,
                              const char *error,
                              const char *description);

/**
 * sc_sandbox_answer_unauthorized:
 * @challenge: the WWW-Authenticate header (RFC 6750 §3)
 *
 * As sc_sandbox_answer_error(), with status 401.
 */
void sc_sandbox_answer_unauthorized (ScSandboxRequest *request,
                                     const char *challenge,
                                     const char *error,
                                     const char *description);

/** sc_sandbox_answer_empty: a status without a body */
void sc_sandbox_answer_empty (ScSandboxRequest *request, guint status);

/** sc_sandbox_answer_redirect: 302 */
void sc_sandbox_answer_redirect (ScSandboxRequest *request, const char *url);

/** sc_sandbox_answer_page: an HTML page that loads and runs nothing */
void sc_sandbox_answer_page (ScSandboxRequest *request, guint status, const char *html);

/**
 * sc_sandbox_answer_problem_page:
 * @problem: what is wrong, for a person at a browser who cannot be sent on
 */
void sc_sandbox_answer_problem_page (ScSandboxRequest *request, const char *problem);

/** sc_sandbox_answer_set_header: adds or replaces a header of the answer */
void sc_sandbox_answer_set_header (ScSandboxRequest *request, const char *name, const char *value);

/**
 * sc_sandbox_answer_raw:
 * @bytes: a whole HTTP answer, good or bad
 *
 * Takes the connection from the server, writes @bytes and closes it.
 */
void sc_sandbox_answer_raw (ScSandboxRequest *request, GBytes *bytes);

/**
 * sc_sandbox_answer_never:
 *
 * Takes the connection from the server and keeps it, silent, until the client closes it.
 */
void sc_sandbox_answer_never (ScSandboxRequest *request);

/**
 * sc_sandbox_json_new:
 * @...: names and nullable text values, ended by %NULL; those without a value are left out
 *
 * Returns: (transfer full): an object of strings
 */
JsonObject *sc_sandbox_json_new (const char *name, ...) G_GNUC_NULL_TERMINATED;

/**
 * sc_sandbox_json_get:
 *
 * Returns: (transfer none) (nullable): text member @name; %NULL when it is absent or no text
 */
const char *sc_sandbox_json_get (JsonObject *object, const char *name);

/** sc_sandbox_json_to_text: Returns: (transfer full): compact JSON */
char *sc_sandbox_json_to_text (JsonObject *object);

G_END_DECLS
