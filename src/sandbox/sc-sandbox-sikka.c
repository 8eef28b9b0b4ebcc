// SPDX-License-Identifier: MIT
// Sikka's API v4 in Sikka's shapes: strings everywhere, errors in bodies, 204 without one.

#define G_LOG_DOMAIN "sc-sandbox"

#include "sc-sandbox-sikka.h"

#include "sc-sandbox-answer.h"
#include "sc-sandbox-crypto.h"
#include "sc-sandbox-sikka-key.h"

#define CODE_LIFETIME 300
#define UPLOAD_TIME (2 * 3600 + 11 * 60) /* seconds after midnight: the nightly upload, 02:11 */
#define DAY (24 * 3600)
#define DEFAULT_LIMIT 50
#define MAX_LIMIT 5000
#define NEVER "1111-11-11T00:00:00"

ScSandboxSikka *
sc_sandbox_sikka_new (const char *state_dir, GError **error)
{
  g_autoptr (ScSandboxSikka) self = g_new0 (ScSandboxSikka, 1);

  self->db = sc_sandbox_db_open (state_dir, "sikka.db", SC_SANDBOX_SIKKA_KEY_SCHEMA, error);

  return self->db != NULL ? g_steal_pointer (&self) : NULL;
}

void
sc_sandbox_sikka_free (ScSandboxSikka *self)
{
  g_clear_pointer (&self->db, sqlite3_close);
  g_free (self);
}

char *
sc_sandbox_sikka_add_code (ScSandboxSikka *self, const char *office_id, gint64 now)
{
  char *code = sc_sandbox_crypto_create_token ();

  sc_sandbox_db_run (self->db, "INSERT INTO codes VALUES (?, ?, ?)", "ssi", code, office_id,
                     now + CODE_LIFETIME);

  return code;
}

void
sc_sandbox_sikka_enter (ScSandboxSikka *self, ScSandboxScenario scenario)
{
  if (scenario == SC_SANDBOX_SCENARIO_REQUEST_KEY_EXPIRED)
    sc_sandbox_db_run (self->db, "UPDATE request_keys SET end_time = 0", "");
}

void
sc_sandbox_sikka_clear (ScSandboxSikka *self)
{
  sc_sandbox_db_run (self->db, "DELETE FROM codes", "");
  sc_sandbox_db_run (self->db, "DELETE FROM request_keys", "");
  sc_sandbox_db_run (self->db, "DELETE FROM refresh_keys", "");
}

static void
set_rate_headers (ScSandboxRequest *request)
{
  sc_sandbox_answer_set_header (request, "X-Rate-Limit-Limit", "200");
  sc_sandbox_answer_set_header (request, "X-Rate-Limit-Remaining", "199");
  sc_sandbox_answer_set_header (request, "X-Rate-Limit-Reset", "60");
}

void
sc_sandbox_sikka_answer (ScSandboxRequest *request, JsonObject *object)
{
  set_rate_headers (request);
  sc_sandbox_answer_json (request, SOUP_STATUS_OK, object);
}

void
sc_sandbox_sikka_answer_error (ScSandboxRequest *request,
                               guint status,
                               const char *code,
                               const char *message)
{
  g_autofree char *http_code = g_strdup_printf ("%u", status);

  set_rate_headers (request);
  if (status == SOUP_STATUS_NO_CONTENT)
    sc_sandbox_answer_empty (request, status);
  else
    sc_sandbox_answer_json (request, status,
                            sc_sandbox_json_new ("http_code", http_code, "http_code_desc",
                                                 soup_status_get_phrase (status), "error_code",
                                                 code, "short_message", message, "long_message",
                                                 message, "more_information", "", NULL));
}

