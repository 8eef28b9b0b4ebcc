// SPDX-License-Identifier: MIT
// Each light's verdict, advice and actor, row by row.

#include <string.h>

#include "sc-light.h"

#define MINUTE G_GINT64_CONSTANT (60)
#define HOUR (60 * MINUTE)
#define NOW G_GINT64_CONSTANT (1795252320)

static void
assert_light (const ScLight *light, ScVerdict verdict, const char *advice, const char *actor)
{
  g_test_message ("%s: %s %s", sc_light_id_get_name (light->id), light->advice, light->evidence);
  g_assert_cmpint (light->verdict, ==, verdict);
  g_assert_cmpstr (light->advice, ==, advice);
  g_assert_cmpstr (light->actor, ==, actor);
}

static void
test_spu (void)
{
  static const struct
  {
    ScSpuState state;
    gboolean elsewhere;
    ScVerdict verdict;
    const char *advice;
    const char *actor;
  } rows[] = {
    { SC_SPU_RUNNING, FALSE, SC_VERDICT_OK, "", "" },
    { SC_SPU_STOPPED, FALSE, SC_VERDICT_FAILED, "spu-start", "it" },
    { SC_SPU_NOT_INSTALLED, FALSE, SC_VERDICT_ATTENTION, "spu-install", "front-desk" },
    { SC_SPU_COULD_NOT_LOOK, FALSE, SC_VERDICT_UNKNOWN, "", "" },
    { SC_SPU_NOT_INSTALLED, TRUE, SC_VERDICT_NOT_HERE, "spu-look-there", "front-desk" },
    { SC_SPU_RUNNING, TRUE, SC_VERDICT_NOT_HERE, "spu-look-there", "front-desk" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ScSpuFindings) findings = sc_spu_findings_new (NOW);
      ScLight light = { 0 };

      findings->state = rows[i].state;
      sc_spu_findings_add_process (findings, "SSCservice.exe", TRUE);
      sc_spu_findings_add_process (findings, "SSCWindowsService.exe", FALSE);
      g_ptr_array_add (findings->evidence, g_strdup ("folder SSC:\nfound"));
      sc_light_set_spu (&light, findings, rows[i].elsewhere);
      assert_light (&light, rows[i].verdict, rows[i].advice, rows[i].actor);
      g_assert_cmpint (light.id, ==, SC_LIGHT_SPU);
      g_assert_cmpint (light.checked, ==, NOW);
      g_assert_cmpstr (light.evidence, ==,
                       "SSCservice.exe: running; SSCWindowsService.exe: not running; "
                       "folder SSC: found");
      sc_light_clear (&light);
    }
}

static void
test_spu_not_looked (void)
{
  ScLight light = { 0 };

  sc_light_set_spu (&light, NULL, FALSE);
  assert_light (&light, SC_VERDICT_UNKNOWN, "", "");
  g_assert_cmpint (light.checked, ==, 0);
  g_assert_cmpstr (light.evidence, ==, "");
  sc_light_set_spu (&light, NULL, TRUE);
  assert_light (&light, SC_VERDICT_NOT_HERE, "spu-look-there", "front-desk");
  sc_light_clear (&light);
}

