// SPDX-License-Identifier: MIT
// Health lights: a verdict with its evidence, age and advice. "Could not look" is not "broken".

#define G_LOG_DOMAIN "sc-core"

#include "sc-light.h"

#include "sc-activity.h"
#include "sc-json.h"

#define MINUTE 60
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/* A daily upload and a quarter of a day; also where no schedule is known. */
#define DEFAULT_ALLOWANCE (30 * HOUR)
/* An upload every few minutes is late after an hour, not after seconds. */
#define LEAST_ALLOWANCE HOUR
/* Longer intervals are a mistake of who says so. */
#define MAX_INTERVAL (31 * DAY)

#define MAX_CLOCK_SKEW (5 * MINUTE)

/* Every advice there is, with the one who acts. Ids are stable: clients make sentences of them. */
static const struct
{
  const char *id;
  const char *actor;
} advices[] = {
  { "", "" },
  /* The SPU on this PC. */
  { "spu-install", "front-desk" },
  { "spu-start", "it" },
  { "spu-look-there", "front-desk" },
  /* Data on its way to Sikka. */
  { "sikka-wait-first-sync", "sikka" },
  { "sikka-stale", "it" },
  { "sikka-reported", "it" },
  { "sikka-wait", "sikka" },
  { "writeback-check-spu", "it" },
  /* What this PC may do. */
  { "authorize", "front-desk" },
  { "authorize-again", "front-desk" },
  { "sikka-not-granted", "vendor" },
  { "sikka-access", "vendor" },
  { "vendor-access", "vendor" },
  { "keyring-unlock", "front-desk" },
  { "keyring-ask-it", "it" },
  /* The way to the cloud. */
  { "network-check", "it" },
  { "captive-portal-sign-in", "front-desk" },
  { "tls-ask-it", "it" },
  { "tls-inspection-ask-it", "it" },
  { "proxy-ask-it", "it" },
  { "clock-set", "it" },
  { "config-ask-it", "it" },
  { "cloud-wait", "vendor" },
  { "cloud-ask-vendor", "vendor" },
};

/* What an error says about a light. One without a row says nothing bad about it. */
typedef struct
{
  ScError error;
  ScVerdict verdict;
  const char *advice;
} Judgement;

static const Judgement grant_judgements[] = {
  { SC_ERROR_NOT_CONNECTED, SC_VERDICT_UNKNOWN, "authorize" },
  { SC_ERROR_OAUTH_GRANT, SC_VERDICT_FAILED, "authorize-again" },
  { SC_ERROR_CLOUD_UNAUTHORIZED, SC_VERDICT_FAILED, "authorize-again" },
  { SC_ERROR_STORE_ABSENT, SC_VERDICT_FAILED, "authorize-again" },
  { SC_ERROR_STORE_DAMAGED, SC_VERDICT_FAILED, "authorize-again" },
  { SC_ERROR_STORE_LOCKED, SC_VERDICT_UNKNOWN, "keyring-unlock" },
  { SC_ERROR_STORE_UNAVAILABLE, SC_VERDICT_ATTENTION, "keyring-ask-it" },
  { SC_ERROR_STORE_FAILED, SC_VERDICT_ATTENTION, "keyring-ask-it" },
  { SC_ERROR_STORE_TOO_LARGE, SC_VERDICT_ATTENTION, "keyring-ask-it" },
  { SC_ERROR_CLOUD_FORBIDDEN, SC_VERDICT_FAILED, "vendor-access" },
  { SC_ERROR_OAUTH_CLIENT, SC_VERDICT_FAILED, "vendor-access" },
  { SC_ERROR_SIKKA_NOT_GRANTED, SC_VERDICT_FAILED, "sikka-not-granted" },
  { SC_ERROR_SIKKA_APP, SC_VERDICT_FAILED, "sikka-access" },
  { SC_ERROR_SIKKA_KEY_EXPIRED, SC_VERDICT_FAILED, "sikka-access" },
};