gboolean
sc_sandbox_sikka_check_app (ScSandboxRequest *request, const char *id, const char *key)
{
  if (id == NULL)
    sc_sandbox_sikka_answer_error (request, 400, "API1001", "App id is missing");
  else if (key == NULL)
    sc_sandbox_sikka_answer_error (request, 400, "API1002", "App key is missing");
  else if (g_strcmp0 (id, SC_SANDBOX_APP_ID) != 0 || g_strcmp0 (key, SC_SANDBOX_APP_KEY) != 0)
    sc_sandbox_sikka_answer_error (request, 401, "API2003", "App id or app key is invalid");
  else
    return TRUE;

  return FALSE;
}

static gboolean
check_app_headers (ScSandboxRequest *request)
{
  return sc_sandbox_sikka_check_app (request, sc_sandbox_request_get_header (request, "App-Id"),
                                     sc_sandbox_request_get_header (request, "App-Key"));
}

/* The nightly upload that was last due; with a silent SPU the one of three days before. */
static gint64
get_last_upload (ScSandbox *sandbox)
{
  gint64 now = sc_sandbox_get_now (sandbox);
  gint64 last = now - now % DAY + UPLOAD_TIME;

  if (last > now)
    last -= DAY;
  if (sc_sandbox_has_scenario (sandbox, SC_SANDBOX_SCENARIO_SPU_OFFLINE))
    last -= 3 * DAY;

  return last;
}

static char *
format_upload (ScSandbox *sandbox, const char *format)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (get_last_upload (sandbox));

  return g_date_time_format (date, format);
}

/* Offset is the number of a page, not of an item. */
static void
answer_list (ScSandboxRequest *request, GPtrArray *items)
{
  const char *limit_text = sc_sandbox_request_get (request, "limit");
  const char *offset_text = sc_sandbox_request_get (request, "offset");
  guint64 limit = limit_text != NULL ? g_ascii_strtoull (limit_text, NULL, 10) : DEFAULT_LIMIT;
  guint64 offset = offset_text != NULL ? g_ascii_strtoull (offset_text, NULL, 10) : 0;
  g_autofree char *total = g_strdup_printf ("%u", items->len);
  g_autofree char *limit_used = NULL;
  JsonArray *page = json_array_new ();
  JsonObject *answer;

  limit = CLAMP (limit, 1, MAX_LIMIT);
  limit_used = g_strdup_printf ("%" G_GUINT64_FORMAT, limit);
  for (guint64 i = 0; offset < items->len && i < limit && offset * limit + i < items->len; i++)
    json_array_add_object_element (page, json_object_ref (items->pdata[offset * limit + i]));
  if (json_array_get_length (page) == 0)
    {
      json_array_unref (page);
      sc_sandbox_sikka_answer_error (request, SOUP_STATUS_NO_CONTENT, "API2005", "No data");
      return;
    }

  answer = sc_sandbox_json_new ("offset", offset_text != NULL ? offset_text : "0", "limit",
                                limit_used, "total_count", total, "execution_time", "12 ms", NULL);
  json_object_set_object_member (
    answer, "pagination",
    sc_sandbox_json_new ("first", "", "previous", "", "current", "", "next", "", "last", "", NULL));
  json_object_set_array_member (answer, "items", page);
  sc_sandbox_sikka_answer (request, answer);
}

typedef JsonObject *(*Describe) (ScSandboxRequest *request,
                                 const ScSandboxPractice *practice,
                                 const ScSandboxLocation *location);

/* Answers with an item for every location that the filters of the URL leave. */
static void
answer_locations (ScSandboxRequest *request, gboolean only_first, Describe describe)
{
  const char *office_id = sc_sandbox_request_get (request, "office_id");
  const char *practice_id = sc_sandbox_request_get (request, "practice_id");
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  const ScSandboxPractice *practice = sc_sandbox_practice_list ();

  for (; practice->office_id != NULL; practice++)
    {
      const ScSandboxLocation *location = practice->locations;

      if (office_id != NULL && g_strcmp0 (office_id, practice->office_id) != 0)
        continue;
      for (; location->practice_id != NULL; location++)
        {
          if ((practice_id == NULL || g_strcmp0 (practice_id, location->practice_id) == 0) &&
              (!only_first || location == practice->locations))
            g_ptr_array_add (items, describe (request, practice, location));
        }
    }
  answer_list (request, items);
}

