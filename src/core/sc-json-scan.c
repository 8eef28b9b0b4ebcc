// SPDX-License-Identifier: MIT
// The strict look at a JSON text before json-glib sees it: RFC 8259's grammar, size and depth.

#define G_LOG_DOMAIN "sc-core"

#include "sc-json-scan.h"

#include "sc-error.h"
#include "sc-json.h"

#include <math.h>
#include <string.h>

/* Where the scan is. A failed scan stays where it failed. */
typedef struct
{
  const char *at;
  const char *end;
  guint depth;
  const char *limit; /* which limit was passed, NULL while none was */
} Scan;

static gboolean scan_value (Scan *scan);

static gboolean
take (Scan *scan, char character)
{
  if (scan->at == scan->end || *scan->at != character)
    return FALSE;
  scan->at++;
  return TRUE;
}

static gboolean
take_word (Scan *scan, const char *word)
{
  gsize length = strlen (word);

  if ((gsize) (scan->end - scan->at) < length || memcmp (scan->at, word, length) != 0)
    return FALSE;
  scan->at += length;
  return TRUE;
}

static gboolean
take_digits (Scan *scan)
{
  const char *start = scan->at;

  while (scan->at < scan->end && g_ascii_isdigit (*scan->at))
    scan->at++;
  return scan->at > start;
}

static void
skip_space (Scan *scan)
{
  while (scan->at < scan->end && strchr (" \t\n\r", *scan->at) != NULL)
    scan->at++;
}

static gboolean
take_hex4 (Scan *scan, guint *unit)
{
  *unit = 0;
  for (guint i = 0; i < 4; i++)
    {
      if (scan->at == scan->end || !g_ascii_isxdigit (*scan->at))
        return FALSE;
      *unit = *unit * 16 + (guint) g_ascii_xdigit_value (*scan->at++);
    }
  return TRUE;
}

/* After "\u": a NUL and half a surrogate pair are refused. */
static gboolean
scan_unicode_escape (Scan *scan)
{
  guint unit = 0, low = 0;

  if (!take_hex4 (scan, &unit) || unit == 0)
    return FALSE;
  if (unit < 0xD800 || unit > 0xDFFF)
    return TRUE;
  return unit < 0xDC00 && take_word (scan, "\\u") && take_hex4 (scan, &low) && low >= 0xDC00 &&
         low <= 0xDFFF;
}

static gboolean
scan_escape (Scan *scan)
{
  if (take (scan, 'u'))
    return scan_unicode_escape (scan);
  if (scan->at == scan->end || strchr ("\"\\/bfnrt", *scan->at) == NULL)
    return FALSE;
  scan->at++;
  return TRUE;
}

static gboolean
scan_string (Scan *scan)
{
  if (!take (scan, '"'))
    return FALSE;
  while (scan->at < scan->end && (guchar) *scan->at >= 0x20)
    {
      if (take (scan, '"'))
        return TRUE;
      if (!take (scan, '\\'))
        scan->at++;
      else if (!scan_escape (scan))
        return FALSE;
    }
  return FALSE;
}

/* json-glib would wrap a whole number round, or answer "infinite". */
static gboolean
number_fits (Scan *scan, const char *start, gboolean is_whole)
{
  g_autofree char *number = g_strndup (start, (gsize) (scan->at - start));
  gboolean fits = FALSE;

  if (is_whole)
    fits = g_ascii_string_to_signed (number, 10, G_MININT64, G_MAXINT64, NULL, NULL);
  else
    fits = isfinite (g_ascii_strtod (number, NULL));
  if (!fits)
    scan->limit = "a number is too large";
  return fits;
}

static gboolean
scan_number (Scan *scan)
{
  const char *start = scan->at;
  gboolean is_whole = TRUE;

  take (scan, '-');
  if (!take (scan, '0') && !take_digits (scan))
    return FALSE;
  if (take (scan, '.'))
    {
      is_whole = FALSE;
      if (!take_digits (scan))
        return FALSE;
    }
  if (take (scan, 'e') || take (scan, 'E'))
    {
      is_whole = FALSE;
      if (!take (scan, '+'))
        take (scan, '-');
      if (!take_digits (scan))
        return FALSE;
    }
  return number_fits (scan, start, is_whole);
}

static gboolean
scan_member (Scan *scan)
{
  skip_space (scan);
  if (!scan_string (scan))
    return FALSE;
  skip_space (scan);
  return take (scan, ':') && scan_value (scan);
}

/* After "{" or "[": items with commas between, up to close. */
static gboolean
scan_items (Scan *scan, gboolean (*scan_item) (Scan *), char close)
{
  if (++scan->depth > SC_JSON_MAX_DEPTH)
    {
      scan->limit = "the text is nested too deep";
      return FALSE;
    }
  skip_space (scan);
  if (!take (scan, close))
    {
      do
        if (!scan_item (scan))
          return FALSE;
      while (take (scan, ','));
      if (!take (scan, close))
        return FALSE;
    }
  scan->depth--;
  return TRUE;
}

/* A value with the space around it. */
static gboolean
scan_value (Scan *scan)
{
  gboolean is_value = FALSE;

  skip_space (scan);
  if (take (scan, '{'))
    is_value = scan_items (scan, scan_member, '}');
  else if (take (scan, '['))
    is_value = scan_items (scan, scan_value, ']');
  else if (scan->at < scan->end && *scan->at == '"')
    is_value = scan_string (scan);
  else
    is_value = take_word (scan, "true") || take_word (scan, "false") || take_word (scan, "null") ||
               scan_number (scan);
  skip_space (scan);
  return is_value;
}

gboolean
sc_json_scan (const char *text, gsize length, GError **error)
{
  Scan scan = { .at = text, .end = text + length };

  g_return_val_if_fail (text != NULL || length == 0, FALSE);

  if (length > SC_JSON_MAX_SIZE)
    {
      g_set_error (error, SC_ERROR, SC_ERROR_JSON_LIMIT, "the text is larger than %d bytes",
                   SC_JSON_MAX_SIZE);
      return FALSE;
    }
  /* A NUL is no valid UTF-8 to GLib when the length is given, which suits us. */
  if (!g_utf8_validate_len (text != NULL ? text : "", length, NULL))
    {
      g_set_error (error, SC_ERROR, SC_ERROR_JSON_SYNTAX, "the text is not UTF-8, or has a NUL");
      return FALSE;
    }
  if (scan_value (&scan) && scan.at == scan.end)
    return TRUE;
  if (scan.limit != NULL)
    g_set_error (error, SC_ERROR, SC_ERROR_JSON_LIMIT, "%s", scan.limit);
  else
    g_set_error (error, SC_ERROR, SC_ERROR_JSON_SYNTAX, "the text is not JSON at byte %d",
                 (int) (scan.at - text));
  return FALSE;
}