static const Judgement cloud_judgements[] = {
  { SC_ERROR_FAILED, SC_VERDICT_FAILED, "cloud-ask-vendor" },
  { SC_ERROR_NET_OFFLINE, SC_VERDICT_FAILED, "network-check" },
  { SC_ERROR_NET_REFUSED, SC_VERDICT_FAILED, "network-check" },
  { SC_ERROR_NET_TIMED_OUT, SC_VERDICT_FAILED, "network-check" },
  { SC_ERROR_NET_TLS, SC_VERDICT_FAILED, "tls-ask-it" },
  { SC_ERROR_NET_INTERCEPTED, SC_VERDICT_FAILED, "tls-inspection-ask-it" },
  { SC_ERROR_NET_CAPTIVE_PORTAL, SC_VERDICT_FAILED, "captive-portal-sign-in" },
  { SC_ERROR_NET_PROXY, SC_VERDICT_FAILED, "proxy-ask-it" },
  { SC_ERROR_NET_INSECURE, SC_VERDICT_FAILED, "config-ask-it" },
  { SC_ERROR_NET_TOO_LARGE, SC_VERDICT_FAILED, "cloud-ask-vendor" },
  { SC_ERROR_NET_TRUNCATED, SC_VERDICT_FAILED, "cloud-ask-vendor" },
  { SC_ERROR_CLOCK, SC_VERDICT_FAILED, "clock-set" },
  { SC_ERROR_CLOUD_REJECTED, SC_VERDICT_ATTENTION, "cloud-ask-vendor" },
  { SC_ERROR_CLOUD_RATE_LIMITED, SC_VERDICT_ATTENTION, "cloud-wait" },
  { SC_ERROR_CLOUD_UNAVAILABLE, SC_VERDICT_FAILED, "cloud-wait" },
  { SC_ERROR_CLOUD_ANSWER, SC_VERDICT_FAILED, "cloud-ask-vendor" },
  { SC_ERROR_SIKKA_QUOTA, SC_VERDICT_ATTENTION, "sikka-wait" },
  { SC_ERROR_SIKKA_UNAVAILABLE, SC_VERDICT_ATTENTION, "sikka-wait" },
  { SC_ERROR_OAUTH_SERVER, SC_VERDICT_ATTENTION, "cloud-ask-vendor" },
  { SC_ERROR_OAUTH_TOKEN, SC_VERDICT_FAILED, "cloud-ask-vendor" },
  { SC_ERROR_OAUTH_METADATA, SC_VERDICT_FAILED, "cloud-ask-vendor" },
  { SC_ERROR_OAUTH_ISSUER, SC_VERDICT_FAILED, "cloud-ask-vendor" },
  { SC_ERROR_JSON_SYNTAX, SC_VERDICT_FAILED, "cloud-ask-vendor" },
  { SC_ERROR_JSON_LIMIT, SC_VERDICT_FAILED, "cloud-ask-vendor" },
  { SC_ERROR_JSON_TYPE, SC_VERDICT_FAILED, "cloud-ask-vendor" },
  { SC_ERROR_JSON_MISSING, SC_VERDICT_FAILED, "cloud-ask-vendor" },
};

/* Errors of this PC: no call was made, so the cloud light says what it said. */
static const ScError not_asked[] = {
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

static void
spu_process_free (ScSpuProcess *self)
{
  g_free (self->name);
  g_free (self);
}

ScSpuFindings *
sc_spu_findings_new (gint64 checked)
{
  ScSpuFindings *self = g_new0 (ScSpuFindings, 1);

  self->checked = checked;
  self->processes = g_ptr_array_new_with_free_func ((GDestroyNotify) spu_process_free);
  self->evidence = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
sc_spu_findings_add_process (ScSpuFindings *self, const char *name, gboolean running)
{
  ScSpuProcess *process = NULL;

  g_return_if_fail (self != NULL);
  g_return_if_fail (name != NULL);

  process = g_new0 (ScSpuProcess, 1);
  process->name = g_strdup (name);
  process->running = running;
  g_ptr_array_add (self->processes, process);
}

void
sc_spu_findings_free (ScSpuFindings *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->processes);
  g_ptr_array_unref (self->evidence);
  g_free (self);
}

const char *
sc_spu_state_get_id (ScSpuState state)
{
  static const char *const ids[] = {
    [SC_SPU_COULD_NOT_LOOK] = "could-not-look",
    [SC_SPU_NOT_INSTALLED] = "not-installed",
    [SC_SPU_STOPPED] = "stopped",
    [SC_SPU_RUNNING] = "running",
  };

  g_return_val_if_fail ((guint) state < G_N_ELEMENTS (ids), "could-not-look");

  return ids[state];
}

void
sc_light_clear (ScLight *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->evidence, g_free);
  *self = (ScLight){ .id = self->id, .advice = "", .actor = "" };
}

static gsize
find_advice (const char *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (advices); i++)
    if (g_str_equal (advices[i].id, id))
      return i;
  g_assert_not_reached ();
}

/* @evidence is given away; texts in it may come from outside. */
static void
set_light (ScLight *self,
           ScLightId id,
           ScVerdict verdict,
           gint64 checked,
           const char *advice,
           char *evidence)
{
  g_autofree char *raw = evidence;
  gsize i = find_advice (advice);

  sc_light_clear (self);
  self->id = id;
  self->verdict = verdict;
  self->checked = checked;
  self->advice = advices[i].id;
  self->actor = advices[i].actor;
  self->evidence = sc_activity_sanitize (raw);
}