static JsonObject *
describe_authorized (ScSandboxRequest *request,
                     const ScSandboxPractice *practice,
                     const ScSandboxLocation *location)
{
  gboolean is_empty = sc_sandbox_has_scenario (request->sandbox, SC_SANDBOX_SCENARIO_NO_DATA_YET);
  g_autofree char *date =
    is_empty ? g_strdup (NEVER) : format_upload (request->sandbox, "%Y-%m-%dT%H:%M:%S");
  g_autofree char *href = g_strconcat (sc_sandbox_get_url (request->sandbox), "/v4/practices/",
                                       location->practice_id, NULL);

  return sc_sandbox_json_new (
    "href", href, "practice_id", location->practice_id, "office_id", practice->office_id,
    "secret_key", practice->secret_key, "domain", practice->domain, "practice_name",
    location == practice->locations ? practice->name : location->name, "address", "1 Main Street",
    "city", location->city, "state", "ON", "zip", "K1A 0B1", "practice_management_system",
    practice->pms, "practice_management_system_version", practice->pms_version,
    "practice_management_system_refresh_date", date,
    "practice_management_system_refresh_date_time_zone", "UTC", "data_synchronization_date", date,
    "data_insert_date", date, "difference_in_minutes", "0", "partner_id", "1", "financial_system",
    "", "financial_system_version", "", "financial_system_refresh_date", NEVER, NULL);
}

static void
handle_practices (gpointer part, ScSandboxRequest *request)
{
  gboolean show_all = g_strcmp0 (sc_sandbox_request_get (request, "show"), "all") == 0;

  if (check_app_headers (request))
    answer_locations (request, !show_all, describe_authorized);
}

/* Returns: whether there is anything to say about the practice, or an error was answered */
static gboolean
check_data (ScSandboxRequest *request)
{
  if (!check_app_headers (request))
    return FALSE;
  if (sc_sandbox_has_scenario (request->sandbox, SC_SANDBOX_SCENARIO_NO_DATA_YET))
    sc_sandbox_sikka_answer_error (request, 500, "API2010", "No data has been uploaded yet");
  else if (sc_sandbox_has_scenario (request->sandbox, SC_SANDBOX_SCENARIO_STATUS_FAILED))
    sc_sandbox_sikka_answer_error (request, 401, "API2007", "Practice has not granted access");
  else
    return TRUE;

  return FALSE;
}

static JsonObject *
describe_sync (ScSandboxRequest *request,
               const ScSandboxPractice *practice,
               const ScSandboxLocation *location)
{
  gboolean is_offline = sc_sandbox_has_scenario (request->sandbox, SC_SANDBOX_SCENARIO_SPU_OFFLINE);
  g_autofree char *date = format_upload (request->sandbox, "%Y-%m-%dT%H:%M:%S");

  return sc_sandbox_json_new (
    "status", is_offline ? "not_refresh" : "refresh", "practice_id", location->practice_id,
    "office_id", practice->office_id, "domain", practice->domain, "practice_name", location->name,
    "practice_management_system", practice->pms, "practice_management_system_version",
    practice->pms_version, "practice_management_system_refresh_date_time_zone", "UTC",
    "data_insert_date", date, NULL);
}

static void
handle_sync (gpointer part, ScSandboxRequest *request)
{
  if (check_data (request))
    answer_locations (request, FALSE, describe_sync);
}

