// SPDX-License-Identifier: MIT
// The cloud's JSON (data/openapi/companion-cloud.yaml): answers to check, setup and reports.

#define G_LOG_DOMAIN "sc-core"

#include "sc-cloud-status.h"

#include "sc-json.h"
#include "sc-sikka-answer.h"

#define MAX_LOCATIONS 500
#define MAX_WARNINGS 100
#define MAX_FEATURES 100

/* How Sikka writes "never". */
#define NEVER_PREFIX "1111-11-11"

typedef struct
{
  const char *text;
  ScCloudState state;
} StateName;

static const StateName connection_states[] = {
  { "pending", SC_CLOUD_STATE_PENDING },
  { "connecting", SC_CLOUD_STATE_CONNECTING },
  { "connected", SC_CLOUD_STATE_CONNECTED },
  { "failed", SC_CLOUD_STATE_FAILED },
  { NULL },
};

static const StateName setup_states[] = {
  { "ACTIVE", SC_CLOUD_STATE_CONNECTED },
  { "SETUP_REQUIRED", SC_CLOUD_STATE_CONNECTING },
  { "ERROR", SC_CLOUD_STATE_FAILED },
  { "INACTIVE", SC_CLOUD_STATE_PENDING },
  { NULL },
};

static void
location_free (ScLocation *self)
{
  g_free (self->name);
  g_free (self->state);
  g_free (self);
}

static void
data_sync_free (ScDataSync *self)
{
  g_free (self->status);
  g_free (self->schedule);
  g_free (self->error);
  g_strfreev (self->warnings);
  g_free (self);
}

ScCloudStatus *
sc_cloud_status_new (ScCloudState state)
{
  ScCloudStatus *self = g_new0 (ScCloudStatus, 1);

  self->state = state;
  self->timestamp = -1;
  self->error_code = SC_ERROR_CLOUD_STATUS;
  self->locations = g_ptr_array_new_with_free_func ((GDestroyNotify) location_free);
  self->features = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
sc_cloud_status_free (ScCloudStatus *self)
{
  if (self == NULL)
    return;
  g_free (self->provider);
  g_clear_pointer (&self->practice, sc_practice_free);
  g_free (self->error);
  g_clear_pointer (&self->locations, g_ptr_array_unref);
  g_clear_pointer (&self->data_sync, data_sync_free);
  g_clear_pointer (&self->features, g_hash_table_unref);
  g_free (self);
}

static ScCloudState
find_state (const StateName *names, const char *text)
{
  for (gsize i = 0; names[i].text != NULL; i++)
    if (g_str_equal (names[i].text, text))
      return names[i].state;
  return SC_CLOUD_STATE_UNKNOWN;
}

static gboolean
read_string (JsonObject *object, const char *member, char **value, GError **error)
{
  const char *text = NULL;

  if (!sc_json_optional_string (object, member, &text, error))
    return FALSE;
  *value = g_strdup (text);
  return TRUE;
}

/* @seconds is -1 when the member is not there or says "never". */
static gboolean
read_time (JsonObject *object, const char *member, gint64 *seconds, GError **error)
{
  const char *text = NULL;

  *seconds = -1;
  if (!sc_json_optional_string (object, member, &text, error))
    return FALSE;
  if (text == NULL || g_str_has_prefix (text, NEVER_PREFIX))
    return TRUE;
  *seconds = sc_json_parse_time (text);
  if (*seconds >= 0)
    return TRUE;
  g_set_error (error, SC_ERROR, SC_ERROR_JSON_TYPE, "member \"%s\" is no date and time with a zone",
               member);
  return FALSE;
}

static gboolean
check_length (guint length, guint limit, const char *member, GError **error)
{
  if (length <= limit)
    return TRUE;
  g_set_error (error, SC_ERROR, SC_ERROR_JSON_LIMIT, "member \"%s\" has more than %u elements",
               member, limit);
  return FALSE;
}

static ScLocation *
read_location (JsonNode *node, GError **error)
{
  ScLocation *location = NULL;
  const char *name = NULL;
  const char *state = NULL;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error (error, SC_ERROR, SC_ERROR_JSON_TYPE, "it is not an object");
      return NULL;
    }
  name = sc_json_require_string (json_node_get_object (node), "name", error);
  if (name != NULL)
    state = sc_json_require_string (json_node_get_object (node), "state", error);
  if (state == NULL)
    return NULL;
  location = g_new0 (ScLocation, 1);
  location->name = g_strdup (name);
  location->state = g_strdup (state);
  return location;
}

static gboolean
read_locations (JsonObject *object, ScCloudStatus *self, GError **error)
{
  JsonArray *array = NULL;

  if (!sc_json_optional_array (object, "locations", &array, error))
    return FALSE;
  if (array == NULL)
    return TRUE;
  if (!check_length (json_array_get_length (array), MAX_LOCATIONS, "locations", error))
    return FALSE;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      ScLocation *location = read_location (json_array_get_element (array, i), error);

      if (location == NULL)
        {
          g_prefix_error (error, "locations[%u]: ", i);
          return FALSE;
        }
      g_ptr_array_add (self->locations, location);
    }
  return TRUE;
}

