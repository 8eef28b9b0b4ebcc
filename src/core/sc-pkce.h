// SPDX-License-Identifier: MIT
// Proof Key for Code Exchange, S256 only (RFC 7636), and the state value of the same shape.

#pragma once

#include "sc-secret-string.h"

G_BEGIN_DECLS

/** SC_PKCE_RANDOM_SIZE: random bytes behind a code_verifier and behind a state (RFC 7636 §4.1,
 *  §7.1). */
#define SC_PKCE_RANDOM_SIZE 32

/**
 * sc_pkce_encode:
 * @bytes: (array length=length): bytes
 * @length: how many
 *
 * Returns: (transfer full): base64url without padding (RFC 7636 appendix A)
 */
char *sc_pkce_encode (const guint8 *bytes, gsize length);

/**
 * sc_pkce_create_verifier:
 * @random: %SC_PKCE_RANDOM_SIZE bytes from the system's generator
 *
 * Returns: (transfer full): a code_verifier, or a state value, of 43 characters
 */
ScSecretString *sc_pkce_create_verifier (const guint8 random[SC_PKCE_RANDOM_SIZE]);

/**
 * sc_pkce_compute_challenge:
 * @code_verifier: the verifier
 *
 * Returns: (transfer full): BASE64URL (SHA256 (ASCII (code_verifier))), the S256 challenge of §4.2
 */
char *sc_pkce_compute_challenge (const ScSecretString *code_verifier);

G_END_DECLS
