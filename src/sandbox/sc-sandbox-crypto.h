// SPDX-License-Identifier: MIT
// The little cryptography that the sandbox needs, written apart from the companion's own.

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** SC_SANDBOX_CRYPTO_KEY_SIZE: bytes of a signing key. */
#define SC_SANDBOX_CRYPTO_KEY_SIZE 32

/**
 * sc_sandbox_crypto_create_token:
 *
 * Returns: (transfer full): 256 random bits in base64url: a code, a token, a nonce
 */
char *sc_sandbox_crypto_create_token (void);

/**
 * sc_sandbox_crypto_create_key:
 *
 * Returns: (transfer full): 32 random letters and digits, the shape of Sikka's keys
 */
char *sc_sandbox_crypto_create_key (void);

/**
 * sc_sandbox_crypto_encode:
 *
 * Returns: (transfer full): base64url without padding (RFC 7636 appendix A)
 */
char *sc_sandbox_crypto_encode (const guint8 *bytes, gsize length);

/**
 * sc_sandbox_crypto_decode:
 * @text: base64url without padding
 *
 * Returns: (transfer full) (nullable): the text behind it, %NULL when it is not text
 */
char *sc_sandbox_crypto_decode (const char *text);

/**
 * sc_sandbox_crypto_hash:
 *
 * Returns: (transfer full): SHA-256 of @text in hexadecimal; what is stored in place of a token
 */
char *sc_sandbox_crypto_hash (const char *text);

/**
 * sc_sandbox_crypto_challenge:
 *
 * Returns: (transfer full): the S256 code_challenge of @code_verifier (RFC 7636 §4.2)
 */
char *sc_sandbox_crypto_challenge (const char *code_verifier);

/**
 * sc_sandbox_crypto_sign:
 *
 * Returns: (transfer full): HMAC-SHA-256 of @text in base64url
 */
char *sc_sandbox_crypto_sign (const guint8 key[SC_SANDBOX_CRYPTO_KEY_SIZE], const char *text);

/**
 * sc_sandbox_crypto_equal:
 *
 * Returns: whether the two texts are the same, in a time that does not tell where they differ
 */
gboolean sc_sandbox_crypto_equal (const char *a, const char *b);

G_END_DECLS
