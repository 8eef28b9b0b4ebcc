// SPDX-License-Identifier: MIT
// The short code that a person reads out on the phone: "K7-21F".

#define G_LOG_DOMAIN "sc-core"

#include "sc-reference.h"

#include <string.h>

#define DASH_AT 2
#define LENGTH (SC_REFERENCE_RANDOM_SIZE + 1)

/* 32 letters: a byte modulo 32 is not biased. */
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

char *
sc_reference_create (const guint8 random[SC_REFERENCE_RANDOM_SIZE])
{
  char *text = NULL;

  g_return_val_if_fail (random != NULL, NULL);

  text = g_malloc0 (LENGTH + 1);
  for (guint i = 0; i < SC_REFERENCE_RANDOM_SIZE; i++)
    text[i < DASH_AT ? i : i + 1] = alphabet[random[i] % 32];
  text[DASH_AT] = '-';
  return text;
}

gboolean
sc_reference_is_valid (const char *text)
{
  if (text == NULL || strlen (text) != LENGTH || text[DASH_AT] != '-')
    return FALSE;
  return strspn (text, alphabet) == DASH_AT &&
         strspn (text + DASH_AT + 1, alphabet) == LENGTH - DASH_AT - 1;
}
