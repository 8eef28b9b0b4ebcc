// SPDX-License-Identifier: MIT
// The cloud as a client of Sikka's API: real requests to the sandbox's own port.

#pragma once

#include "sc-sandbox.h"

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _ScSandboxSikkaClient ScSandboxSikkaClient;

/**
 * ScSandboxReply: what Sikka answered
 * @body: (nullable): the JSON object, if there was one
 * @error: (nullable): what went wrong, for last_error; %NULL when nothing did
 * @error_code: (nullable): Sikka's code of it, e.g. "API1025"
 */
typedef struct
{
  JsonObject *body;
  char *error;
  char *error_code;
} ScSandboxReply;

void sc_sandbox_reply_free (ScSandboxReply *self);

/** sc_sandbox_reply_has_error: whether the answer is Sikka's error @code */
gboolean sc_sandbox_reply_has_error (const ScSandboxReply *self, const char *code);

/** sc_sandbox_reply_get: Returns: (transfer none) (nullable): a text member of the answer */
const char *sc_sandbox_reply_get (const ScSandboxReply *self, const char *name);

/** sc_sandbox_reply_get_items: Returns: (transfer none) (nullable): the items of a list */
JsonArray *sc_sandbox_reply_get_items (const ScSandboxReply *self);

ScSandboxSikkaClient *sc_sandbox_sikka_client_new (ScSandbox *sandbox);
void sc_sandbox_sikka_client_free (ScSandboxSikkaClient *self);

/**
 * sc_sandbox_sikka_client_send_async:
 * @path: with its query, e.g. "/v4/health_check?office_id=D10023"
 * @key_header: (nullable): "Request-Key" or "Refresh-Key", sent with @key
 * @body: (nullable) (transfer full): JSON to send
 *
 * Sends one request with the partner's app id and key.
 */
void sc_sandbox_sikka_client_send_async (ScSandboxSikkaClient *self,
                                         const char *method,
                                         const char *path,
                                         const char *key_header,
                                         const char *key,
                                         JsonObject *body,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);

/**
 * sc_sandbox_sikka_client_send_finish:
 *
 * Returns: (transfer full): the answer; a failed connection is an answer with an error, too
 */
ScSandboxReply *sc_sandbox_sikka_client_send_finish (GAsyncResult *result);

/**
 * sc_sandbox_sikka_client_create_grant:
 * @type: the grant_type
 * @name: name of the parameter that holds @value
 *
 * Returns: (transfer full): the body of POST /v4/request_key
 */
JsonObject *
sc_sandbox_sikka_client_create_grant (const char *type, const char *name, const char *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScSandboxReply, sc_sandbox_reply_free)

G_END_DECLS
