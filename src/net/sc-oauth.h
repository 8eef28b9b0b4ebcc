// SPDX-License-Identifier: MIT
// What a public client sends to an authorization server, and how it takes a token answer in
// (RFC 6749, 7636, 7009). No requests are made here.

#pragma once

#include "sc-provider.h"

G_BEGIN_DECLS

/** sc_oauth_build_authorization_url: RFC 6749 §4.1.1, RFC 7636 §4.3; @endpoint keeps a query of
 *  its own. Returns: (transfer full): free with sc_secret_free() */
char *sc_oauth_build_authorization_url (const char *endpoint,
                                        const char *client_id,
                                        const char *scope,
                                        const ScTransaction *transaction);

/* Each form is an ScHttp body of #SC_OAUTH_FORM_TYPE; free with sc_secret_free(). The client id
 * stands in the body, since a public client has nothing to authenticate with (§3.2.1). */
#define SC_OAUTH_FORM_TYPE "application/x-www-form-urlencoded"

/** sc_oauth_build_exchange_form: RFC 6749 §4.1.3, RFC 7636 §4.5 */
char *sc_oauth_build_exchange_form (const char *client_id,
                                    const ScTransaction *transaction,
                                    const ScRedirect *redirect);
/** sc_oauth_build_refresh_form: RFC 6749 §6 */
char *sc_oauth_build_refresh_form (const ScCredential *credential);
/** sc_oauth_build_revocation_form: RFC 7009 §2.1 */
char *sc_oauth_build_revocation_form (const ScCredential *credential);

/**
 * sc_oauth_read_token:
 * @answer: of the token endpoint
 * @credential: takes over the refresh token, which then is in no other place, and the scope; keeps
 * what @answer does not name (RFC 6749 §5.1, §6)
 * @error: return location
 *
 * Errors: those of sc_token_parse() and sc_token_parse_error(); %SC_ERROR_OAUTH_TOKEN too when
 * @credential ends up without a refresh token.
 *
 * Returns: (transfer full): the access token
 */
ScToken *sc_oauth_read_token (const ScHttpAnswer *answer, ScCredential *credential, GError **error);

G_END_DECLS
