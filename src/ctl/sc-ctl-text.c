// SPDX-License-Identifier: MIT
// Text for a terminal: nothing from outside reaches it raw, and times read as a person says them.

#define G_LOG_DOMAIN "sc-ctl"

#include "config.h"

#include <glib/gi18n.h>

#include "sc-ctl-text.h"

static gboolean
is_harmless (gunichar c)
{
  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_UNASSIGNED:
    case G_UNICODE_PRIVATE_USE:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return FALSE;
    case G_UNICODE_FORMAT:
      return c == 0x200c || c == 0x200d; /* the joiners that scripts and emoji need */
    default:
      return TRUE;
    }
}

char *
sc_ctl_text_clean (const char *text)
{
  g_autoptr (GString) clean = g_string_new (NULL);
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  int n_characters = 0;

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (n_characters++ == SC_CTL_TEXT_MAX)
        {
          g_string_append (clean, "...");
          break;
        }
      g_string_append_unichar (clean, is_harmless (c) ? c : '?');
    }

  return g_string_free (g_steal_pointer (&clean), FALSE);
}

static char *
fold_name (const char *name)
{
  g_autofree char *clean = sc_ctl_text_clean (name);

  return g_utf8_normalize (g_strstrip (clean), -1, G_NORMALIZE_NFC);
}

gboolean
sc_ctl_text_is_same_name (const char *typed, const char *name)
{
  g_autofree char *left = NULL;
  g_autofree char *right = NULL;

  g_return_val_if_fail (typed != NULL, FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  left = fold_name (typed);
  right = fold_name (name);
  return *right != '\0' && g_str_equal (left, right);
}

char *
sc_ctl_text_name_practice (const char *name, const char *pms)
{
  g_autofree char *clean_name = sc_ctl_text_clean (name);
  g_autofree char *clean_pms = sc_ctl_text_clean (pms);

  if (*clean_name == '\0')
    return g_strdup (_ ("a practice without a name"));
  if (*clean_pms == '\0')
    return g_steal_pointer (&clean_name);

  /* Translators: practice and its practice management system, e.g. "Happy Dental Clinic (Dentrix)"
   */
  return g_strdup_printf (_ ("%s (%s)"), clean_name, clean_pms);
}

/* Whole days between the dates, whatever the hours. */
static int
count_days (GDateTime *from, GDateTime *to)
{
  GDate first;
  GDate last;

  g_date_clear (&first, 1);
  g_date_clear (&last, 1);
  g_date_set_dmy (&first, (GDateDay) g_date_time_get_day_of_month (from),
                  (GDateMonth) g_date_time_get_month (from),
                  (GDateYear) g_date_time_get_year (from));
  g_date_set_dmy (&last, (GDateDay) g_date_time_get_day_of_month (to),
                  (GDateMonth) g_date_time_get_month (to), (GDateYear) g_date_time_get_year (to));
  return g_date_days_between (&first, &last);
}

static GDateTime *
date_time_new (gint64 when, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (when);

  return utc != NULL ? g_date_time_to_timezone (utc, zone) : NULL;
}

char *
sc_ctl_text_format_time (const ScCtlTimeFormats *formats, gint64 when, gint64 now, GTimeZone *zone)
{
  g_autoptr (GDateTime) then = NULL;
  g_autoptr (GDateTime) today = NULL;
  int days;

  g_return_val_if_fail (formats != NULL, NULL);
  g_return_val_if_fail (zone != NULL, NULL);

  then = date_time_new (when, zone);
  today = date_time_new (now, zone);
  if (then == NULL || today == NULL)
    return NULL;

  days = when > now ? G_MAXINT : count_days (then, today);
  if (days == 0)
    return g_date_time_format (then, formats->today);
  if (days == 1)
    return g_date_time_format (then, formats->yesterday);
  if (days <= 6)
    return g_date_time_format (then, formats->this_week);

  return g_date_time_format (then, formats->other);
}

char *
sc_ctl_text_format_checked (gint64 when, gint64 now)
{
  const ScCtlTimeFormats formats = {
    /* Translators: these are for strftime: %H:%M is the time, %A the day's name, %-d %B %Y the date
     */
    _ ("Last checked today at %H:%M."),
    _ ("Last checked yesterday at %H:%M."),
    _ ("Last checked on %A at %H:%M."),
    _ ("Last checked on %A, %-d %B %Y at %H:%M."),
  };
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  char *sentence = when != 0 ? sc_ctl_text_format_time (&formats, when, now, zone) : NULL;

  return sentence != NULL ? sentence : g_strdup (_ ("Never checked."));
}

char *
sc_ctl_text_format_age (gint64 when, gint64 now)
{
  gint64 minutes;

  if (when <= 0)
    return g_strdup (_ ("Never checked."));
  if (when > now)
    return sc_ctl_text_format_checked (when, now);

  minutes = (now - when) / 60;
  if (minutes == 0)
    return g_strdup (_ ("Checked just now."));
  if (minutes < 60)
    return g_strdup_printf (ngettext ("Checked %d minute ago.", "Checked %d minutes ago.", minutes),
                            (int) minutes);
  if (minutes < 24 * 60)
    return g_strdup_printf (
      ngettext ("Checked %d hour ago.", "Checked %d hours ago.", minutes / 60),
      (int) (minutes / 60));

  return sc_ctl_text_format_checked (when, now);
}

char *
sc_ctl_text_format_stamp (gint64 when)
{
  g_autoptr (GDateTime) local = when != 0 ? g_date_time_new_from_unix_local (when) : NULL;

  return local != NULL ? g_date_time_format (local, "%a %Y-%m-%d %H:%M:%S") : g_strdup ("-");
}

char *
sc_ctl_text_format_iso (gint64 when)
{
  g_autoptr (GDateTime) utc = when != 0 ? g_date_time_new_from_unix_utc (when) : NULL;

  return utc != NULL ? g_date_time_format_iso8601 (utc) : NULL;
}

gint64
sc_ctl_text_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}