/* By id, so that an error of another domain is one of ours. */
static ScError
get_code (const GError *error)
{
  return sc_error_from_id (sc_error_get_id (error));
}

static const Judgement *
find_judgement (const Judgement *judgements, gsize n_judgements, const GError *error)
{
  for (gsize i = 0; i < n_judgements; i++)
    if (error != NULL && judgements[i].error == get_code (error))
      return &judgements[i];
  return NULL;
}

static char *
describe_findings (const ScSpuFindings *findings)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < findings->processes->len; i++)
    {
      const ScSpuProcess *process = g_ptr_array_index (findings->processes, i);
      const char *state = process->running ? "running" : "not running";

      g_ptr_array_add (lines, g_strdup_printf ("%s: %s", process->name, state));
    }
  for (guint i = 0; i < findings->evidence->len; i++)
    g_ptr_array_add (lines, g_strdup (g_ptr_array_index (findings->evidence, i)));
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("; ", (char **) lines->pdata);
}

void
sc_light_set_spu (ScLight *self, const ScSpuFindings *findings, gboolean elsewhere)
{
  static const struct
  {
    ScVerdict verdict;
    const char *advice;
  } rows[] = {
    [SC_SPU_COULD_NOT_LOOK] = { SC_VERDICT_UNKNOWN, "" },
    [SC_SPU_NOT_INSTALLED] = { SC_VERDICT_ATTENTION, "spu-install" },
    [SC_SPU_STOPPED] = { SC_VERDICT_FAILED, "spu-start" },
    [SC_SPU_RUNNING] = { SC_VERDICT_OK, "" },
  };
  g_return_if_fail (self != NULL);

  if (findings == NULL)
    set_light (self, SC_LIGHT_SPU, SC_VERDICT_UNKNOWN, 0, "", NULL);
  else
    set_light (self, SC_LIGHT_SPU, rows[findings->state].verdict, findings->checked,
               rows[findings->state].advice, describe_findings (findings));
  if (elsewhere)
    set_light (self, SC_LIGHT_SPU, SC_VERDICT_NOT_HERE, self->checked, "spu-look-there",
               g_steal_pointer (&self->evidence));
}

/* "not-refresh", "not_refresh" and "Not Refresh" are one: Sikka spells it in all these ways. */
static gboolean
is_not_refreshed (const char *status)
{
  g_autoptr (GString) letters = g_string_new (NULL);

  for (const char *p = status != NULL ? status : ""; *p != '\0'; p++)
    if (g_ascii_isalpha (*p))
      g_string_append_c (letters, g_ascii_tolower (*p));
  return g_str_has_prefix (letters->str, "notrefresh");
}

static gint64
get_allowance (const ScDataSync *sync)
{
  gint64 interval = CLAMP (sync->interval_minutes, 0, MAX_INTERVAL / MINUTE) * MINUTE;

  if (interval == 0)
    return DEFAULT_ALLOWANCE;
  return MAX (interval + interval / 4, LEAST_ALLOWANCE);
}

static char *
describe_sync (const ScDataSync *sync)
{
  g_autofree char *last =
    sync->last_data_at < 0 ? g_strdup ("never") : sc_json_format_time (sync->last_data_at);
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "last data: %s", last);
  if (sync->schedule != NULL)
    g_string_append_printf (text, "; schedule: %s", sync->schedule);
  else if (sync->interval_minutes > 0)
    g_string_append_printf (text, "; every %" G_GINT64_FORMAT " min", sync->interval_minutes);
  if (sync->error != NULL)
    g_string_append_printf (text, "; Sikka: %s", sync->error);
  for (char **warning = sync->warnings; warning != NULL && *warning != NULL; warning++)
    g_string_append_printf (text, "; Sikka: %s", *warning);
  return g_string_free (text, FALSE);
}

static const char *
advise_sync (const ScDataSync *sync, gint64 now)
{
  if (sync->last_data_at < 0)
    return "sikka-wait-first-sync";
  if (is_not_refreshed (sync->status) || now - sync->last_data_at > get_allowance (sync))
    return "sikka-stale";
  if (sync->error != NULL || (sync->warnings != NULL && *sync->warnings != NULL))
    return "sikka-reported";
  return "";
}

void
sc_light_set_sikka (ScLight *self, const ScDataSync *data_sync, gint64 now)
{
  const char *advice = "";
  ScVerdict verdict = SC_VERDICT_OK;

  g_return_if_fail (self != NULL);

  if (data_sync == NULL)
    {
      set_light (self, SC_LIGHT_SIKKA, SC_VERDICT_UNKNOWN, 0, "", NULL);
      return;
    }
  advice = advise_sync (data_sync, now);
  verdict = *advice != '\0' ? SC_VERDICT_ATTENTION : SC_VERDICT_OK;
  set_light (self, SC_LIGHT_SIKKA, verdict, now, advice, describe_sync (data_sync));
}

