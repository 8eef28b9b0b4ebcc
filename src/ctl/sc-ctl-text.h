// SPDX-License-Identifier: MIT
// Text for a terminal: nothing from outside reaches it raw, and times read as a person says them.

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** SC_CTL_TEXT_MAX: characters of a value from outside that are shown. */
#define SC_CTL_TEXT_MAX 200

/**
 * sc_ctl_text_clean:
 * @text: (nullable): a value from outside: a name, a detail, an evidence
 *
 * Control characters could drive the terminal, and invisible ones that turn the writing direction
 * could make one name look like another (CWE-150). Each becomes a question mark; what is longer
 * than %SC_CTL_TEXT_MAX characters ends in "...".
 *
 * Returns: (transfer full): one line of harmless UTF-8
 */
char *sc_ctl_text_clean (const char *text);

/**
 * sc_ctl_text_is_same_name:
 * @typed: what a person typed or a script passed
 * @name: a name from the agent
 *
 * Compared as shown, see sc_ctl_text_clean(): composed in either way, without blanks around it.
 * An empty name is never the same as anything.
 */
gboolean sc_ctl_text_is_same_name (const char *typed, const char *name);

/**
 * sc_ctl_text_name_practice:
 * @name: the practice's name
 * @pms: its practice management system
 *
 * Returns: (transfer full): "Happy Dental Clinic (Dentrix)", what there is of it, cleaned
 */
char *sc_ctl_text_name_practice (const char *name, const char *pms);

/**
 * ScCtlTimeFormats: whole sentences for g_date_time_format(), already translated.
 * @today: e.g. "Last checked today at %H:%M."
 * @yesterday: e.g. "Last checked yesterday at %H:%M."
 * @this_week: for the five days before, e.g. "Last checked on %A at %H:%M."
 * @other: with the date, e.g. "Last checked on %A, %-d %B %Y at %H:%M."
 */
typedef struct
{
  const char *today;
  const char *yesterday;
  const char *this_week;
  const char *other;
} ScCtlTimeFormats;

/**
 * sc_ctl_text_format_time:
 * @formats: the sentences
 * @when: seconds since 1970
 * @now: seconds since 1970
 * @zone: the PC's time zone
 *
 * A time after @now is told with its date: "today" would hide a clock that is wrong.
 *
 * Returns: (transfer full) (nullable): the sentence, %NULL for a time that no calendar has
 */
char *
sc_ctl_text_format_time (const ScCtlTimeFormats *formats, gint64 when, gint64 now, GTimeZone *zone);

/**
 * sc_ctl_text_format_checked:
 * @when: seconds since 1970, 0 for never
 * @now: seconds since 1970
 *
 * Returns: (transfer full): "Last checked today at 09:12.", "Never checked."
 */
char *sc_ctl_text_format_checked (gint64 when, gint64 now);

/**
 * sc_ctl_text_format_age:
 * @when: seconds since 1970, 0 for never
 * @now: seconds since 1970
 *
 * Returns: (transfer full): "Checked just now.", "Checked 2 minutes ago.", "Never checked."
 */
char *sc_ctl_text_format_age (gint64 when, gint64 now);

/**
 * sc_ctl_text_format_stamp:
 * @when: seconds since 1970, 0 for none
 *
 * Returns: (transfer full): "Sat 2026-11-21 09:12:33" in the PC's zone for a column of a list, "-"
 */
char *sc_ctl_text_format_stamp (gint64 when);

/**
 * sc_ctl_text_format_iso:
 * @when: seconds since 1970, 0 for none
 *
 * Returns: (transfer full) (nullable): "2026-11-21T09:12:33Z", %NULL for none
 */
char *sc_ctl_text_format_iso (gint64 when);

/**
 * sc_ctl_text_now:
 *
 * Returns: seconds since 1970
 */
gint64 sc_ctl_text_now (void);

G_END_DECLS
