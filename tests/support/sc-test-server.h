// SPDX-License-Identifier: MIT
// A server in the test's own main context with canned answers, for what the sandbox never says.

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ScTestServer ScTestServer;

/** sc_test_server_new: Returns: (transfer full): a server that listens; all it says is 404 */
ScTestServer *sc_test_server_new (void);
void sc_test_server_free (ScTestServer *self);

/** sc_test_server_get_url: Returns: (transfer none): "http://127.0.0.1:PORT" */
const char *sc_test_server_get_url (ScTestServer *self);

/**
 * sc_test_server_set_answer:
 * @method_and_path: e.g. "POST /oauth/token"
 * @status: from now on
 * @content_type: of @body
 * @body: in which every "@URL@" becomes the server's URL
 */
void sc_test_server_set_answer (ScTestServer *self,
                                const char *method_and_path,
                                guint status,
                                const char *content_type,
                                const char *body);

/** sc_test_server_set_header: a header of every answer from now on; %NULL @value for none */
void sc_test_server_set_header (ScTestServer *self, const char *name, const char *value);

/** sc_test_server_count: @method_and_path: (nullable): %NULL for all requests */
guint sc_test_server_count (ScTestServer *self, const char *method_and_path);

/** sc_test_server_get_body: Returns: (transfer none) (nullable): of the last such request */
const char *sc_test_server_get_body (ScTestServer *self, const char *method_and_path);

/** sc_test_server_get_header: Returns: (transfer none) (nullable): of the last such request */
const char *
sc_test_server_get_header (ScTestServer *self, const char *method_and_path, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScTestServer, sc_test_server_free)

G_END_DECLS
