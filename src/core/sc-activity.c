// SPDX-License-Identifier: MIT
// One row of the activity log, and the hash that chains it to the row before.

#define G_LOG_DOMAIN "sc-core"

#include "sc-activity.h"

#include <string.h>

#define MAX_CHARACTERS 200

void
sc_activity_free (ScActivity *self)
{
  if (self == NULL)
    return;
  g_free (self->user);
  g_free (self->action);
  g_free (self->result);
  g_free (self->reference);
  g_free (self->hash);
  g_free (self);
}

static void
update_text (GChecksum *checksum, const char *text)
{
  const char *field = text != NULL ? text : "";
  g_autofree char *prefix = g_strdup_printf ("%" G_GSIZE_FORMAT ":", strlen (field));

  g_checksum_update (checksum, (const guchar *) prefix, -1);
  g_checksum_update (checksum, (const guchar *) field, -1);
}

static void
update_number (GChecksum *checksum, gint64 number)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, number);

  update_text (checksum, text);
}

char *
sc_activity_compute_hash (const ScActivity *self, const char *previous)
{
  g_autoptr (GChecksum) checksum = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (previous != NULL, NULL);

  checksum = g_checksum_new (G_CHECKSUM_SHA256);
  update_text (checksum, previous);
  update_number (checksum, self->sequence);
  update_number (checksum, self->time);
  update_text (checksum, self->user);
  update_text (checksum, self->action);
  update_text (checksum, self->result);
  update_text (checksum, self->reference);
  return g_strdup (g_checksum_get_string (checksum));
}

/* Beside control characters: what breaks a line or turns its direction and so forges a log line. */
static gboolean
is_control (gunichar character)
{
  switch (g_unichar_type (character))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return TRUE;
    default:
      return FALSE;
    }
}

char *
sc_activity_sanitize (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  GString *clean = g_string_new (NULL);
  guint n_characters = 0;

  for (const char *p = valid; *p != '\0' && n_characters < MAX_CHARACTERS; p = g_utf8_next_char (p))
    {
      gunichar character = g_utf8_get_char (p);

      g_string_append_unichar (clean, is_control (character) ? ' ' : character);
      n_characters++;
    }
  return g_string_free (clean, FALSE);
}
