// SPDX-License-Identifier: MIT
// Proof Key for Code Exchange, S256 only (RFC 7636), and the state value of the same shape.

#define G_LOG_DOMAIN "sc-core"

#include "sc-pkce.h"

#include <string.h>

char *
sc_pkce_encode (const guint8 *bytes, gsize length)
{
  char *text = NULL;

  g_return_val_if_fail (bytes != NULL || length == 0, NULL);

  text = g_base64_encode (bytes, length);
  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';
  return text;
}

ScSecretString *
sc_pkce_create_verifier (const guint8 random[SC_PKCE_RANDOM_SIZE])
{
  g_return_val_if_fail (random != NULL, NULL);

  return sc_secret_string_new_take (sc_pkce_encode (random, SC_PKCE_RANDOM_SIZE));
}

char *
sc_pkce_compute_challenge (const ScSecretString *code_verifier)
{
  g_autoptr (GChecksum) checksum = NULL;
  guint8 digest[32];
  gsize length = sizeof digest;

  g_return_val_if_fail (code_verifier != NULL, NULL);

  checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_checksum_update (checksum, (const guchar *) sc_secret_string_peek (code_verifier),
                     (gssize) sc_secret_string_get_length (code_verifier));
  g_checksum_get_digest (checksum, digest, &length);
  return sc_pkce_encode (digest, length);
}
