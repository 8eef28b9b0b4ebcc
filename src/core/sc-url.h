// SPDX-License-Identifier: MIT
// Which URLs the program talks to or opens: https, and http on loopback literals only.

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * sc_url_check:
 * @url: a URL from configuration or from a server
 * @error: return location
 *
 * Accepts an absolute https URL, or http with the host 127.0.0.1 or [::1] ("localhost" is no
 * literal, RFC 8252 §8.3), without user info, fragment, control characters or spaces.
 *
 * Errors: %SC_ERROR_NET_INSECURE for another scheme or plain http elsewhere,
 * %SC_ERROR_INVALID_ARGUMENT for what is no URL.
 */
gboolean sc_url_check (const char *url, GError **error);

/**
 * sc_url_join:
 * @base: a URL accepted by sc_url_check()
 * @path: an absolute path, e.g. "/api/pms/setup"
 *
 * Returns: (transfer full): @base without its trailing slashes, then @path
 */
char *sc_url_join (const char *base, const char *path);

/**
 * sc_url_redact:
 * @url: (nullable): any URL
 *
 * Returns: (transfer full): scheme, host, port and path only, for logs; "(no url)" when it is none
 */
char *sc_url_redact (const char *url);

/**
 * sc_url_add_query:
 * @url: a URL, perhaps with a query of its own, which is kept (RFC 6749 §3.1)
 * @...: name, value pairs of strings, ended by %NULL; a pair with a %NULL value is left out
 *
 * Returns: (transfer full): @url with the pairs appended, percent-encoded
 */
char *sc_url_add_query (const char *url, ...) G_GNUC_NULL_TERMINATED;

/**
 * sc_url_build_form:
 * @...: name, value pairs of strings, ended by %NULL; a pair with a %NULL value is left out
 *
 * Returns: (transfer full): an application/x-www-form-urlencoded body; free with sc_secret_free()
 */
char *sc_url_build_form (const char *first_name, ...) G_GNUC_NULL_TERMINATED;

/**
 * sc_url_has_origin:
 *
 * Whether @a and @b have the same scheme, host and port.
 */
gboolean sc_url_has_origin (const char *a, const char *b);

G_END_DECLS