static gboolean
is_string (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING;
}

static gboolean
read_warnings (JsonObject *object, ScDataSync *sync, GError **error)
{
  g_autoptr (GStrvBuilder) warnings = g_strv_builder_new ();
  JsonArray *array = NULL;
  guint length = 0;

  if (!sc_json_optional_array (object, "warnings", &array, error))
    return FALSE;
  length = array != NULL ? json_array_get_length (array) : 0;
  if (!check_length (length, MAX_WARNINGS, "warnings", error))
    return FALSE;
  for (guint i = 0; i < length; i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (!is_string (node))
        {
          g_set_error (error, SC_ERROR, SC_ERROR_JSON_TYPE, "warnings[%u] is not a string", i);
          return FALSE;
        }
      g_strv_builder_add (warnings, json_node_get_string (node));
    }
  sync->warnings = g_strv_builder_end (warnings);
  return TRUE;
}

static gboolean
read_interval (JsonObject *object, ScDataSync *sync, GError **error)
{
  if (!sc_json_optional_int (object, "intervalMinutes", &sync->interval_minutes, error))
    return FALSE;
  if (sync->interval_minutes >= 0)
    return TRUE;
  g_set_error (error, SC_ERROR, SC_ERROR_JSON_TYPE, "member \"intervalMinutes\" is below zero");
  return FALSE;
}

static gboolean
fill_data_sync (JsonObject *object, ScDataSync *sync, GError **error)
{
  return read_string (object, "status", &sync->status, error) &&
         read_time (object, "lastDataAt", &sync->last_data_at, error) &&
         read_time (object, "nextDataAt", &sync->next_data_at, error) &&
         read_string (object, "schedule", &sync->schedule, error) &&
         read_interval (object, sync, error) &&
         read_string (object, "error", &sync->error, error) && read_warnings (object, sync, error);
}

static gboolean
read_data_sync (JsonObject *object, ScCloudStatus *self, GError **error)
{
  JsonObject *sync = NULL;

  if (!sc_json_optional_object (object, "dataSync", &sync, error))
    return FALSE;
  if (sync == NULL)
    return TRUE;
  self->data_sync = g_new0 (ScDataSync, 1);
  if (!fill_data_sync (sync, self->data_sync, error))
    {
      g_prefix_error (error, "dataSync: ");
      return FALSE;
    }
  if (self->data_sync->status == NULL)
    self->data_sync->status = g_strdup ("");
  return TRUE;
}

static gboolean
read_features (JsonObject *object, ScCloudStatus *self, GError **error)
{
  g_autoptr (GList) names = NULL;
  JsonObject *features = NULL;

  if (!sc_json_optional_object (object, "features", &features, error))
    return FALSE;
  if (features == NULL)
    return TRUE;
  if (!check_length (json_object_get_size (features), MAX_FEATURES, "features", error))
    return FALSE;
  names = json_object_get_members (features);
  for (GList *l = names; l != NULL; l = l->next)
    {
      gboolean available = FALSE;

      if (!sc_json_require_boolean (features, l->data, &available, error))
        {
          g_prefix_error (error, "features: ");
          return FALSE;
        }
      g_hash_table_insert (self->features, g_strdup (l->data), GINT_TO_POINTER (available));
    }
  return TRUE;
}

static gboolean
read_writeback (JsonObject *object, ScCloudStatus *self, GError **error)
{
  JsonObject *writeback = NULL;

  if (!sc_json_optional_object (object, "writeback", &writeback, error))
    return FALSE;
  if (writeback == NULL)
    return TRUE;
  self->has_writeback = TRUE;
  if (sc_json_require_boolean (writeback, "ok", &self->writeback_ok, error))
    return TRUE;
  g_prefix_error (error, "writeback: ");
  return FALSE;
}

static gboolean
read_practice (JsonObject *object, ScCloudStatus *self, GError **error)
{
  const char *office_id = NULL;
  const char *name = NULL;
  const char *pms_type = NULL;

  if (!sc_json_optional_string (object, "officeId", &office_id, error) ||
      !sc_json_optional_string (object, "practiceName", &name, error) ||
      !sc_json_optional_string (object, "pmsType", &pms_type, error))
    return FALSE;
  if (office_id != NULL || name != NULL || pms_type != NULL)
    self->practice = sc_practice_new (office_id, name, pms_type);
  return TRUE;
}

static gboolean
read_error (JsonObject *object, ScCloudStatus *self, GError **error)
{
  const char *code = NULL;
  int known = 0;

  if (!read_string (object, "error", &self->error, error) ||
      !sc_json_optional_string (object, "errorCode", &code, error))
    return FALSE;
  /* "Rejected" is what Sikka's codes without a meaning of their own come to. */
  known = sc_sikka_answer_code_to_error (code, 0);
  if (known != SC_ERROR_SIKKA_REJECTED)
    self->error_code = known;
  return TRUE;
}

