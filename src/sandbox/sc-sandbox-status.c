// SPDX-License-Identifier: MIT
// The cloud's JSON about a connection: what connection-status and setup answer.

#define G_LOG_DOMAIN "sc-sandbox"

#include "sc-sandbox-status.h"

#include "sc-sandbox-answer.h"

#include <stdio.h>

#define DAY (24 * 3600)

static const char *const features[] = { "appointments", "patients", "insurance",
                                        "payments",     "notes",    "providers" };

static const struct
{
  const char *row_status;
  const char *status;
} statuses[] = {
  { "ACTIVE", "connected" },
  { "ERROR", "failed" },
  { "INACTIVE", "pending" },
  { "SETUP_REQUIRED", "connecting" },
};

const char *
sc_sandbox_status_map (const char *row_status)
{
  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      if (g_strcmp0 (statuses[i].row_status, row_status) == 0)
        return statuses[i].status;
    }

  return "pending";
}

static void
set_error (JsonObject *object, const ScSandboxIntegration *row)
{
  if (row->last_error != NULL)
    json_object_set_string_member (object, "error", row->last_error);
  if (row->last_error_code != NULL)
    json_object_set_string_member (object, "errorCode", row->last_error_code);
}

/* What the key's scope names can be read. */
static JsonObject *
describe_features (const ScSandboxCheck *check)
{
  const char *scope = sc_sandbox_reply_get (check->replies[SC_SANDBOX_CHECK_KEY], "scope");
  g_auto (GStrv) names = g_strsplit (scope != NULL ? scope : "", ",", -1);
  JsonObject *object = json_object_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (features); i++)
    json_object_set_boolean_member (object, features[i],
                                    g_strv_contains ((const char *const *) names, features[i]));

  return object;
}

static JsonArray *
describe_locations (const ScSandboxCheck *check)
{
  JsonArray *items = sc_sandbox_reply_get_items (check->replies[SC_SANDBOX_CHECK_LOCATIONS]);
  JsonArray *array = json_array_new ();

  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      JsonObject *item = json_array_get_object_element (items, i);
      gboolean is_on = g_strcmp0 (sc_sandbox_json_get (item, "access"), "ON") == 0;

      json_array_add_object_element (
        array, sc_sandbox_json_new ("name", sc_sandbox_json_get (item, "practice_name"), "state",
                                    is_on ? "activated" : "not-activated", NULL));
    }

  return array;
}

static gboolean
is_flagged (const ScSandboxCheck *check)
{
  return g_strcmp0 (sc_sandbox_check_get (check, SC_SANDBOX_CHECK_HEALTH, "spc_error_flag"),
                    "True") == 0;
}

/* Sikka writes the schedule as "02:00 AM" beside "Daily". */
static gboolean
parse_schedule (const ScSandboxCheck *check, guint *hour, guint *minute)
{
  const char *time = sc_sandbox_check_get (check, SC_SANDBOX_CHECK_HEALTH, "spc_schedule_time");

  if (time == NULL || sscanf (time, "%2u:%2u", hour, minute) != 2)
    return FALSE;
  *hour = *hour % 12 + (g_str_has_suffix (time, "PM") ? 12 : 0);

  return TRUE;
}

static void
set_schedule (ScSandbox *sandbox, JsonObject *object, const ScSandboxCheck *check)
{
  gint64 now = sc_sandbox_get_now (sandbox);
  guint hour;
  guint minute;
  gint64 next;
  g_autofree char *schedule = NULL;
  g_autofree char *next_text = NULL;

  if (!parse_schedule (check, &hour, &minute))
    return;
  next = now - now % DAY + hour * 3600 + minute * 60;
  if (next <= now)
    next += DAY;
  schedule = g_strdup_printf ("daily %02u:%02u", hour, minute);
  next_text = sc_sandbox_format_time (next);
  json_object_set_string_member (object, "nextDataAt", next_text);
  json_object_set_string_member (object, "schedule", schedule);
  json_object_set_int_member (object, "intervalMinutes", DAY / 60);
}

static JsonObject *
describe_data_sync (ScSandbox *sandbox, const ScSandboxCheck *check)
{
  const char *date = sc_sandbox_check_get (check, SC_SANDBOX_CHECK_SYNC, "data_insert_date");
  g_autofree char *last = date != NULL ? g_strconcat (date, "Z", NULL) : NULL;
  JsonObject *object =
    sc_sandbox_json_new ("status", sc_sandbox_check_get (check, SC_SANDBOX_CHECK_SYNC, "status"),
                         "lastDataAt", last, "error",
                         is_flagged (check) ? sc_sandbox_check_get (check, SC_SANDBOX_CHECK_HEALTH,
                                                                    "spc_error_description")
                                            : NULL,
                         NULL);

  set_schedule (sandbox, object, check);
  json_object_set_array_member (object, "warnings", json_array_new ());

  return object;
}

static void
set_details (ScSandbox *sandbox, JsonObject *object, const ScSandboxCheck *check)
{
  JsonObject *writeback = json_object_new ();

  json_object_set_boolean_member (writeback, "ok", !is_flagged (check));
  json_object_set_array_member (object, "locations", describe_locations (check));
  json_object_set_object_member (object, "dataSync", describe_data_sync (sandbox, check));
  json_object_set_object_member (object, "features", describe_features (check));
  json_object_set_object_member (object, "writeback", writeback);
}

JsonObject *
sc_sandbox_status_describe (ScSandbox *sandbox,
                            const ScSandboxIntegration *row,
                            const ScSandboxCheck *check)
{
  const char *status = sc_sandbox_status_map (row != NULL ? row->status : NULL);
  g_autofree char *timestamp = sc_sandbox_format_time (sc_sandbox_get_now (sandbox));
  JsonObject *object = json_object_new ();

  json_object_set_boolean_member (object, "isConnected", g_str_equal (status, "connected"));
  json_object_set_string_member (object, "status", status);
  json_object_set_string_member (object, "provider", "SIKKA");
  json_object_set_string_member (object, "timestamp", timestamp);
  if (row != NULL && row->office_id != NULL)
    {
      json_object_set_string_member (object, "practiceName", row->practice_name);
      json_object_set_string_member (object, "pmsType", row->pms_type);
      json_object_set_string_member (object, "officeId", row->office_id);
    }
  if (row != NULL)
    set_error (object, row);
  if (check != NULL && check->error == NULL)
    set_details (sandbox, object, check);

  return object;
}

JsonObject *
sc_sandbox_status_describe_setup (const ScSandboxIntegration *row, const ScSandboxCheck *check)
{
  JsonObject *object =
    sc_sandbox_json_new ("provider", "SIKKA", "status", row->status, "practiceName",
                         row->practice_name, "pmsType", row->pms_type, NULL);

  json_object_set_boolean_member (object, "success", check->error == NULL);
  json_object_set_object_member (
    object, "features", check->error == NULL ? describe_features (check) : json_object_new ());
  set_error (object, row);

  return object;
}
