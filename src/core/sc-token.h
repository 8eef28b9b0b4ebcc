// SPDX-License-Identifier: MIT
// Tokens: the access token with its expiry, and the token endpoint's answers (RFC 6749 §5).

#pragma once

#include "sc-practice.h"
#include "sc-secret-string.h"

G_BEGIN_DECLS

/**
 * ScToken:
 * @access_token: the bearer token
 * @expires_at: seconds since 1970 by this PC's clock, 0 when the server did not say
 * @refresh_token: (nullable): the refresh token, at most 2,000 bytes
 * @scope: (nullable): the granted scope
 * @practice: (nullable): member "practice" {officeId, name, pmsType} of the answer
 */
typedef struct
{
  ScSecretString *access_token;
  gint64 expires_at;
  ScSecretString *refresh_token;
  char *scope;
  ScPractice *practice;
} ScToken;

void sc_token_free (ScToken *self);
/** sc_token_copy: Returns: (transfer full): a copy that shares the secrets */
ScToken *sc_token_copy (const ScToken *self);

/**
 * sc_token_parse:
 * @text: (array length=length): the body of a 200 answer
 * @length: its size in bytes
 * @now: seconds since 1970
 * @error: return location
 *
 * token_type must be Bearer (any case). expires_in may be a number or, as some servers send it,
 * digits in a string. A refresh token longer than 2,000 bytes is refused: it would not fit every
 * keyring.
 *
 * Errors: %SC_ERROR_OAUTH_TOKEN, naming the member and never its value.
 *
 * Returns: (transfer full): the token
 */
ScToken *sc_token_parse (const char *text, gsize length, gint64 now, GError **error);

/**
 * sc_token_is_fresh:
 * @self: (nullable): a token
 * @now: seconds since 1970
 *
 * Whether @self can still be used: more than 60 seconds left, or no expiry known.
 */
gboolean sc_token_is_fresh (const ScToken *self, gint64 now);

/**
 * sc_token_parse_error:
 * @text: (array length=length): the body of an error answer of a token or revocation endpoint
 * @length: its size in bytes
 * @http_status: its status
 *
 * Returns: (transfer full): %SC_ERROR_OAUTH_GRANT for invalid_grant, %SC_ERROR_OAUTH_CLIENT for
 *   invalid_client and unauthorized_client, %SC_ERROR_CLOUD_RATE_LIMITED for 429,
 *   %SC_ERROR_CLOUD_UNAVAILABLE for 5xx, else %SC_ERROR_OAUTH_SERVER; error_description is never
 *   quoted
 */
GError *sc_token_parse_error (const char *text, gsize length, guint http_status);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScToken, sc_token_free)

G_END_DECLS
