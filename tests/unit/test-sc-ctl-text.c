// SPDX-License-Identifier: MIT
// sikkactl's sentences: every id that the agent can send has one, nothing from outside is raw,
// times read as they are said.

#include <gio/gio.h>

#include "sc-connection.h"
#include "sc-ctl-agent.h"
#include "sc-ctl-error-text.h"
#include "sc-ctl-light.h"
#include "sc-ctl-summary.h"
#include "sc-ctl-text.h"
#include "sc-light.h"

#define NOON G_GINT64_CONSTANT (1795262400) /* Saturday, 21 November 2026, 12:00 UTC */
#define HOUR (60 * 60)
#define DAY (24 * HOUR)

static void
test_every_error (void)
{
  static const char *const actors[] = { "front-desk", "it", "sikka", "vendor", NULL };

  for (int code = 0; code < SC_N_ERRORS; code++)
    {
      const char *id = sc_error_to_id (code);
      const ScCtlErrorText *text = sc_ctl_error_text_find (id);

      g_test_message ("%s", id);
      g_assert_nonnull (text);
      g_assert_true (g_strv_contains (actors, text->actor));
      g_assert_cmpstr (text->what, !=, "");
      g_assert_cmpstr (text->next, !=, "");
    }
  g_assert_null (sc_ctl_error_text_find ("no-such-error"));
  g_assert_cmpstr (sc_ctl_error_text_get ("no-such-error")->id, ==, "failed");
}

/* All flags and errors that a state can have beside it. */
static void
test_every_message (void)
{
  for (guint bits = 0; bits < 64; bits++)
    for (int state = 0; state < SC_N_STATES; state++)
      for (int error = 0; error < SC_N_ERRORS; error++)
        {
          ScConnection connection = {
            .state = state,
            .confirming = (bits & 1) != 0,
            .undoing = (bits & 2) != 0,
            .attention = (bits & 4) != 0,
            .unknown = (bits & 8) != 0,
            .withdrawn = (bits & 16) != 0,
            .has_error = (bits & 32) != 0,
            .error = error,
          };

          g_assert_nonnull (sc_ctl_summary_get_message (sc_connection_get_message (&connection)));
        }
}

static void
assert_advice (ScLight *light)
{
  g_test_message ("%s", light->advice);
  if (*light->advice != '\0')
    g_assert_nonnull (sc_ctl_light_find_advice (light->advice));
  sc_light_clear (light);
}

static void
test_every_advice (void)
{
  ScLight light = { 0 };

  for (int code = 0; code < SC_N_ERRORS; code++)
    {
      g_autoptr (GError) error = g_error_new_literal (SC_ERROR, code, "x");

      sc_light_set_cloud (&light, error, 0, NOON);
      assert_advice (&light);
      sc_light_set_cloud (&light, error, HOUR, NOON);
      assert_advice (&light);
      sc_light_set_authorization (&light, TRUE, error, NOON);
      assert_advice (&light);
      sc_light_set_authorization (&light, FALSE, error, NOON);
      assert_advice (&light);
    }
  for (int state = SC_SPU_COULD_NOT_LOOK; state <= SC_SPU_RUNNING; state++)
    {
      g_autoptr (ScSpuFindings) findings = sc_spu_findings_new (NOON);

      findings->state = state;
      sc_light_set_spu (&light, findings, FALSE);
      assert_advice (&light);
    }
  sc_light_set_writeback (&light, FALSE, NOON);
  assert_advice (&light);
  g_assert_null (sc_ctl_light_find_advice ("no-such-advice"));
}

static void
test_error_id (void)
{
  static const struct
  {
    const char *name;
    const char *id;
  } rows[] = {
    { "ca.parlae.SikkaCompanion.Error.OauthTimedOut", "oauth-timed-out" },
    { "ca.parlae.SikkaCompanion.Error.Busy", "busy" },
    { "ca.parlae.SikkaCompanion.Error.JournalReadOnly", "journal-read-only" },
    { "ca.parlae.SikkaCompanion.Error.", "" },
    { "org.freedesktop.DBus.Error.ServiceUnknown", "agent-not-reachable" },
    { "org.freedesktop.DBus.Error.NoReply", "agent-not-reachable" },
    { "org.freedesktop.DBus.Error.UnknownMethod", "agent-answer" },
    { "com.example.Odd", "agent-answer" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = g_dbus_error_new_for_dbus_error (rows[i].name, "text\033[2J");
      g_autofree char *id = sc_ctl_agent_get_error_id (error);
      g_autofree char *detail = sc_ctl_agent_get_detail (error);

      g_assert_cmpstr (id, ==, rows[i].id);
      g_assert_cmpstr (detail, ==, "text?[2J");
    }
}

static void
test_clean (void)
{
  static const struct
  {
    const char *raw;
    const char *clean;
  } rows[] = {
    { NULL, "" },
    { "Zahnärzte & Söhne", "Zahnärzte & Söhne" },
    { "a\033[31mb", "a?[31mb" },
    { "a\r\nb\tc", "a??b?c" },
    { "a\302\233b", "a?b" },                    /* a control character above ASCII */
    { "a\342\200\256b\342\201\246c", "a?b?c" }, /* turn the writing direction */
    { "a\342\200\250b", "a?b" },                /* a line separator */
    { "\330\261\342\200\214\330\262",
      "\330\261\342\200\214\330\262" }, /* a joiner that Persian needs */
    { "a\377b", "a\357\277\275b" },     /* not UTF-8 */
  };
  g_autofree char *huge = g_strnfill (100000, 'A');
  g_autofree char *cut = sc_ctl_text_clean (huge);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *clean = sc_ctl_text_clean (rows[i].raw);

      g_assert_cmpstr (clean, ==, rows[i].clean);
    }
  g_assert_cmpuint (strlen (cut), ==, SC_CTL_TEXT_MAX + strlen ("..."));
}

