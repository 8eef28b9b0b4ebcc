// SPDX-License-Identifier: MIT
// What the keyring holds: one versioned JSON object with the long-lived secrets and the identity.

#pragma once

#include "sc-practice.h"
#include "sc-secret-string.h"

G_BEGIN_DECLS

/** SC_CREDENTIAL_MAX_SIZE: bytes of one keyring item, Credential Manager's limit. */
#define SC_CREDENTIAL_MAX_SIZE 2560

/**
 * ScCredential:
 * @id: a random id of this grant, not secret; what the journal may know of it
 * @provider: "cloud" or "sikka"
 * @issuer: the issuer, or the API's base URL for "sikka"
 * @client_id: the client id, "" for "sikka"
 * @refresh_token: the refresh token; Sikka's refresh_key for "sikka"
 * @request_key: (nullable): Sikka's request_key, "sikka" only
 * @request_key_expires: seconds since 1970, 0 when there is none
 * @scope: (nullable): the granted scope
 * @obtained: seconds since 1970
 * @practice: (nullable): the practice that it belongs to
 */
typedef struct
{
  char *id;
  char *provider;
  char *issuer;
  char *client_id;
  ScSecretString *refresh_token;
  ScSecretString *request_key;
  gint64 request_key_expires;
  char *scope;
  gint64 obtained;
  ScPractice *practice;
} ScCredential;

ScCredential *sc_credential_new (const char *id, const char *provider, const char *issuer);
ScCredential *sc_credential_copy (const ScCredential *self);
void sc_credential_free (ScCredential *self);

/**
 * sc_credential_serialize:
 * @self: a credential
 * @error: return location
 *
 * Errors: %SC_ERROR_STORE_TOO_LARGE when it passes %SC_CREDENTIAL_MAX_SIZE.
 *
 * Returns: (transfer full): the JSON text {"v":1,…}
 */
ScSecretString *sc_credential_serialize (const ScCredential *self, GError **error);

/**
 * sc_credential_parse:
 * @text: the JSON text
 * @error: return location
 *
 * Members that are not known are ignored. Errors: %SC_ERROR_STORE_DAMAGED, also for another "v".
 *
 * Returns: (transfer full): the credential
 */
ScCredential *sc_credential_parse (const ScSecretString *text, GError **error);

/**
 * sc_credential_get_account:
 * @self: a credential
 *
 * Returns: (transfer full): the account that reports belong to: "issuer|office_id". Stays the same
 * when
 *   the same practice is connected again.
 */
char *sc_credential_get_account (const ScCredential *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScCredential, sc_credential_free)

G_END_DECLS
