// SPDX-License-Identifier: MIT
// Random identifiers, from the operating system's random bytes.

#define G_LOG_DOMAIN "sc-platform"

#include "sc-random.h"

#define UUID_SIZE 16

char *
sc_random_create_uuid (GError **error)
{
  guint8 bytes[UUID_SIZE] = { 0 };
  GString *text = NULL;

  if (!sc_random_fill (bytes, sizeof bytes, error))
    return NULL;
  /* RFC 4122 §4.4: version 4, variant 10. */
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  text = g_string_sized_new (36);
  for (gsize i = 0; i < sizeof bytes; i++)
    {
      gboolean is_group_start = i == 4 || i == 6 || i == 8 || i == 10;

      g_string_append_printf (text, is_group_start ? "-%02x" : "%02x", bytes[i]);
    }
  return g_string_free (text, FALSE);
}
