// SPDX-License-Identifier: MIT
// What the authorization server remembers: requests, codes, grants and their tokens.

#pragma once

#include "sc-sandbox.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/** SC_SANDBOX_ACCESS_LIFETIME: seconds that an access token lives. */
#define SC_SANDBOX_ACCESS_LIFETIME 3600

/** ScSandboxAuthorization: an authorization request that was found good (RFC 6749 §4.1.1) */
typedef struct
{
  char *client_id;
  char *redirect_uri;
  char *scope;
  char *code_challenge;
  char *state; /* (nullable) */
} ScSandboxAuthorization;

/** ScSandboxGrant: what somebody allowed a client, and for which practice */
typedef struct
{
  char *id;
  char *client_id;
  char *scope;
  char *account;
  char *office_id;     /* (nullable) */
  char *practice_name; /* (nullable) */
  char *pms_type;      /* (nullable) */
} ScSandboxGrant;

/** ScSandboxTokens: the tokens of one answer */
typedef struct
{
  char *access_token;
  char *refresh_token; /* (nullable): without scope offline_access there is none */
} ScSandboxTokens;

void sc_sandbox_authorization_free (ScSandboxAuthorization *self);
void sc_sandbox_grant_free (ScSandboxGrant *self);
void sc_sandbox_tokens_clear (ScSandboxTokens *self);

ScSandboxGrants *sc_sandbox_grants_new (const char *state_dir, GError **error);
void sc_sandbox_grants_free (ScSandboxGrants *self);

/**
 * sc_sandbox_grants_add_request:
 *
 * Returns: (transfer full): an id under which the request waits for the person's answer
 */
char *sc_sandbox_grants_add_request (ScSandboxGrants *self, const ScSandboxAuthorization *request);

/**
 * sc_sandbox_grants_take_request:
 *
 * Returns: (transfer full) (nullable): the request @id, which is forgotten
 */
ScSandboxAuthorization *sc_sandbox_grants_take_request (ScSandboxGrants *self, const char *id);

/**
 * sc_sandbox_grants_add_code:
 * @grant: account and practice of the grant that the code will open; its id is not used
 *
 * Returns: (transfer full): an authorization code
 */
char *sc_sandbox_grants_add_code (ScSandboxGrants *self,
                                  const ScSandboxAuthorization *request,
                                  const ScSandboxGrant *grant,
                                  gint64 now);

/**
 * sc_sandbox_grants_take_code:
 * @request: (out) (transfer full): the request that it was issued for
 *
 * A code works once. Its second use ends the grant of its first (RFC 6749 §4.1.2).
 *
 * Returns: (transfer full) (nullable): the grant that the code opens
 */
ScSandboxGrant *sc_sandbox_grants_take_code (ScSandboxGrants *self,
                                             const char *code,
                                             gint64 now,
                                             ScSandboxAuthorization **request);

/**
 * sc_sandbox_grants_open:
 * @code: the code that @grant came from
 *
 * Stores @grant and issues its first tokens.
 */
void sc_sandbox_grants_open (ScSandboxGrants *self,
                             const char *code,
                             const ScSandboxGrant *grant,
                             gint64 now,
                             ScSandboxTokens *tokens);

/**
 * sc_sandbox_grants_refresh:
 * @strict: the presented token ends at once
 * @tokens: (out caller-allocates): the new tokens
 *
 * Rotation. A refresh token stays good until its successor, or an access token issued with it, is
 * used for the first time; presented after that it ends the whole grant.
 *
 * Returns: (transfer full) (nullable): the grant of @refresh_token, %NULL when it is not good
 */
ScSandboxGrant *sc_sandbox_grants_refresh (ScSandboxGrants *self,
                                           const char *refresh_token,
                                           const char *client_id,
                                           gboolean strict,
                                           gint64 now,
                                           ScSandboxTokens *tokens);

/**
 * sc_sandbox_grants_authenticate:
 *
 * Returns: (transfer full) (nullable): the grant of @access_token, %NULL when it is not good
 */
ScSandboxGrant *
sc_sandbox_grants_authenticate (ScSandboxGrants *self, const char *access_token, gint64 now);

/**
 * sc_sandbox_grants_revoke:
 * @token: any token; one that is not known or another client's changes nothing (RFC 7009 §2.2)
 *
 * A refresh token takes its grant along, an access token goes alone.
 */
void sc_sandbox_grants_revoke (ScSandboxGrants *self, const char *token, const char *client_id);

/**
 * sc_sandbox_grants_describe:
 *
 * Returns: (transfer full): the live grants: [{id, account, refreshTokens}], ids hashed
 */
JsonArray *sc_sandbox_grants_describe (ScSandboxGrants *self);

/** sc_sandbox_grants_clear: forgets everything */
void sc_sandbox_grants_clear (ScSandboxGrants *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScSandboxAuthorization, sc_sandbox_authorization_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScSandboxGrant, sc_sandbox_grant_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScSandboxGrants, sc_sandbox_grants_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ScSandboxTokens, sc_sandbox_tokens_clear)

G_END_DECLS
