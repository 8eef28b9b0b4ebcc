// SPDX-License-Identifier: MIT
// The little cryptography that the sandbox needs, written apart from the companion's own.

#define G_LOG_DOMAIN "sc-sandbox"

#include "sc-sandbox-crypto.h"

#include "sc-sandbox-random.h"

#include <string.h>

#define SHA256_SIZE 32

char *
sc_sandbox_crypto_encode (const guint8 *bytes, gsize length)
{
  char *text = g_base64_encode (bytes, length);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';

  return text;
}

char *
sc_sandbox_crypto_decode (const char *text)
{
  g_autoptr (GString) base64 = g_string_new (text);
  g_autofree guint8 *bytes = NULL;
  gsize length;

  g_return_val_if_fail (text != NULL, NULL);

  g_strdelimit (base64->str, "-", '+');
  g_strdelimit (base64->str, "_", '/');
  while (base64->len % 4 != 0)
    g_string_append_c (base64, '=');
  bytes = g_base64_decode (base64->str, &length);
  if (!g_utf8_validate_len ((const char *) bytes, length, NULL))
    return NULL;

  return g_strndup ((const char *) bytes, length);
}

char *
sc_sandbox_crypto_create_token (void)
{
  guint8 bytes[32];

  sc_sandbox_random_fill (bytes, sizeof bytes);

  return sc_sandbox_crypto_encode (bytes, sizeof bytes);
}

char *
sc_sandbox_crypto_create_key (void)
{
  guint8 bytes[16];
  GString *key = g_string_new (NULL);

  sc_sandbox_random_fill (bytes, sizeof bytes);
  for (gsize i = 0; i < sizeof bytes; i++)
    g_string_append_printf (key, "%02x", bytes[i]);

  return g_string_free (key, FALSE);
}

char *
sc_sandbox_crypto_hash (const char *text)
{
  g_return_val_if_fail (text != NULL, NULL);

  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
}

char *
sc_sandbox_crypto_challenge (const char *code_verifier)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[SHA256_SIZE];
  gsize length = sizeof digest;

  g_return_val_if_fail (code_verifier != NULL, NULL);

  g_checksum_update (checksum, (const guint8 *) code_verifier, -1);
  g_checksum_get_digest (checksum, digest, &length);

  return sc_sandbox_crypto_encode (digest, length);
}

char *
sc_sandbox_crypto_sign (const guint8 key[SC_SANDBOX_CRYPTO_KEY_SIZE], const char *text)
{
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, key, SC_SANDBOX_CRYPTO_KEY_SIZE);
  guint8 digest[SHA256_SIZE];
  gsize length = sizeof digest;

  g_return_val_if_fail (text != NULL, NULL);

  g_hmac_update (hmac, (const guint8 *) text, -1);
  g_hmac_get_digest (hmac, digest, &length);

  return sc_sandbox_crypto_encode (digest, length);
}

gboolean
sc_sandbox_crypto_equal (const char *a, const char *b)
{
  gsize length;
  guint8 difference = 0;

  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  length = strlen (a);
  if (strlen (b) != length)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    difference |= (guint8) a[i] ^ (guint8) b[i];

  return difference == 0;
}
