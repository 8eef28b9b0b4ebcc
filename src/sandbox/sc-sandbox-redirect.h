// SPDX-License-Identifier: MIT
// Redirect URIs: which ones are registered, and what is added to them.

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * sc_sandbox_redirect_is_loopback:
 * @uri: (nullable): a redirect URI
 *
 * Whether @uri is http://127.0.0.1/callback or http://[::1]/callback, compared as text except for
 * a port, which may be any (RFC 8252 §7.3, RFC 6749 §3.1.2.3).
 */
gboolean sc_sandbox_redirect_is_loopback (const char *uri);

/**
 * sc_sandbox_redirect_build:
 * @uri: where to
 * @...: names and nullable values of parameters, ended by %NULL; those without a value are left out
 *
 * Returns: (transfer full): @uri with the parameters in its query
 */
char *sc_sandbox_redirect_build (const char *uri, ...) G_GNUC_NULL_TERMINATED;

G_END_DECLS
