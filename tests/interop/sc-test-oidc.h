// SPDX-License-Identifier: MIT
// A certified authorization server, provider.mjs, as a process of a test, and the browser that
// people sign in with there.

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ScTestOidc ScTestOidc;

/**
 * sc_test_oidc_start:
 * @option: (nullable): of provider.mjs
 *
 * Returns: (transfer full): the server, once it listens
 */
ScTestOidc *sc_test_oidc_start (const char *option);
void sc_test_oidc_stop (ScTestOidc *self);

/** sc_test_oidc_get_url: Returns: (transfer none): "http://127.0.0.1:PORT" */
const char *sc_test_oidc_get_url (ScTestOidc *self);

/** sc_test_oidc_count: @method_and_path: e.g. "POST /token". Returns: how many it had */
gint64 sc_test_oidc_count (ScTestOidc *self, const char *method_and_path);

/**
 * sc_test_oidc_decide:
 * @authorization_url: what the program would open
 * @decision: "allow" or "deny", on every page that asks
 *
 * A browser that was never there before, with cookies. The redirect that leaves the server is not
 * followed.
 *
 * Returns: (transfer full) (nullable): where that leads; %NULL when it came to a page with an
 * error
 */
char *sc_test_oidc_decide (const char *authorization_url, const char *decision);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScTestOidc, sc_test_oidc_stop)

G_END_DECLS