static JsonObject *
describe_health (ScSandboxRequest *request,
                 const ScSandboxPractice *practice,
                 const ScSandboxLocation *location)
{
  gboolean is_offline = sc_sandbox_has_scenario (request->sandbox, SC_SANDBOX_SCENARIO_SPU_OFFLINE);
  g_autofree char *date = format_upload (request->sandbox, "%-m/%-d/%Y %-I:%M:%S %p");

  return sc_sandbox_json_new (
    "practice_id", location->practice_id, "office_id", practice->office_id, "spc_id",
    practice->spc_id, "spc_version", "5.1.2.0", "refresh_time", date, "spc_schedule_time",
    "02:00 AM", "spc_schedule_type", "Daily", "spc_schedule_interval", "1440",
    "is_spc_update_locked", "False", "etl_start", date, "etl_end", date, "etl_error_description",
    "", "web_upload_start", date, "web_upload_end", date, "web_upload_error_flag", "False",
    "spc_error_flag", is_offline ? "True" : "False", "spc_error_priority", "1",
    "spc_error_description", is_offline ? "The utility has not been heard of for three days" : "",
    "practice_management_system", practice->pms, "practice_management_system_version",
    practice->pms_version, "practice_management_system_version_detected", practice->pms_version,
    "timezone", "UTC", "is_inactive", "False", "operating_system", "Windows 11 Pro", "machine_name",
    "FRONTDESK-01", "disk_free_space", "120 GB", "memory", "16 GB", NULL);
}

static void
handle_health (gpointer part, ScSandboxRequest *request)
{
  if (check_data (request))
    answer_locations (request, TRUE, describe_health);
}

static JsonObject *
describe_access (ScSandboxRequest *request,
                 const ScSandboxPractice *practice,
                 const ScSandboxLocation *location)
{
  return sc_sandbox_json_new ("office_id", practice->office_id, "practice_id",
                              location->practice_id, "practice_name", location->name, "access",
                              location->is_on ? "ON" : "OFF", NULL);
}

static void
handle_locations (gpointer part, ScSandboxRequest *request)
{
  if (check_app_headers (request))
    answer_locations (request, FALSE, describe_access);
}

static void
handle_location_access (gpointer part, ScSandboxRequest *request)
{
  if (check_app_headers (request))
    sc_sandbox_sikka_answer_error (request, 200, "API4006", "Practice location updated");
}

static void
handle_pmses (gpointer part, ScSandboxRequest *request)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  const ScSandboxPractice *practice = sc_sandbox_practice_list ();

  if (!check_app_headers (request))
    return;
  for (; practice->office_id != NULL; practice++)
    g_ptr_array_add (items, sc_sandbox_json_new ("practice_management_system", practice->pms,
                                                 "practice_management_system_version",
                                                 practice->pms_version, "domain", practice->domain,
                                                 "appointment_writeback", "True", NULL));
  answer_list (request, items);
}

/* The smallest write-back: nothing is written, but check_spu answers as Sikka does. */
static void
handle_appointment (gpointer part, ScSandboxRequest *request)
{
  if (sc_sandbox_sikka_key_use (part, request) == NULL)
    return;
  if (sc_sandbox_has_scenario (request->sandbox, SC_SANDBOX_SCENARIO_SPU_OFFLINE))
    sc_sandbox_sikka_answer_error (request, 412, "API2017", "The utility is offline");
  else
    sc_sandbox_sikka_answer_error (request, 201, "API2016", "Id:1");
}

const ScSandboxRoute sc_sandbox_sikka_routes[] = {
  { "POST", "/v4/request_key", sc_sandbox_sikka_key_handle_post },
  { "DELETE", "/v4/request_key", sc_sandbox_sikka_key_handle_delete },
  { "DELETE", "/v4/refresh_key", sc_sandbox_sikka_key_handle_delete_refresh },
  { "GET", "/v4/request_key_info", sc_sandbox_sikka_key_handle_info },
  { "GET", "/v4/authorized_practices", handle_practices },
  { "GET", "/v4/data_sync_status", handle_sync },
  { "GET", "/v4/health_check", handle_health },
  { "GET", "/v4/practice_location", handle_locations },
  { "POST", "/v4/practice_location", handle_location_access },
  { "GET", "/v4/supported_pmses", handle_pmses },
  { "POST", "/v4/appointment", handle_appointment },
  { NULL },
};
