// SPDX-License-Identifier: MIT
// The cloud's answers: all that the contract has, what it may leave out, and what must be refused.

#include <string.h>

#include "json-text.h"
#include "sc-cloud-status.h"
#include "sc-json.h"

static ScCloudStatus *
parse_status (const char *text, GError **error)
{
  g_autofree char *json = json_text (text);

  return sc_cloud_status_parse (json, strlen (json), error);
}

static ScCloudStatus *
parse_setup (const char *text, GError **error)
{
  g_autofree char *json = json_text (text);

  return sc_cloud_status_parse_setup (json, strlen (json), error);
}

static ScReportAnswer *
parse_report (const char *text, GError **error)
{
  g_autofree char *json = json_text (text);

  return sc_cloud_status_parse_report (json, strlen (json), error);
}

static const char full_answer[] =
  "{'isConnected':true,'status':'connected','provider':'SIKKA','officeId':'D10023',"
  "'practiceName':'Happy Dental Clinic','pmsType':'Dentrix',"
  "'timestamp':'2026-11-21T09:12:00Z','errorCode':'API2010','error':'no data',"
  "'locations':[{'name':'Main','state':'activated'},"
  "{'name':'North','state':'not-activated'}],"
  "'dataSync':{'status':'refresh','lastDataAt':'2026-11-21T02:10:00Z',"
  "'nextDataAt':'2026-11-22T02:00:00Z','schedule':'daily 02:00','intervalMinutes':1440,"
  "'error':'quiet window','warnings':['update pending','disk low']},"
  "'features':{'appointments':true,'payments':false},'writeback':{'ok':true},"
  "'later':{'unknown':[1,2,3]}}";

static void
assert_full_sync (const ScDataSync *sync)
{
  g_assert_cmpstr (sync->status, ==, "refresh");
  g_assert_cmpint (sync->last_data_at, ==, 1795227000);
  g_assert_cmpint (sync->next_data_at, ==, 1795312800);
  g_assert_cmpstr (sync->schedule, ==, "daily 02:00");
  g_assert_cmpint (sync->interval_minutes, ==, 1440);
  g_assert_cmpstr (sync->error, ==, "quiet window");
  g_assert_cmpuint (g_strv_length (sync->warnings), ==, 2);
  g_assert_cmpstr (sync->warnings[1], ==, "disk low");
}

static void
test_full (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScCloudStatus) status = parse_status (full_answer, &error);
  const ScLocation *location = NULL;
  gpointer available = GINT_TO_POINTER (TRUE);

  g_assert_no_error (error);
  g_assert_cmpint (status->state, ==, SC_CLOUD_STATE_CONNECTED);
  g_assert_cmpstr (status->provider, ==, "SIKKA");
  g_assert_cmpstr (status->practice->office_id, ==, "D10023");
  g_assert_cmpstr (status->practice->name, ==, "Happy Dental Clinic");
  g_assert_cmpstr (status->practice->pms_type, ==, "Dentrix");
  g_assert_cmpint (status->timestamp, ==, 1795252320);
  g_assert_cmpstr (status->error, ==, "no data");
  g_assert_cmpint (status->error_code, ==, SC_ERROR_SIKKA_NO_DATA_YET);
  g_assert_cmpuint (status->locations->len, ==, 2);
  location = g_ptr_array_index (status->locations, 1);
  g_assert_cmpstr (location->name, ==, "North");
  g_assert_cmpstr (location->state, ==, "not-activated");
  assert_full_sync (status->data_sync);
  g_assert_cmpuint (g_hash_table_size (status->features), ==, 2);
  g_assert_true (g_hash_table_lookup_extended (status->features, "payments", NULL, &available));
  g_assert_false (GPOINTER_TO_INT (available));
  g_assert_true (status->has_writeback);
  g_assert_true (status->writeback_ok);
}

static void
test_least (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScCloudStatus) status =
    parse_status ("{'isConnected':false,'status':'pending','dataSync':null}", &error);

  g_assert_no_error (error);
  g_assert_cmpint (status->state, ==, SC_CLOUD_STATE_PENDING);
  g_assert_null (status->provider);
  g_assert_null (status->practice);
  g_assert_cmpint (status->timestamp, ==, -1);
  g_assert_null (status->error);
  g_assert_cmpint (status->error_code, ==, SC_ERROR_CLOUD_STATUS);
  g_assert_cmpuint (status->locations->len, ==, 0);
  g_assert_null (status->data_sync);
  g_assert_cmpuint (g_hash_table_size (status->features), ==, 0);
  g_assert_false (status->has_writeback);
}