static void
test_sikka (void)
{
  static const struct
  {
    const char *status;
    gint64 age; /* seconds, -1 for never */
    gint64 interval_minutes;
    const char *error;
    const char *warning;
    const char *advice;
    const char *actor;
  } rows[] = {
    { "refresh", 0, 0, NULL, NULL, "", "" },
    { "refresh", -1, 0, NULL, NULL, "sikka-wait-first-sync", "sikka" },
    { "not-refresh", -1, 15, "x", NULL, "sikka-wait-first-sync", "sikka" },
    /* Nothing said, and daily: 30 hours. */
    { "refresh", 30 * HOUR, 0, NULL, NULL, "", "" },
    { "refresh", 30 * HOUR + 1, 0, NULL, NULL, "sikka-stale", "it" },
    { "refresh", 30 * HOUR, 1440, NULL, NULL, "", "" },
    { "refresh", 30 * HOUR + 1, 1440, NULL, NULL, "sikka-stale", "it" },
    /* Short intervals: an hour at least. */
    { "refresh", 1 * HOUR, 15, NULL, NULL, "", "" },
    { "refresh", 1 * HOUR + 1, 15, NULL, NULL, "sikka-stale", "it" },
    { "refresh", 5 * HOUR, 240, NULL, NULL, "", "" },
    { "refresh", 5 * HOUR + 1, 240, NULL, NULL, "sikka-stale", "it" },
    /* Nonsense does not overflow. */
    { "refresh", 24 * HOUR, G_MAXINT64, NULL, NULL, "", "" },
    { "refresh", 1000 * HOUR, G_MAXINT64, NULL, NULL, "sikka-stale", "it" },
    { "refresh", 31 * HOUR, -5, NULL, NULL, "sikka-stale", "it" },
    /* A clock that is a little ahead is not stale. */
    { "refresh", -10 * MINUTE, 15, NULL, NULL, "", "" },
    /* All of Sikka's spellings. */
    { "not-refresh", 0, 0, NULL, NULL, "sikka-stale", "it" },
    { "not_refresh", 0, 0, NULL, NULL, "sikka-stale", "it" },
    { "Not Refreshed", 0, 0, NULL, NULL, "sikka-stale", "it" },
    { "", 0, 0, NULL, NULL, "", "" },
    { NULL, 0, 0, NULL, NULL, "", "" },
    /* Fresh, but Sikka complains. */
    { "refresh", 0, 0, "PMS password", NULL, "sikka-reported", "it" },
    { "refresh", 0, 0, NULL, "update pending", "sikka-reported", "it" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      char *warnings[] = { (char *) rows[i].warning, NULL };
      ScDataSync sync = {
        .status = (char *) rows[i].status,
        .last_data_at = rows[i].age == -1 ? -1 : NOW - rows[i].age,
        .next_data_at = -1,
        .interval_minutes = rows[i].interval_minutes,
        .error = (char *) rows[i].error,
        .warnings = warnings,
      };
      ScLight light = { 0 };

      sc_light_set_sikka (&light, &sync, NOW);
      assert_light (&light, *rows[i].advice != '\0' ? SC_VERDICT_ATTENTION : SC_VERDICT_OK,
                    rows[i].advice, rows[i].actor);
      g_assert_cmpint (light.checked, ==, NOW);
      sc_light_clear (&light);
    }
}

static void
test_sikka_evidence (void)
{
  char *warnings[] = { (char *) "disk low", NULL };
  ScDataSync sync = {
    .last_data_at = NOW,
    .schedule = (char *) "daily 02:00",
    .warnings = warnings,
  };
  ScLight light = { 0 };

  sc_light_set_sikka (&light, &sync, NOW);
  g_assert_cmpstr (light.evidence, ==,
                   "last data: 2026-11-21T09:12:00Z; schedule: daily 02:00; Sikka: disk low");
  sync = (ScDataSync){ .last_data_at = -1, .interval_minutes = 15, .error = (char *) "a\x1b[2Jb" };
  sc_light_set_sikka (&light, &sync, NOW);
  g_assert_cmpstr (light.evidence, ==, "last data: never; every 15 min; Sikka: a [2Jb");
  sc_light_set_sikka (&light, NULL, NOW);
  assert_light (&light, SC_VERDICT_UNKNOWN, "", "");
  g_assert_cmpint (light.checked, ==, 0);
  sc_light_clear (&light);
}

typedef struct
{
  int code;
  ScVerdict verdict;
  const char *advice;
  const char *actor;
} ErrorRow;

static void
test_authorization (void)
{
  static const ErrorRow rows[] = {
    { SC_ERROR_NOT_CONNECTED, SC_VERDICT_UNKNOWN, "authorize", "front-desk" },
    { SC_ERROR_OAUTH_GRANT, SC_VERDICT_FAILED, "authorize-again", "front-desk" },
    { SC_ERROR_CLOUD_UNAUTHORIZED, SC_VERDICT_FAILED, "authorize-again", "front-desk" },
    { SC_ERROR_STORE_ABSENT, SC_VERDICT_FAILED, "authorize-again", "front-desk" },
    { SC_ERROR_STORE_DAMAGED, SC_VERDICT_FAILED, "authorize-again", "front-desk" },
    { SC_ERROR_STORE_LOCKED, SC_VERDICT_UNKNOWN, "keyring-unlock", "front-desk" },
    { SC_ERROR_STORE_UNAVAILABLE, SC_VERDICT_ATTENTION, "keyring-ask-it", "it" },
    { SC_ERROR_STORE_FAILED, SC_VERDICT_ATTENTION, "keyring-ask-it", "it" },
    { SC_ERROR_STORE_TOO_LARGE, SC_VERDICT_ATTENTION, "keyring-ask-it", "it" },
    { SC_ERROR_CLOUD_FORBIDDEN, SC_VERDICT_FAILED, "vendor-access", "vendor" },
    { SC_ERROR_OAUTH_CLIENT, SC_VERDICT_FAILED, "vendor-access", "vendor" },
    { SC_ERROR_SIKKA_NOT_GRANTED, SC_VERDICT_FAILED, "sikka-not-granted", "vendor" },
    { SC_ERROR_SIKKA_APP, SC_VERDICT_FAILED, "sikka-access", "vendor" },
    { SC_ERROR_SIKKA_KEY_EXPIRED, SC_VERDICT_FAILED, "sikka-access", "vendor" },
    /* What says nothing about the grant. */
    { SC_ERROR_OAUTH_DENIED, SC_VERDICT_OK, "", "" },
    { SC_ERROR_SIKKA_NO_DATA_YET, SC_VERDICT_OK, "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = g_error_new (SC_ERROR, rows[i].code, "because");
      ScLight light = { 0 };

      sc_light_set_authorization (&light, TRUE, error, NOW);
      assert_light (&light, rows[i].verdict, rows[i].advice, rows[i].actor);
      g_assert_cmpint (light.id, ==, SC_LIGHT_AUTHORIZATION);
      g_assert_cmpint (light.checked, ==, NOW);
      g_assert_cmpstr (light.evidence, ==, *rows[i].advice != '\0' ? "because" : "");
      sc_light_clear (&light);
    }
}

/* A cloud that cannot be reached says nothing about the grant: the light stays as it was. */
static void
test_authorization_keeps (void)
{
  g_autoptr (GError) offline = g_error_new (SC_ERROR, SC_ERROR_NET_OFFLINE, "offline");
  ScLight light = { 0 };

  sc_light_set_authorization (&light, TRUE, offline, NOW);
  assert_light (&light, SC_VERDICT_UNKNOWN, "", "");
  g_assert_cmpint (light.checked, ==, 0);
  sc_light_set_authorization (&light, TRUE, NULL, NOW);
  assert_light (&light, SC_VERDICT_OK, "", "");
  sc_light_set_authorization (&light, TRUE, offline, NOW + 60);
  assert_light (&light, SC_VERDICT_OK, "", "");
  g_assert_cmpint (light.checked, ==, NOW);
  sc_light_set_authorization (&light, FALSE, offline, NOW + 60);
  assert_light (&light, SC_VERDICT_UNKNOWN, "authorize", "front-desk");
  sc_light_set_authorization (&light, FALSE, NULL, NOW);
  assert_light (&light, SC_VERDICT_UNKNOWN, "authorize", "front-desk");
  sc_light_clear (&light);
}

static void
test_cloud (void)
{
  static const ErrorRow rows[] = {
    { SC_ERROR_NET_OFFLINE, SC_VERDICT_FAILED, "network-check", "it" },
    { SC_ERROR_NET_REFUSED, SC_VERDICT_FAILED, "network-check", "it" },
    { SC_ERROR_NET_TIMED_OUT, SC_VERDICT_FAILED, "network-check", "it" },
    { SC_ERROR_NET_TLS, SC_VERDICT_FAILED, "tls-ask-it", "it" },
    { SC_ERROR_NET_INTERCEPTED, SC_VERDICT_FAILED, "tls-inspection-ask-it", "it" },
    { SC_ERROR_NET_CAPTIVE_PORTAL, SC_VERDICT_FAILED, "captive-portal-sign-in", "front-desk" },
    { SC_ERROR_NET_PROXY, SC_VERDICT_FAILED, "proxy-ask-it", "it" },
    { SC_ERROR_NET_INSECURE, SC_VERDICT_FAILED, "config-ask-it", "it" },
    { SC_ERROR_NET_TRUNCATED, SC_VERDICT_FAILED, "cloud-ask-vendor", "vendor" },
    { SC_ERROR_CLOCK, SC_VERDICT_FAILED, "clock-set", "it" },
    { SC_ERROR_CLOUD_UNAVAILABLE, SC_VERDICT_FAILED, "cloud-wait", "vendor" },
    { SC_ERROR_CLOUD_RATE_LIMITED, SC_VERDICT_ATTENTION, "cloud-wait", "vendor" },
    { SC_ERROR_CLOUD_REJECTED, SC_VERDICT_ATTENTION, "cloud-ask-vendor", "vendor" },
    { SC_ERROR_CLOUD_ANSWER, SC_VERDICT_FAILED, "cloud-ask-vendor", "vendor" },
    { SC_ERROR_FAILED, SC_VERDICT_FAILED, "cloud-ask-vendor", "vendor" },
    { SC_ERROR_SIKKA_UNAVAILABLE, SC_VERDICT_ATTENTION, "sikka-wait", "sikka" },
    /* The cloud answered, so it is there. */
    { SC_ERROR_CLOUD_UNAUTHORIZED, SC_VERDICT_OK, "", "" },
    { SC_ERROR_CLOUD_STATUS, SC_VERDICT_OK, "", "" },
    { SC_ERROR_SIKKA_SPU_OFFLINE, SC_VERDICT_OK, "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = g_error_new (SC_ERROR, rows[i].code, "because");
      ScLight light = { 0 };

      sc_light_set_cloud (&light, error, 0, NOW);
      assert_light (&light, rows[i].verdict, rows[i].advice, rows[i].actor);
      g_assert_cmpint (light.id, ==, SC_LIGHT_CLOUD);
      g_assert_cmpint (light.checked, ==, NOW);
      sc_light_clear (&light);
    }
}

/* Every error that leaves the state as it is has to show somewhere: here. */
static void
test_cloud_shows_transport_errors (void)
{
  for (int code = 0; code < SC_N_ERRORS; code++)
    {
      g_autoptr (GError) error = g_error_new (SC_ERROR, code, "because");
      ScLight light = { 0 };

      if (!sc_error_is_transport (code))
        continue;
      sc_light_set_cloud (&light, error, 0, NOW);
      g_test_message ("%s", sc_error_to_id (code));
      g_assert_cmpint (light.verdict, !=, SC_VERDICT_OK);
      g_assert_cmpstr (light.advice, !=, "");
      sc_light_clear (&light);
    }
}

static void
test_cloud_clock (void)
{
  static const struct
  {
    gint64 skew;
    const char *advice;
    const char *evidence;
  } rows[] = {
    { 0, "", "" },
    { 300, "", "" },
    { -300, "", "" },
    { 301, "clock-set", "this PC's clock is 5 minutes ahead" },
    { -7200, "clock-set", "this PC's clock is 120 minutes behind" },
  };
  g_autoptr (GError) tls = g_error_new (SC_ERROR, SC_ERROR_NET_TLS, "certificate refused");
  ScLight light = { 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      sc_light_set_cloud (&light, NULL, rows[i].skew, NOW);
      assert_light (&light, *rows[i].advice != '\0' ? SC_VERDICT_ATTENTION : SC_VERDICT_OK,
                    rows[i].advice, *rows[i].advice != '\0' ? "it" : "");
      g_assert_cmpstr (light.evidence, ==, rows[i].evidence);
    }
  sc_light_set_cloud (&light, tls, 7200, NOW);
  assert_light (&light, SC_VERDICT_FAILED, "clock-set", "it");
  sc_light_clear (&light);
}

/* Errors of this PC say nothing about the cloud. */
static void
test_cloud_keeps (void)
{
  static const ScError local[] = {
    SC_ERROR_CANCELLED,
    SC_ERROR_BUSY,
    SC_ERROR_NOT_CONNECTED,
    SC_ERROR_NOT_SUPPORTED,
    SC_ERROR_INVALID_ARGUMENT,
    SC_ERROR_RANDOM,
    SC_ERROR_CONFIG,
    SC_ERROR_BROWSER,
    SC_ERROR_LOOPBACK_BIND,
    SC_ERROR_LOOPBACK_BLOCKED,
    SC_ERROR_STORE_ABSENT,
    SC_ERROR_STORE_LOCKED,
    SC_ERROR_STORE_UNAVAILABLE,
    SC_ERROR_STORE_FAILED,
    SC_ERROR_STORE_TOO_LARGE,
    SC_ERROR_STORE_DAMAGED,
    SC_ERROR_JOURNAL_FULL,
    SC_ERROR_JOURNAL_READ_ONLY,
    SC_ERROR_JOURNAL_FAILED,
    SC_ERROR_JOURNAL_BROKEN,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (local); i++)
    {
      g_autoptr (GError) error = g_error_new (SC_ERROR, local[i], "because");
      ScLight light = { 0 };

      sc_light_set_cloud (&light, error, 0, NOW);
      assert_light (&light, SC_VERDICT_UNKNOWN, "", "");
      g_assert_cmpint (light.checked, ==, 0);
      sc_light_set_cloud (&light, NULL, 0, NOW);
      sc_light_set_cloud (&light, error, 0, NOW + 60);
      assert_light (&light, SC_VERDICT_OK, "", "");
      g_assert_cmpint (light.checked, ==, NOW);
      sc_light_clear (&light);
    }
}

/* An error of another domain is not read by its number. */
static void
test_cloud_foreign_error (void)
{
  g_autoptr (GError) foreign = g_error_new (G_FILE_ERROR, SC_ERROR_NET_OFFLINE, "foreign");
  ScLight light = { 0 };

  sc_light_set_cloud (&light, foreign, 0, NOW);
  assert_light (&light, SC_VERDICT_FAILED, "cloud-ask-vendor", "vendor");
  sc_light_clear (&light);
}

static void
test_writeback (void)
{
  ScLight light = { 0 };

  sc_light_set_writeback (&light, TRUE, NOW);
  assert_light (&light, SC_VERDICT_OK, "", "");
  sc_light_set_writeback (&light, FALSE, NOW);
  assert_light (&light, SC_VERDICT_FAILED, "writeback-check-spu", "it");
  g_assert_cmpint (light.id, ==, SC_LIGHT_WRITEBACK);
  sc_light_clear (&light);
  assert_light (&light, SC_VERDICT_UNKNOWN, "", "");
  g_assert_cmpint (light.id, ==, SC_LIGHT_WRITEBACK);
  g_assert_null (light.evidence);
}

static void
test_names (void)
{
  static const char *const lights[SC_N_LIGHTS] = { "spu", "sikka", "authorization", "cloud",
                                                   "writeback" };
  static const char *const verdicts[] = { "unknown", "ok", "attention", "failed", "not-here" };
  static const char *const spu[] = { "could-not-look", "not-installed", "stopped", "running" };

  for (gsize i = 0; i < G_N_ELEMENTS (lights); i++)
    g_assert_cmpstr (sc_light_id_get_name (i), ==, lights[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (verdicts); i++)
    g_assert_cmpstr (sc_verdict_get_name (i), ==, verdicts[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (spu); i++)
    g_assert_cmpstr (sc_spu_state_get_id (i), ==, spu[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/light/spu", test_spu);
  g_test_add_func ("/core/light/spu-not-looked", test_spu_not_looked);
  g_test_add_func ("/core/light/sikka", test_sikka);
  g_test_add_func ("/core/light/sikka-evidence", test_sikka_evidence);
  g_test_add_func ("/core/light/authorization", test_authorization);
  g_test_add_func ("/core/light/authorization-kept-while-unreachable", test_authorization_keeps);
  g_test_add_func ("/core/light/cloud", test_cloud);
  g_test_add_func ("/core/light/cloud-shows-transport-errors", test_cloud_shows_transport_errors);
  g_test_add_func ("/core/light/cloud-clock", test_cloud_clock);
  g_test_add_func ("/core/light/cloud-kept-while-not-asked", test_cloud_keeps);
  g_test_add_func ("/core/light/cloud-foreign-error", test_cloud_foreign_error);
  g_test_add_func ("/core/light/writeback", test_writeback);
  g_test_add_func ("/core/light/names", test_names);
  return g_test_run ();
}
