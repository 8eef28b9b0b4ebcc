// SPDX-License-Identifier: MIT
// The only carrier of tokens, codes, verifiers, keys and state values. Wipes itself.

#define G_LOG_DOMAIN "sc-core"

#include "sc-secret-string.h"

#include <string.h>

struct _ScSecretString
{
  gatomicrefcount references;
  gsize length;
  char text[];
};

G_DEFINE_BOXED_TYPE (ScSecretString, sc_secret_string, sc_secret_string_ref, sc_secret_string_unref)

ScSecretString *
sc_secret_string_new (const char *text)
{
  g_return_val_if_fail (text != NULL, NULL);

  return sc_secret_string_new_len (text, strlen (text));
}

ScSecretString *
sc_secret_string_new_len (const char *bytes, gsize length)
{
  ScSecretString *self = NULL;

  g_return_val_if_fail (bytes != NULL || length == 0, NULL);
  g_return_val_if_fail (length == 0 || memchr (bytes, '\0', length) == NULL, NULL);

  self = g_malloc (sizeof *self + length + 1);
  g_atomic_ref_count_init (&self->references);
  self->length = length;
  if (length > 0)
    memcpy (self->text, bytes, length);
  self->text[length] = '\0';
  return self;
}

ScSecretString *
sc_secret_string_new_take (char *text)
{
  ScSecretString *self = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  self = sc_secret_string_new (text);
  sc_secret_free (text);
  return self;
}

ScSecretString *
sc_secret_string_ref (ScSecretString *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
sc_secret_string_unref (ScSecretString *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->references))
    return;
  sc_secret_wipe (self->text, self->length);
  g_free (self);
}

const char *
sc_secret_string_peek (const ScSecretString *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->text;
}

gsize
sc_secret_string_get_length (const ScSecretString *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->length;
}

gboolean
sc_secret_string_equal (const ScSecretString *self, const char *text)
{
  gsize length = 0;
  volatile gsize difference = 0;

  g_return_val_if_fail (self != NULL, FALSE);

  if (text == NULL)
    return FALSE;
  length = strlen (text);
  difference = length ^ self->length;
  /* Past our end the NUL there is compared, so the number of rounds tells nothing about us. */
  for (gsize i = 0; i < length; i++)
    difference |= (guchar) text[i] ^ (guchar) self->text[MIN (i, self->length)];
  return difference == 0;
}

void
sc_secret_wipe (void *memory, gsize size)
{
  volatile guint8 *bytes = memory;

  for (gsize i = 0; i < size && memory != NULL; i++)
    bytes[i] = 0;
}

void
sc_secret_free (char *text)
{
  if (text == NULL)
    return;
  sc_secret_wipe (text, strlen (text));
  g_free (text);
}