static void
test_least_sync (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScCloudStatus) status =
    parse_status ("{'isConnected':false,'status':'failed','practiceName':'Happy',"
                  "'dataSync':{'lastDataAt':'1111-11-11T00:00:00'},"
                  "'writeback':{'ok':false},'errorCode':'E42','error':'unknown code'}",
                  &error);

  g_assert_no_error (error);
  g_assert_cmpint (status->error_code, ==, SC_ERROR_CLOUD_STATUS);
  g_assert_cmpstr (status->practice->office_id, ==, "");
  g_assert_cmpstr (status->practice->name, ==, "Happy");
  g_assert_cmpstr (status->data_sync->status, ==, "");
  g_assert_cmpint (status->data_sync->last_data_at, ==, -1);
  g_assert_cmpint (status->data_sync->next_data_at, ==, -1);
  g_assert_cmpint (status->data_sync->interval_minutes, ==, 0);
  g_assert_null (status->data_sync->schedule);
  g_assert_null (status->data_sync->error);
  g_assert_null (status->data_sync->warnings[0]);
  g_assert_true (status->has_writeback);
  g_assert_false (status->writeback_ok);
}

static void
test_states (void)
{
  static const struct
  {
    const char *is_connected;
    const char *status;
    ScCloudState expected;
  } rows[] = {
    { "false", "pending", SC_CLOUD_STATE_PENDING },
    { "false", "connecting", SC_CLOUD_STATE_CONNECTING },
    { "true", "connected", SC_CLOUD_STATE_CONNECTED },
    { "false", "failed", SC_CLOUD_STATE_FAILED },
    /* Contradictions and what this program does not know never read "connected". */
    { "false", "connected", SC_CLOUD_STATE_UNKNOWN },
    { "true", "pending", SC_CLOUD_STATE_UNKNOWN },
    { "true", "failed", SC_CLOUD_STATE_UNKNOWN },
    { "true", "paused", SC_CLOUD_STATE_UNKNOWN },
    { "false", "paused", SC_CLOUD_STATE_UNKNOWN },
    { "true", "Connected", SC_CLOUD_STATE_UNKNOWN },
    { "true", "", SC_CLOUD_STATE_UNKNOWN },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text =
        g_strdup_printf ("{'isConnected':%s,'status':'%s'}", rows[i].is_connected, rows[i].status);
      g_autoptr (GError) error = NULL;
      g_autoptr (ScCloudStatus) status = parse_status (text, &error);

      g_assert_no_error (error);
      g_assert_cmpint (status->state, ==, rows[i].expected);
    }
}