/* Leaves @self as it is, or makes a light of one that is still all zeros. */
static void
keep_light (ScLight *self, ScLightId id)
{
  self->id = id;
  if (self->advice == NULL)
    sc_light_clear (self);
}

void
sc_light_set_authorization (ScLight *self, gboolean has_credential, const GError *error, gint64 now)
{
  const Judgement *found = NULL;

  g_return_if_fail (self != NULL);

  found = find_judgement (grant_judgements, G_N_ELEMENTS (grant_judgements), error);
  if (found != NULL)
    set_light (self, SC_LIGHT_AUTHORIZATION, found->verdict, now, found->advice,
               g_strdup (error->message));
  else if (!has_credential)
    set_light (self, SC_LIGHT_AUTHORIZATION, SC_VERDICT_UNKNOWN, now, "authorize", NULL);
  else if (error != NULL && sc_error_is_transport (get_code (error)))
    keep_light (self, SC_LIGHT_AUTHORIZATION);
  else
    set_light (self, SC_LIGHT_AUTHORIZATION, SC_VERDICT_OK, now, "", NULL);
}

static gboolean
was_asked (const GError *error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (not_asked); i++)
    if (not_asked[i] == get_code (error))
      return FALSE;
  return TRUE;
}

static char *
describe_skew (gint64 clock_skew)
{
  gint64 minutes = (clock_skew < 0 ? -clock_skew : clock_skew) / MINUTE;

  return g_strdup_printf ("this PC's clock is %" G_GINT64_FORMAT " minutes %s", minutes,
                          clock_skew < 0 ? "behind" : "ahead");
}

static void
judge_cloud (ScLight *self, const GError *error, gboolean is_skewed, gint64 now)
{
  const Judgement *found =
    find_judgement (cloud_judgements, G_N_ELEMENTS (cloud_judgements), error);
  const char *advice = NULL;

  if (found == NULL)
    {
      /* Another error is the cloud's answer: it is there. */
      set_light (self, SC_LIGHT_CLOUD, SC_VERDICT_OK, now, "", NULL);
      return;
    }
  /* A certificate is refused by a clock that is wrong. */
  advice = found->error == SC_ERROR_NET_TLS && is_skewed ? "clock-set" : found->advice;
  set_light (self, SC_LIGHT_CLOUD, found->verdict, now, advice, g_strdup (error->message));
}

void
sc_light_set_cloud (ScLight *self, const GError *error, gint64 clock_skew, gint64 now)
{
  gboolean is_skewed = clock_skew > MAX_CLOCK_SKEW || clock_skew < -MAX_CLOCK_SKEW;

  g_return_if_fail (self != NULL);

  if (error != NULL && !was_asked (error))
    {
      keep_light (self, SC_LIGHT_CLOUD);
      return;
    }
  judge_cloud (self, error, is_skewed, now);
  if (is_skewed && self->verdict == SC_VERDICT_OK)
    set_light (self, SC_LIGHT_CLOUD, SC_VERDICT_ATTENTION, now, "clock-set",
               describe_skew (clock_skew));
}

void
sc_light_set_writeback (ScLight *self, gboolean ok, gint64 now)
{
  g_return_if_fail (self != NULL);

  if (ok)
    set_light (self, SC_LIGHT_WRITEBACK, SC_VERDICT_OK, now, "", NULL);
  else
    set_light (self, SC_LIGHT_WRITEBACK, SC_VERDICT_FAILED, now, "writeback-check-spu", NULL);
}

const char *
sc_light_id_get_name (ScLightId id)
{
  static const char *const names[SC_N_LIGHTS] = {
    [SC_LIGHT_SPU] = "spu",
    [SC_LIGHT_SIKKA] = "sikka",
    [SC_LIGHT_AUTHORIZATION] = "authorization",
    [SC_LIGHT_CLOUD] = "cloud",
    [SC_LIGHT_WRITEBACK] = "writeback",
  };

  g_return_val_if_fail ((guint) id < SC_N_LIGHTS, "");

  return names[id];
}

const char *
sc_verdict_get_name (ScVerdict verdict)
{
  static const char *const names[] = {
    [SC_VERDICT_UNKNOWN] = "unknown",     [SC_VERDICT_OK] = "ok",
    [SC_VERDICT_ATTENTION] = "attention", [SC_VERDICT_FAILED] = "failed",
    [SC_VERDICT_NOT_HERE] = "not-here",
  };

  g_return_val_if_fail ((guint) verdict < G_N_ELEMENTS (names), "unknown");

  return names[verdict];
}
