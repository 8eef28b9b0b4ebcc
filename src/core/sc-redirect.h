// SPDX-License-Identifier: MIT
// The authorization response in the query of the redirect (RFC 6749 §4.1.2, RFC 9207).

#pragma once

#include "sc-secret-string.h"

G_BEGIN_DECLS

/**
 * ScRedirect:
 * @code: (nullable): the authorization_code
 * @oauth_error: (nullable): the server's error, e.g. "access_denied"; [a-z_] only
 * @issuer: (nullable): the iss parameter
 *
 * Exactly one of @code and @oauth_error is set.
 */
typedef struct
{
  ScSecretString *code;
  char *oauth_error;
  char *issuer;
} ScRedirect;

void sc_redirect_free (ScRedirect *self);

/**
 * sc_redirect_parse:
 * @query: (nullable): the raw query, still percent-encoded, without the "?"
 * @state: the state of the one transaction that waits
 * @error: return location
 *
 * Splits the query first and decodes afterwards, so that %26 and %3D cannot inject a parameter. A
 * repeated code, state, iss, error, a NUL or bad UTF-8 in any of them is refused; other parameters
 * are ignored. state is compared in constant time before anything else is believed, error included.
 *
 * Errors: %SC_ERROR_OAUTH_STATE (missing or wrong; the flow goes on), %SC_ERROR_OAUTH_REDIRECT
 * (malformed, or neither or both of code and error; the flow goes on too).
 *
 * Returns: (transfer full): the parsed answer
 */
ScRedirect *sc_redirect_parse (const char *query, const ScSecretString *state, GError **error);

/**
 * sc_redirect_check_issuer:
 * @self: an answer
 * @issuer: the issuer that the transaction began with
 * @iss_required: the server advertises authorization_response_iss_parameter_supported
 * @error: return location
 *
 * RFC 9207 §2.4, for error answers too. Errors: %SC_ERROR_OAUTH_ISSUER.
 */
gboolean sc_redirect_check_issuer (const ScRedirect *self,
                                   const char *issuer,
                                   gboolean iss_required,
                                   GError **error);

/**
 * sc_redirect_check_answer:
 * @self: an answer
 * @error: return location
 *
 * Whether @self carries a code. Errors: %SC_ERROR_OAUTH_DENIED for access_denied,
 * %SC_ERROR_OAUTH_CLIENT for unauthorized_client and invalid_client, else %SC_ERROR_OAUTH_SERVER.
 */
gboolean sc_redirect_check_answer (const ScRedirect *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScRedirect, sc_redirect_free)

G_END_DECLS