/* @member replaces nothing else than itself in an answer that is otherwise good. */
static void
test_refuses_members (void)
{
  static const struct
  {
    const char *member;
    const char *message;
  } rows[] = {
    { "'provider':1", "*'provider' is not a string" },
    { "'practiceName':[]", "*'practiceName' is not a string" },
    { "'pmsType':true", "*'pmsType' is not a string" },
    { "'officeId':10023", "*'officeId' is not a string" },
    { "'timestamp':1795252320", "*'timestamp' is not a string" },
    { "'timestamp':'yesterday'", "*'timestamp' is no date and time with a zone" },
    { "'timestamp':'2026-11-21T09:12:00'", "*'timestamp' is no date and time with a zone" },
    { "'error':{}", "*'error' is not a string" },
    { "'errorCode':2010", "*'errorCode' is not a string" },
    { "'locations':{}", "*'locations' is not an array" },
    { "'locations':[7]", "*locations?0?: it is not an object" },
    { "'locations':[{'name':'a','state':'b'},{'state':'b'}]", "*locations?1?: *'name' is missing" },
    { "'locations':[{'name':'a'}]", "*locations?0?: *'state' is missing" },
    { "'dataSync':[]", "*'dataSync' is not an object" },
    { "'dataSync':{'status':1}", "*dataSync: *'status' is not a string" },
    { "'dataSync':{'lastDataAt':'1 day'}", "*dataSync: *'lastDataAt' is no date*" },
    { "'dataSync':{'nextDataAt':1}", "*dataSync: *'nextDataAt' is not a string" },
    { "'dataSync':{'schedule':1}", "*dataSync: *'schedule' is not a string" },
    { "'dataSync':{'intervalMinutes':'15'}", "*dataSync: *'intervalMinutes' is not a whole*" },
    { "'dataSync':{'intervalMinutes':-1}", "*dataSync: *'intervalMinutes' is below zero" },
    { "'dataSync':{'error':1}", "*dataSync: *'error' is not a string" },
    { "'dataSync':{'warnings':'w'}", "*dataSync: *'warnings' is not an array" },
    { "'dataSync':{'warnings':['w',1]}", "*dataSync: warnings?1? is not a string" },
    { "'features':[]", "*'features' is not an object" },
    { "'features':{'notes':'yes'}", "*features: *'notes' is not true or false" },
    { "'writeback':true", "*'writeback' is not an object" },
    { "'writeback':{}", "*writeback: *'ok' is missing" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text =
        g_strdup_printf ("{'isConnected':true,'status':'connected',%s}", rows[i].member);
      g_autoptr (GError) error = NULL;

      g_assert_null (parse_status (text, &error));
      g_assert_error (error, SC_ERROR, SC_ERROR_CLOUD_ANSWER);
      g_assert_true (g_str_has_prefix (error->message, "connection status: "));
      g_assert_true (message_fits (error, rows[i].message));
    }
}

static void
test_refuses_answers (void)
{
  static const struct
  {
    const char *text;
    const char *message;
  } rows[] = {
    { "", "connection status: *" },
    { "<html>", "connection status: *" },
    { "[]", "*is not an object" },
    { "{}", "*'status' is missing" },
    { "{'isConnected':true}", "*'status' is missing" },
    { "{'status':'connected'}", "*'isConnected' is missing" },
    { "{'isConnected':'true','status':'connected'}", "*'isConnected' is not true or false" },
    { "{'isConnected':true,'status':1}", "*'status' is not a string" },
    { "{'isConnected':true,'status':'connected'", "connection status: *" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (parse_status (rows[i].text, &error));
      g_assert_error (error, SC_ERROR, SC_ERROR_CLOUD_ANSWER);
      g_assert_true (message_fits (error, rows[i].message));
    }
}

/* An answer with @n times @element, %u in it being the number. */
static char *
repeat (const char *before, const char *element, guint n, const char *after)
{
  GString *text = g_string_new ("{'isConnected':true,'status':'connected',");

  g_string_append (text, before);
  for (guint i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      g_string_append_printf (text, element, i);
    }
  g_string_append (text, after);
  return g_string_free (text, FALSE);
}

static void
test_bounds (void)
{
  static const struct
  {
    const char *before;
    const char *element;
    const char *after;
    guint limit;
  } rows[] = {
    { "'locations':[", "{'name':'%u','state':'x'}", "]}", 500 },
    { "'dataSync':{'warnings':[", "'%u'", "]}}", 100 },
    { "'features':{", "'f%u':true", "}}", 100 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *most =
        repeat (rows[i].before, rows[i].element, rows[i].limit, rows[i].after);
      g_autofree char *more =
        repeat (rows[i].before, rows[i].element, rows[i].limit + 1, rows[i].after);
      g_autoptr (GError) error = NULL;
      g_autoptr (ScCloudStatus) status = parse_status (most, &error);

      g_assert_no_error (error);
      g_assert_nonnull (status);
      g_assert_null (parse_status (more, &error));
      g_assert_error (error, SC_ERROR, SC_ERROR_CLOUD_ANSWER);
      g_assert_nonnull (strstr (error->message, "more than"));
    }
}

static void
test_setup (void)
{
  static const struct
  {
    const char *text;
    ScCloudState expected;
    ScError code;
  } rows[] = {
    { "{'success':true,'provider':'SIKKA','features':{'notes':true},'status':'ACTIVE',"
      "'practiceName':'Happy','pmsType':'Dentrix'}",
      SC_CLOUD_STATE_CONNECTED, SC_ERROR_CLOUD_STATUS },
    { "{'success':true,'status':'SETUP_REQUIRED'}", SC_CLOUD_STATE_CONNECTING,
      SC_ERROR_CLOUD_STATUS },
    { "{'success':false,'status':'ERROR','error':'x','errorCode':'API2007'}", SC_CLOUD_STATE_FAILED,
      SC_ERROR_SIKKA_NOT_GRANTED },
    { "{'success':false,'status':'INACTIVE'}", SC_CLOUD_STATE_PENDING, SC_ERROR_CLOUD_STATUS },
    { "{'success':false,'status':'ACTIVE'}", SC_CLOUD_STATE_UNKNOWN, SC_ERROR_CLOUD_STATUS },
    { "{'success':true,'status':'connected'}", SC_CLOUD_STATE_UNKNOWN, SC_ERROR_CLOUD_STATUS },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ScCloudStatus) status = parse_setup (rows[i].text, &error);

      g_assert_no_error (error);
      g_assert_cmpint (status->state, ==, rows[i].expected);
      g_assert_cmpint (status->error_code, ==, rows[i].code);
    }
}

static void
test_setup_refuses (void)
{
  static const char *const texts[] = { "",
                                       "{}",
                                       "{'success':true}",
                                       "{'status':'ACTIVE'}",
                                       "{'success':1,'status':'ACTIVE'}",
                                       "{'success':true,'status':'ACTIVE','features':[]}" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (parse_setup (texts[i], &error));
      g_assert_error (error, SC_ERROR, SC_ERROR_CLOUD_ANSWER);
      g_assert_true (g_str_has_prefix (error->message, "setup answer: "));
    }
}

static void
test_report_answer (void)
{
  static const struct
  {
    const char *text;
    gboolean has_state;
    ScCloudState state;
    const char *latest;
    const char *minimum;
  } rows[] = {
    { "", FALSE, SC_CLOUD_STATE_UNKNOWN, NULL, NULL },
    { "{}", FALSE, SC_CLOUD_STATE_UNKNOWN, NULL, NULL },
    { "{'connectionStatus':'connected','latestVersion':'1.2.0','minimumVersion':'1.0.0'}", TRUE,
      SC_CLOUD_STATE_CONNECTED, "1.2.0", "1.0.0" },
    { "{'connectionStatus':'paused'}", TRUE, SC_CLOUD_STATE_UNKNOWN, NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ScReportAnswer) answer = parse_report (rows[i].text, &error);

      g_assert_no_error (error);
      g_assert_cmpint (answer->has_state, ==, rows[i].has_state);
      g_assert_cmpint (answer->state, ==, rows[i].state);
      g_assert_cmpstr (answer->latest_version, ==, rows[i].latest);
      g_assert_cmpstr (answer->minimum_version, ==, rows[i].minimum);
    }
}

static void
test_report_answer_refuses (void)
{
  static const char *const texts[] = { "ok", "[]", "{'connectionStatus':true}",
                                       "{'latestVersion':1.2}", "{'minimumVersion':{}}" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (parse_report (texts[i], &error));
      g_assert_error (error, SC_ERROR, SC_ERROR_CLOUD_ANSWER);
      g_assert_true (g_str_has_prefix (error->message, "report answer: "));
    }
}

static ScPractice *
parse_practice (const char *text, GError **error)
{
  g_autofree char *json = json_text (text);
  g_autoptr (JsonObject) object = sc_json_parse_object (json, strlen (json), NULL);

  return sc_cloud_status_parse_practice (object, error);
}

static void
test_practice (void)
{
  static const char *const refused[] = { "{}", "{'officeId':''}", "{'officeId':7}",
                                         "{'officeId':'D1','name':7}",
                                         "{'officeId':'D1','pmsType':[]}" };
  g_autoptr (GError) error = NULL;
  g_autoptr (ScPractice) full =
    parse_practice ("{'officeId':'D1','name':'Happy','pmsType':'Dentrix'}", &error);
  g_autoptr (ScPractice) least = parse_practice ("{'officeId':'D1'}", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (full->office_id, ==, "D1");
  g_assert_cmpstr (full->name, ==, "Happy");
  g_assert_cmpstr (full->pms_type, ==, "Dentrix");
  g_assert_cmpstr (least->name, ==, "");
  g_assert_cmpstr (least->pms_type, ==, "");
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_assert_null (parse_practice (refused[i], &error));
      g_assert_error (error, SC_ERROR, SC_ERROR_CLOUD_ANSWER);
      g_clear_error (&error);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/cloud-status/reads-everything", test_full);
  g_test_add_func ("/core/cloud-status/reads-the-least", test_least);
  g_test_add_func ("/core/cloud-status/reads-the-least-sync", test_least_sync);
  g_test_add_func ("/core/cloud-status/knows-states", test_states);
  g_test_add_func ("/core/cloud-status/names-wrong-member", test_refuses_members);
  g_test_add_func ("/core/cloud-status/refuses-answer", test_refuses_answers);
  g_test_add_func ("/core/cloud-status/bounds-arrays", test_bounds);
  g_test_add_func ("/core/cloud-status/reads-setup", test_setup);
  g_test_add_func ("/core/cloud-status/refuses-setup", test_setup_refuses);
  g_test_add_func ("/core/cloud-status/reads-report-answer", test_report_answer);
  g_test_add_func ("/core/cloud-status/refuses-report-answer", test_report_answer_refuses);
  g_test_add_func ("/core/cloud-status/reads-practice", test_practice);
  return g_test_run ();
}
