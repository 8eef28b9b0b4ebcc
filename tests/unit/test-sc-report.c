// SPDX-License-Identifier: MIT
// The report's text to the letter, and that each member stands in the table of fields.

#include <string.h>

#include <json-glib/json-glib.h>

#include "json-text.h"
#include "sc-field.h"
#include "sc-report.h"

#define NOW G_GINT64_CONSTANT (1795252320)
#define HEAD "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const ScLight lights[SC_N_LIGHTS] = {
  { .id = SC_LIGHT_SPU,
    .verdict = SC_VERDICT_FAILED,
    .checked = NOW,
    .evidence = (char *) "C:\\Users\\Erika\\SSC",
    .advice = "spu-start",
    .actor = "it" },
  { .id = SC_LIGHT_SIKKA },
  { .id = SC_LIGHT_AUTHORIZATION, .verdict = SC_VERDICT_OK, .checked = NOW, .advice = "" },
  { .id = SC_LIGHT_CLOUD, .verdict = SC_VERDICT_OK, .checked = NOW - 60 },
  { .id = SC_LIGHT_WRITEBACK },
};

static ScReport
make_report (const ScConnection *connection)
{
  return (ScReport){
    .id = "1b4e28ba-2fa1-41d2-883f-0016d3cca427",
    .kind = "state",
    .created = NOW,
    .app_version = "0.1.0",
    .os = "linux debian 12",
    .device_id = "device-1",
    .connection = connection,
    .reference = "K7-21F",
    .lights = lights,
    .counters = { .refreshes = 1, .callbacks = 2, .store_errors = 3 },
    .chain_head = HEAD,
    .chain_length = 42,
  };
}

static void
test_text (void)
{
  ScConnection connection = {
    .state = SC_STATE_FAILED,
    .has_error = TRUE,
    .error = SC_ERROR_OAUTH_DENIED,
  };
  ScReport report = make_report (&connection);
  g_autofree char *text = sc_report_serialize (&report);
  g_autofree char *expected = json_text (
    "{'id':'1b4e28ba-2fa1-41d2-883f-0016d3cca427','kind':'state','created':'2026-11-21T09:12:00Z',"
    "'appVersion':'0.1.0','os':'linux debian 12','deviceId':'device-1',"
    "'state':{'phase':'failed','status':'failed','errorId':'oauth-denied'},'reference':'K7-21F',"
    "'lights':["
    "{'id':'spu','verdict':'failed','checked':'2026-11-21T09:12:00Z','advice':'spu-start'},"
    "{'id':'authorization','verdict':'ok','checked':'2026-11-21T09:12:00Z','advice':''},"
    "{'id':'cloud','verdict':'ok','checked':'2026-11-21T09:11:00Z','advice':''}],"
    "'counters':{'refreshes':1,'callbacks':2,'storeErrors':3},"
    "'activity':{'head':'" HEAD "','length':42}}");

  g_assert_cmpstr (text, ==, expected);
  g_assert_null (strstr (text, "Erika"));
}

static void
test_states (void)
{
  static const struct
  {
    ScConnection connection;
    const char *expected;
  } rows[] = {
    { { .state = SC_STATE_PENDING }, "{'phase':'pending','status':'pending','errorId':''}" },
    { { .state = SC_STATE_RETURNED }, "{'phase':'connecting','status':'connecting','errorId':''}" },
    { { .state = SC_STATE_CONNECTED }, "{'phase':'connected','status':'connected','errorId':''}" },
    { { .state = SC_STATE_CONNECTED, .unknown = TRUE },
      "{'phase':'connected','status':'unknown','errorId':''}" },
    /* A code without has_error is none. */
    { { .state = SC_STATE_PENDING, .error = SC_ERROR_CLOCK },
      "{'phase':'pending','status':'pending','errorId':''}" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      ScReport report = make_report (&rows[i].connection);
      g_autofree char *text = sc_report_serialize (&report);
      g_autofree char *expected = json_text (rows[i].expected);

      g_assert_nonnull (strstr (text, expected));
    }
}

/* Nothing known yet is still a whole report. */
static void
test_least (void)
{
  static const ScLight dark[SC_N_LIGHTS] = { 0 };
  ScConnection connection = { 0 };
  ScReport report = { .connection = &connection, .lights = dark };
  g_autofree char *text = sc_report_serialize (&report);
  g_autofree char *expected = json_text (
    "{'id':'','kind':'','created':'1970-01-01T00:00:00Z','appVersion':'','os':'','deviceId':'',"
    "'state':{'phase':'pending','status':'pending','errorId':''},'reference':'','lights':[],"
    "'counters':{'refreshes':0,'callbacks':0,'storeErrors':0},'activity':{'head':'','length':0}}");

  g_assert_cmpstr (text, ==, expected);
}

/* Returns: how many leaves there are under @node, each of them asserted to stand in the table */
static guint
assert_fields (JsonNode *node, const char *path)
{
  g_autoptr (GList) names = NULL;
  g_autofree char *element = NULL;
  JsonObject *object = NULL;
  guint n_leaves = 0;

  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      element = g_strconcat (path, "[]", NULL);
      return assert_fields (json_array_get_element (json_node_get_array (node), 0), element);
    }
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_test_message ("%s", path);
      g_assert_nonnull (sc_field_find (SC_PLACE_REPORT, path));
      return 1;
    }
  object = json_node_get_object (node);
  names = json_object_get_members (object);
  for (GList *l = names; l != NULL; l = l->next)
    {
      g_autofree char *inner = g_strconcat (path, *path != '\0' ? "." : "", l->data, NULL);

      n_leaves += assert_fields (json_object_get_member (object, l->data), inner);
    }
  return n_leaves;
}

static void
test_fields (void)
{
  ScConnection connection = { 0 };
  ScReport report = make_report (&connection);
  g_autofree char *text = sc_report_serialize (&report);
  g_autoptr (JsonNode) root = json_from_string (text, NULL);
  gsize n_fields = 0;
  const ScField *fields = sc_field_get_table (&n_fields);
  guint n_expected = 0;

  for (gsize i = 0; i < n_fields; i++)
    n_expected += fields[i].place == SC_PLACE_REPORT;
  g_assert_cmpuint (assert_fields (root, ""), ==, n_expected);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/report/text", test_text);
  g_test_add_func ("/core/report/states", test_states);
  g_test_add_func ("/core/report/least", test_least);
  g_test_add_func ("/core/report/fields-stand-in-the-table", test_fields);
  return g_test_run ();
}