/* What both answers carry. */
static gboolean
read_common (JsonObject *object, ScCloudStatus *self, GError **error)
{
  return read_string (object, "provider", &self->provider, error) &&
         read_practice (object, self, error) && read_error (object, self, error) &&
         read_features (object, self, error);
}

static gboolean
read_status (JsonObject *object, ScCloudStatus *self, GError **error)
{
  gboolean is_connected = FALSE;
  const char *status = sc_json_require_string (object, "status", error);

  if (status == NULL || !sc_json_require_boolean (object, "isConnected", &is_connected, error))
    return FALSE;
  self->state = find_state (connection_states, status);
  if (is_connected != (self->state == SC_CLOUD_STATE_CONNECTED))
    self->state = SC_CLOUD_STATE_UNKNOWN;
  return read_common (object, self, error) &&
         read_time (object, "timestamp", &self->timestamp, error) &&
         read_locations (object, self, error) && read_data_sync (object, self, error) &&
         read_writeback (object, self, error);
}

static gboolean
read_setup (JsonObject *object, ScCloudStatus *self, GError **error)
{
  gboolean success = FALSE;
  const char *status = sc_json_require_string (object, "status", error);

  if (status == NULL || !sc_json_require_boolean (object, "success", &success, error))
    return FALSE;
  self->state = find_state (setup_states, status);
  if (!success && self->state == SC_CLOUD_STATE_CONNECTED)
    self->state = SC_CLOUD_STATE_UNKNOWN;
  return read_common (object, self, error);
}

typedef gboolean (*ReadFunc) (JsonObject *object, ScCloudStatus *self, GError **error);

static ScCloudStatus *
parse (const char *text, gsize length, const char *what, ReadFunc read, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (ScCloudStatus) self = sc_cloud_status_new (SC_CLOUD_STATE_UNKNOWN);
  g_autoptr (JsonObject) object = sc_json_parse_object (text, length, &cause);

  if (object != NULL && read (object, self, &cause))
    return g_steal_pointer (&self);
  sc_error_set_cause (error, SC_ERROR_CLOUD_ANSWER, what, cause);
  return NULL;
}

ScCloudStatus *
sc_cloud_status_parse (const char *text, gsize length, GError **error)
{
  return parse (text, length, "connection status", read_status, error);
}

ScCloudStatus *
sc_cloud_status_parse_setup (const char *text, gsize length, GError **error)
{
  return parse (text, length, "setup answer", read_setup, error);
}

void
sc_report_answer_free (ScReportAnswer *self)
{
  if (self == NULL)
    return;
  g_free (self->latest_version);
  g_free (self->minimum_version);
  g_free (self);
}

static gboolean
read_report_answer (JsonObject *object, ScReportAnswer *self, GError **error)
{
  const char *status = NULL;

  if (!sc_json_optional_string (object, "connectionStatus", &status, error))
    return FALSE;
  self->has_state = status != NULL;
  if (self->has_state)
    self->state = find_state (connection_states, status);
  return read_string (object, "latestVersion", &self->latest_version, error) &&
         read_string (object, "minimumVersion", &self->minimum_version, error);
}

ScReportAnswer *
sc_cloud_status_parse_report (const char *text, gsize length, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (ScReportAnswer) self = g_new0 (ScReportAnswer, 1);
  g_autoptr (JsonObject) object = NULL;

  if (length == 0)
    return g_steal_pointer (&self);
  object = sc_json_parse_object (text, length, &cause);
  if (object != NULL && read_report_answer (object, self, &cause))
    return g_steal_pointer (&self);
  sc_error_set_cause (error, SC_ERROR_CLOUD_ANSWER, "report answer", cause);
  return NULL;
}

/* The office id is what tells practices apart, so it must not be empty. */
static const char *
require_office_id (JsonObject *object, GError **error)
{
  const char *office_id = sc_json_require_string (object, "officeId", error);

  if (office_id == NULL || *office_id != '\0')
    return office_id;
  g_set_error (error, SC_ERROR, SC_ERROR_JSON_MISSING, "member \"officeId\" is empty");
  return NULL;
}

ScPractice *
sc_cloud_status_parse_practice (JsonObject *object, GError **error)
{
  g_autoptr (GError) cause = NULL;
  const char *office_id = NULL;
  const char *name = NULL;
  const char *pms_type = NULL;

  g_return_val_if_fail (object != NULL, NULL);

  office_id = require_office_id (object, &cause);
  if (office_id != NULL && sc_json_optional_string (object, "name", &name, &cause) &&
      sc_json_optional_string (object, "pmsType", &pms_type, &cause))
    return sc_practice_new (office_id, name, pms_type);
  sc_error_set_cause (error, SC_ERROR_CLOUD_ANSWER, "practice", cause);
  return NULL;
}
