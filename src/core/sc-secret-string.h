// SPDX-License-Identifier: MIT
// The only carrier of tokens, codes, verifiers, keys and state values. Wipes itself, has no printf
// form.

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SC_TYPE_SECRET_STRING (sc_secret_string_get_type ())

/**
 * ScSecretString:
 *
 * A reference-counted, immutable, NUL-terminated string whose memory is overwritten when the last
 * reference goes. Not thread-safe beyond the counting.
 */
typedef struct _ScSecretString ScSecretString;

GType sc_secret_string_get_type (void);

/**
 * sc_secret_string_new:
 * @text: the secret; copied
 *
 * Returns: (transfer full): a new secret
 */
ScSecretString *sc_secret_string_new (const char *text);

/**
 * sc_secret_string_new_len:
 * @bytes: (array length=length): the secret, without a NUL inside; copied
 * @length: its length in bytes
 *
 * Returns: (transfer full): a new secret
 */
ScSecretString *sc_secret_string_new_len (const char *bytes, gsize length);

/**
 * sc_secret_string_new_take:
 * @text: (transfer full): the secret, from g_malloc(); wiped and freed here
 *
 * Returns: (transfer full): a new secret
 */
ScSecretString *sc_secret_string_new_take (char *text);

ScSecretString *sc_secret_string_ref (ScSecretString *self);
void sc_secret_string_unref (ScSecretString *self);

/**
 * sc_secret_string_peek:
 *
 * Returns: (transfer none): the text, valid while @self is; not to be copied into anything that
 * does not
 *   wipe itself, other than the request that needs it
 */
const char *sc_secret_string_peek (const ScSecretString *self);
gsize sc_secret_string_get_length (const ScSecretString *self);

/**
 * sc_secret_string_equal:
 * @self: a secret
 * @text: (nullable): what came from outside
 *
 * Compares in time that depends only on the length of @text.
 */
gboolean sc_secret_string_equal (const ScSecretString *self, const char *text);

/**
 * sc_secret_wipe:
 * @memory: (nullable): memory to overwrite
 * @size: its size in bytes
 *
 * Overwrites @memory so that the compiler cannot leave it out.
 */
void sc_secret_wipe (void *memory, gsize size);

/**
 * sc_secret_free:
 * @text: (nullable) (transfer full): a NUL-terminated string to wipe and free
 */
void sc_secret_free (char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScSecretString, sc_secret_string_unref)

G_END_DECLS