static void
test_same_name (void)
{
  g_assert_true (sc_ctl_text_is_same_name (" Happy Dental ", "Happy Dental"));
  g_assert_true (sc_ctl_text_is_same_name ("Zahna\314\210rzte", "Zahn\303\244rzte"));
  g_assert_true (sc_ctl_text_is_same_name ("a?b", "a\033b"));
  g_assert_false (sc_ctl_text_is_same_name ("happy dental", "Happy Dental"));
  g_assert_false (sc_ctl_text_is_same_name ("Happy", "Happy Dental"));
  g_assert_false (sc_ctl_text_is_same_name ("", ""));
}

static void
test_practice (void)
{
  g_autofree char *both = sc_ctl_text_name_practice ("Happy Dental", "Dentrix");
  g_autofree char *name = sc_ctl_text_name_practice ("Happy Dental", "");
  g_autofree char *neither = sc_ctl_text_name_practice ("", "Dentrix");

  g_assert_cmpstr (both, ==, "Happy Dental (Dentrix)");
  g_assert_cmpstr (name, ==, "Happy Dental");
  g_assert_cmpstr (neither, ==, "a practice without a name");
}

static void
test_checked (void)
{
  static const struct
  {
    gint64 when;
    const char *sentence;
  } rows[] = {
    { 0, "Never checked." },
    { NOON, "Last checked today at 12:00." },
    { NOON - 12 * HOUR, "Last checked today at 00:00." },
    { NOON - 12 * HOUR - 1, "Last checked yesterday at 23:59." },
    { NOON - DAY, "Last checked yesterday at 12:00." },
    { NOON - 2 * DAY, "Last checked on Thursday at 12:00." },
    { NOON - 6 * DAY, "Last checked on Sunday at 12:00." },
    { NOON - 7 * DAY, "Last checked on Saturday, 14 November 2026 at 12:00." },
    { NOON + 60,
      "Last checked on Saturday, 21 November 2026 at 12:01." }, /* a clock that is wrong */
    { G_MAXINT64, "Never checked." },
    { G_MININT64, "Never checked." },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *sentence = sc_ctl_text_format_checked (rows[i].when, NOON);

      g_assert_cmpstr (sentence, ==, rows[i].sentence);
    }
}

static void
test_age (void)
{
  static const struct
  {
    gint64 when;
    const char *sentence;
  } rows[] = {
    { 0, "Never checked." },
    { NOON, "Checked just now." },
    { NOON - 59, "Checked just now." },
    { NOON - 60, "Checked 1 minute ago." },
    { NOON - 150, "Checked 2 minutes ago." },
    { NOON - HOUR, "Checked 1 hour ago." },
    { NOON - DAY + 1, "Checked 23 hours ago." },
    { NOON - DAY, "Last checked yesterday at 12:00." },
    { NOON + HOUR, "Last checked on Saturday, 21 November 2026 at 13:00." },
    { G_MININT64, "Never checked." },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *sentence = sc_ctl_text_format_age (rows[i].when, NOON);

      g_assert_cmpstr (sentence, ==, rows[i].sentence);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ctl/text/every-error", test_every_error);
  g_test_add_func ("/ctl/text/every-message", test_every_message);
  g_test_add_func ("/ctl/text/every-advice", test_every_advice);
  g_test_add_func ("/ctl/text/error-id", test_error_id);
  g_test_add_func ("/ctl/text/clean", test_clean);
  g_test_add_func ("/ctl/text/same-name", test_same_name);
  g_test_add_func ("/ctl/text/practice", test_practice);
  g_test_add_func ("/ctl/text/checked", test_checked);
  g_test_add_func ("/ctl/text/age", test_age);

  return g_test_run ();
}
