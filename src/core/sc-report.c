// SPDX-License-Identifier: MIT
// The report that goes to the cloud after a change of state or a check (contract: CompanionReport).

#define G_LOG_DOMAIN "sc-core"

#include "sc-report.h"

#include "sc-json.h"

/* What is written here stands in the table of sc-field.c, and nothing else may be. */

static void
set_text (JsonObject *object, const char *member, const char *text)
{
  json_object_set_string_member (object, member, text != NULL ? text : "");
}

static void
set_time (JsonObject *object, const char *member, gint64 seconds)
{
  g_autofree char *text = sc_json_format_time (seconds);

  json_object_set_string_member (object, member, text);
}

static JsonObject *
build_state (const ScConnection *connection)
{
  JsonObject *state = json_object_new ();

  set_text (state, "phase", sc_connection_get_phase (connection));
  set_text (state, "status", sc_connection_get_status (connection));
  set_text (state, "errorId", connection->has_error ? sc_error_to_id (connection->error) : "");
  return state;
}

/* Without the evidence: it could hold a name. */
static JsonObject *
build_light (const ScLight *light)
{
  JsonObject *object = json_object_new ();

  set_text (object, "id", sc_light_id_get_name (light->id));
  set_text (object, "verdict", sc_verdict_get_name (light->verdict));
  set_time (object, "checked", light->checked);
  set_text (object, "advice", light->advice);
  return object;
}

static JsonArray *
build_lights (const ScLight *lights)
{
  JsonArray *array = json_array_new ();

  for (gsize i = 0; i < SC_N_LIGHTS; i++)
    if (lights[i].checked > 0)
      json_array_add_object_element (array, build_light (&lights[i]));
  return array;
}

static JsonObject *
build_counters (const ScCounters *counters)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "refreshes", counters->refreshes);
  json_object_set_int_member (object, "callbacks", counters->callbacks);
  json_object_set_int_member (object, "storeErrors", counters->store_errors);
  return object;
}

static JsonObject *
build_activity (const ScReport *self)
{
  JsonObject *object = json_object_new ();

  set_text (object, "head", self->chain_head);
  json_object_set_int_member (object, "length", self->chain_length);
  return object;
}

char *
sc_report_serialize (const ScReport *self)
{
  g_autoptr (JsonObject) report = json_object_new ();

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (self->connection != NULL && self->lights != NULL, NULL);

  set_text (report, "id", self->id);
  set_text (report, "kind", self->kind);
  set_time (report, "created", self->created);
  set_text (report, "appVersion", self->app_version);
  set_text (report, "os", self->os);
  set_text (report, "deviceId", self->device_id);
  json_object_set_object_member (report, "state", build_state (self->connection));
  set_text (report, "reference", self->reference);
  json_object_set_array_member (report, "lights", build_lights (self->lights));
  json_object_set_object_member (report, "counters", build_counters (&self->counters));
  json_object_set_object_member (report, "activity", build_activity (self));
  return sc_json_to_text (report);
}
