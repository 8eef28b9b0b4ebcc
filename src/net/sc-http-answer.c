// SPDX-License-Identifier: MIT
// An answer: its headers read with limits, its body in memory that is wiped.

#define G_LOG_DOMAIN "sc-net"

#include "sc-http-private.h"

#include <string.h>

#define RETRY_AFTER_MAX (24 * 60 * 60)
#define FIRST_SIZE 4096

static gint64
parse_date (const char *text)
{
  g_autoptr (GDateTime) date = text != NULL ? soup_date_time_new_from_http_string (text) : NULL;

  return date != NULL ? g_date_time_to_unix (date) : -1;
}

/* RFC 9110 §10.2.3: seconds or a date; a date is measured by the server's own clock when it sent
 * it, since ours may be wrong. */
static gint64
parse_retry_after (const char *text, gint64 now)
{
  gint64 date = -1;

  if (text == NULL || *text == '\0')
    return -1;
  if (strspn (text, "0123456789") == strlen (text))
    return MIN (g_ascii_strtoull (text, NULL, 10), RETRY_AFTER_MAX);
  date = parse_date (text);
  return date < 0 ? -1 : CLAMP (date - now, 0, RETRY_AFTER_MAX);
}

ScHttpAnswer *
sc_http_answer_new (SoupMessage *message)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char *content_type = soup_message_headers_get_content_type (headers, NULL);
  ScHttpAnswer *self = g_new0 (ScHttpAnswer, 1);

  self->status = soup_message_get_status (message);
  self->content_type = content_type != NULL ? g_ascii_strdown (content_type, -1) : NULL;
  self->received = g_get_real_time () / G_USEC_PER_SEC;
  self->date = parse_date (soup_message_headers_get_one (headers, "Date"));
  self->retry_after = parse_retry_after (soup_message_headers_get_one (headers, "Retry-After"),
                                         self->date >= 0 ? self->date : self->received);
  return self;
}

void
sc_http_answer_free (ScHttpAnswer *self)
{
  g_return_if_fail (self != NULL);

  sc_secret_wipe (self->body, self->length);
  g_free (self->body);
  g_free (self->content_type);
  g_free (self);
}

char *
sc_http_buffer_reserve (ScHttpBuffer *self, gsize *room)
{
  /* One byte is kept for the NUL of sc_http_buffer_steal(). */
  if (self->size - self->length < 2)
    {
      gsize size = self->size == 0 ? FIRST_SIZE : 2 * self->size;
      char *bytes = g_malloc (size);

      if (self->length > 0)
        memcpy (bytes, self->bytes, self->length);
      sc_secret_wipe (self->bytes, self->length);
      g_free (self->bytes);
      self->bytes = bytes;
      self->size = size;
    }
  *room = self->size - self->length - 1;
  return self->bytes + self->length;
}

char *
sc_http_buffer_steal (ScHttpBuffer *self)
{
  gsize room = 0;

  *sc_http_buffer_reserve (self, &room) = '\0';
  self->length = 0;
  self->size = 0;
  return g_steal_pointer (&self->bytes);
}

void
sc_http_buffer_clear (ScHttpBuffer *self)
{
  sc_secret_wipe (self->bytes, self->length);
  g_clear_pointer (&self->bytes, g_free);
  self->length = 0;
  self->size = 0;
}
