// SPDX-License-Identifier: MIT
// Sikka's answers in the shapes that Sikka documents, and in those that it sends besides.

#include <string.h>

#include "json-text.h"
#include "sc-error.h"
#include "sc-sikka-answer.h"

#define KEY "0123456789abcdef0123456789ABCDEF"

static ScSikkaKey *
parse_key (const char *text, GError **error)
{
  g_autofree char *json = json_text (text);

  return sc_sikka_answer_parse_key (json, strlen (json), error);
}

static GPtrArray *
parse_practices (const char *text, GError **error)
{
  g_autofree char *json = json_text (text);

  return sc_sikka_answer_parse_practices (json, strlen (json), error);
}

static void
test_key (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScSikkaKey) key =
    parse_key ("{'href':'https://api.sikkasoft.com/v4/request_key','request_key':'" KEY "',"
               "'start_time':'2026-11-21T09:00:00','end_time':'2026-11-22T09:00:00',"
               "'expires_in':'85603 second(s)','issued_to':'D10023','status':'active',"
               "'request_count':'4','refresh_key':'refresh-1','scope':'appointments,patients',"
               "'domain':'Dental'}",
               &error);

  g_assert_no_error (error);
  g_assert_cmpstr (sc_secret_string_peek (key->request_key), ==, KEY);
  g_assert_cmpstr (sc_secret_string_peek (key->refresh_key), ==, "refresh-1");
  g_assert_cmpint (key->expires_in, ==, 85603);
  g_assert_cmpstr (key->office_id, ==, "D10023");
  g_assert_true (key->is_active);
}

/* Numbers as text, text as numbers, envelopes, no refresh key in request_key_info. */
static void
test_key_quirks (void)
{
  static const struct
  {
    const char *text;
    const char *request_key;
    const char *refresh_key;
    gint64 expires_in;
    const char *office_id;
    gboolean is_active;
  } rows[] = {
    { "{'request_key':'k','issued_to':'D1','expires_in':'86400','status':'Active'}", "k", NULL,
      86400, "D1", TRUE },
    { "{'request_key':'k','issued_to':'D1','expires_in':86400,'status':'expired'}", "k", NULL,
      86400, "D1", FALSE },
    { "{'request_key':12345,'refresh_key':6789,'issued_to':10023,'expires_in':60}", "12345", "6789",
      60, "10023", FALSE },
    { "{'request_key':'k','refresh_key':'','issued_to':'D1'}", "k", NULL, 0, "D1", FALSE },
    { "{'request_key':'k','refresh_key':null,'issued_to':'D1','status':true}", "k", NULL, 0, "D1",
      FALSE },
    { "{'request_key':1.5,'issued_to':'D1'}", "1.5", NULL, 0, "D1", FALSE },
    { "[{'request_key':'k','issued_to':'D1'}]", "k", NULL, 0, "D1", FALSE },
    { "{'data':{'request_key':'k','issued_to':'D1'}}", "k", NULL, 0, "D1", FALSE },
    { "{'http_code':'200','error_code':'API0002','request_key':'k','issued_to':'D1'}", "k", NULL, 0,
      "D1", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ScSikkaKey) key = parse_key (rows[i].text, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (sc_secret_string_peek (key->request_key), ==, rows[i].request_key);
      g_assert_cmpint (key->refresh_key == NULL, ==, rows[i].refresh_key == NULL);
      if (key->refresh_key != NULL)
        g_assert_cmpstr (sc_secret_string_peek (key->refresh_key), ==, rows[i].refresh_key);
      g_assert_cmpint (key->expires_in, ==, rows[i].expires_in);
      g_assert_cmpstr (key->office_id, ==, rows[i].office_id);
      g_assert_cmpint (key->is_active, ==, rows[i].is_active);
    }
}

static void
test_key_refuses (void)
{
  static const struct
  {
    const char *text;
    int code;
    const char *message;
  } rows[] = {
    { "", SC_ERROR_SIKKA_REJECTED, "sikka?s key: *" },
    { "<html>", SC_ERROR_SIKKA_REJECTED, "sikka?s key: *" },
    { "7", SC_ERROR_SIKKA_REJECTED, "sikka?s key: the answer is not an object" },
    { "[]", SC_ERROR_SIKKA_REJECTED, "sikka?s key: the answer is not an object" },
    { "{}", SC_ERROR_SIKKA_REJECTED, "*'request_key' is missing" },
    { "{'request_key':''}", SC_ERROR_SIKKA_REJECTED, "*'request_key' is missing" },
    { "{'request_key':[]}", SC_ERROR_SIKKA_REJECTED, "*'request_key' is not text" },
    { "{'request_key':'k','refresh_key':{}}", SC_ERROR_SIKKA_REJECTED,
      "*'refresh_key' is not text" },
    { "{'request_key':'k'}", SC_ERROR_SIKKA_REJECTED, "*'issued_to' is missing" },
    { "{'request_key':'k','issued_to':[]}", SC_ERROR_SIKKA_REJECTED, "*'issued_to' is not text" },
    { "{'request_key':'k','issued_to':'D1','expires_in':'soon'}", SC_ERROR_SIKKA_REJECTED,
      "*'expires_in' is no number of seconds" },
    { "{'request_key':'k','issued_to':'D1','expires_in':[]}", SC_ERROR_SIKKA_REJECTED,
      "*'expires_in' is not text" },
    { "{'request_key':'k','issued_to':'D1','status':{}}", SC_ERROR_SIKKA_REJECTED,
      "*'status' is not text" },
    /* Errors in the body of a 200 answer. */
    { "{'http_code':'400','error_code':'API1025','short_message':'secret-in-message'}",
      SC_ERROR_SIKKA_KEY_EXPIRED, "sikka answered API1025 (HTTP 400)" },
    { "{'http_code':'200','error_code':'API4002'}", SC_ERROR_SIKKA_REJECTED,
      "sikka answered API4002 (HTTP 200)" },
    { "[{'error_code':'API2003'}]", SC_ERROR_SIKKA_APP, "sikka answered API2003 (HTTP 200)" },
    { "{'http_code':500,'request_key':'k','issued_to':'D1'}", SC_ERROR_SIKKA_UNAVAILABLE,
      "sikka answered HTTP 500" },
    { "{'http_code':'200','error_code':'API0002'}", SC_ERROR_SIKKA_REJECTED,
      "*'request_key' is missing" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (parse_key (rows[i].text, &error));
      g_assert_error (error, SC_ERROR, rows[i].code);
      g_assert_true (message_fits (error, rows[i].message));
      g_assert_null (strstr (error->message, "secret"));
    }
}

#define PRACTICE                                                     \
  "{'practice_id':'1','office_id':'D10023','secret_key':'c2VjcmV0'," \
  "'practice_name':'Happy Dental Clinic','domain':'Dental',"         \
  "'practice_management_system':'Dentrix',"                          \
  "'data_synchronization_date':'2026-11-21T02:10:00'}"

static void
assert_one_practice (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) practices = parse_practices (text, &error);
  const ScSikkaPractice *practice = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (practices->len, ==, 1);
  practice = g_ptr_array_index (practices, 0);
  g_assert_cmpstr (practice->practice->office_id, ==, "D10023");
  g_assert_cmpstr (practice->practice->name, ==, "Happy Dental Clinic");
  g_assert_cmpstr (practice->practice->pms_type, ==, "Dentrix");
  g_assert_cmpstr (sc_secret_string_peek (practice->secret_key), ==, "c2VjcmV0");
  g_assert_cmpstr (practice->data_synchronization_date, ==, "2026-11-21T02:10:00");
}

static void
test_practices_envelopes (void)
{
  assert_one_practice ("{'offset':'0','limit':'50','total_count':'1',"
                       "'execution_time':'12','items':[" PRACTICE "]}");
  assert_one_practice ("[{'offset':'0','items':[" PRACTICE "]}]");
  assert_one_practice ("{'data':{'items':[" PRACTICE "]}}");
  assert_one_practice ("[{'data':{'items':[" PRACTICE "]}}]");
  assert_one_practice ("{'data':[" PRACTICE "]}");
  assert_one_practice ("[" PRACTICE "]");
}

static void
test_practices_empty (void)
{
  static const char *const texts[] = { "", "[]", "{'items':[]}", "[{'data':{'items':[]}}]" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) practices = parse_practices (texts[i], &error);

      g_assert_no_error (error);
      g_assert_cmpuint (practices->len, ==, 0);
    }
}

static void
test_practices_sparse (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) practices =
    parse_practices ("{'items':[{'office_id':10023},{'office_id':'D2'}]}", &error);
  const ScSikkaPractice *practice = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (practices->len, ==, 2);
  practice = g_ptr_array_index (practices, 0);
  g_assert_cmpstr (practice->practice->office_id, ==, "10023");
  g_assert_cmpstr (practice->practice->name, ==, "");
  g_assert_null (practice->secret_key);
  g_assert_null (practice->data_synchronization_date);
}

static void
test_practices_refuses (void)
{
  static const struct
  {
    const char *text;
    int code;
    const char *message;
  } rows[] = {
    { "<html>", SC_ERROR_SIKKA_REJECTED, "sikka?s practices: *" },
    { "true", SC_ERROR_SIKKA_REJECTED, "*'items' is missing" },
    { "{}", SC_ERROR_SIKKA_REJECTED, "*'items' is missing" },
    { "{'items':null}", SC_ERROR_SIKKA_REJECTED, "*'items' is missing" },
    { "{'data':{'data':{'data':{'data':{'data':{'data':[]}}}}}}", SC_ERROR_SIKKA_REJECTED,
      "*'items' is missing" },
    { "{'items':[{'office_id':'D1'},7]}", SC_ERROR_SIKKA_REJECTED,
      "*items?1?: it is not an object" },
    { "{'items':[{}]}", SC_ERROR_SIKKA_REJECTED, "*items?0?: *'office_id' is missing" },
    { "{'items':[{'office_id':'D1','practice_name':[]}]}", SC_ERROR_SIKKA_REJECTED,
      "*items?0?: *'practice_name' is not text" },
    { "{'items':[{'office_id':'D1','secret_key':{}}]}", SC_ERROR_SIKKA_REJECTED,
      "*items?0?: *'secret_key' is not text" },
    { "{'http_code':'401','error_code':'API2007'}", SC_ERROR_SIKKA_NOT_GRANTED,
      "sikka answered API2007 (HTTP 401)" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (parse_practices (rows[i].text, &error));
      g_assert_error (error, SC_ERROR, rows[i].code);
      g_assert_true (message_fits (error, rows[i].message));
    }
}

static void
test_practices_bounded (void)
{
  g_autoptr (GString) text = g_string_new ("[0");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 5000; i++)
    g_string_append (text, ",0");
  g_string_append_c (text, ']');
  g_assert_null (parse_practices (text->str, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_SIKKA_REJECTED);
  g_assert_nonnull (strstr (error->message, "more than 5000"));
}

static void
test_error (void)
{
  static const struct
  {
    const char *text;
    guint http_status;
    int code;
    const char *message;
  } rows[] = {
    /* An expired request key comes with 400, not 401. */
    { "{'http_code':'400','http_code_desc':'Bad Request','error_code':'API1025',"
      "'short_message':'Request key expired','long_message':'abc','more_information':''}",
      400, SC_ERROR_SIKKA_KEY_EXPIRED, "sikka answered API1025 (HTTP 400)" },
    { "{'error_code':'API2010'}", 500, SC_ERROR_SIKKA_NO_DATA_YET,
      "sikka answered API2010 (HTTP 500)" },
    { "{'error_code':2017,'http_code':412}", 200, SC_ERROR_SIKKA_SPU_OFFLINE,
      "sikka answered API2017 (HTTP 412)" },
    { "{'error_code':'api2011'}", 429, SC_ERROR_SIKKA_QUOTA, "sikka answered API2011 (HTTP 429)" },
    { "{'error_code':'API9999'}", 503, SC_ERROR_SIKKA_UNAVAILABLE,
      "sikka answered API9999 (HTTP 503)" },
    { "{'error_code':'API<b>'}", 400, SC_ERROR_SIKKA_REJECTED, "sikka answered HTTP 400" },
    { "{'error_code':[],'http_code':'abc'}", 403, SC_ERROR_SIKKA_NOT_GRANTED,
      "sikka answered HTTP 403" },
    { "not json", 502, SC_ERROR_SIKKA_UNAVAILABLE, "sikka answered HTTP 502" },
    { "[]", 401, SC_ERROR_SIKKA_APP, "sikka answered HTTP 401" },
    { NULL, 429, SC_ERROR_SIKKA_QUOTA, "sikka answered HTTP 429" },
    { "", 412, SC_ERROR_SIKKA_SPU_OFFLINE, "sikka answered HTTP 412" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *json = rows[i].text != NULL ? json_text (rows[i].text) : NULL;
      gsize length = json != NULL ? strlen (json) : 0;
      g_autoptr (GError) error = sc_sikka_answer_parse_error (json, length, rows[i].http_status);

      g_assert_error (error, SC_ERROR, rows[i].code);
      g_assert_cmpstr (error->message, ==, rows[i].message);
    }
}

static void
test_codes (void)
{
  static const struct
  {
    const char *code;
    guint http_status;
    int expected;
  } rows[] = {
    { "API1025", 400, SC_ERROR_SIKKA_KEY_EXPIRED }, { "API2003", 401, SC_ERROR_SIKKA_APP },
    { "API2004", 401, SC_ERROR_SIKKA_NOT_GRANTED }, { "API2007", 401, SC_ERROR_SIKKA_NOT_GRANTED },
    { "API2010", 0, SC_ERROR_SIKKA_NO_DATA_YET },   { "API2012", 0, SC_ERROR_SIKKA_QUOTA },
    { "API2017", 0, SC_ERROR_SIKKA_SPU_OFFLINE },   { "API2022", 0, SC_ERROR_SIKKA_UNAVAILABLE },
    { "API1004", 400, SC_ERROR_SIKKA_REJECTED },    { "API1001", 500, SC_ERROR_SIKKA_REJECTED },
    { "API2009", 429, SC_ERROR_SIKKA_REJECTED },    { "API0002", 500, SC_ERROR_SIKKA_UNAVAILABLE },
    { "2010", 0, SC_ERROR_SIKKA_NO_DATA_YET },      { " API2010", 0, SC_ERROR_SIKKA_REJECTED },
    { "API2010x", 0, SC_ERROR_SIKKA_REJECTED },     { "", 0, SC_ERROR_SIKKA_REJECTED },
    { NULL, 0, SC_ERROR_SIKKA_REJECTED },           { NULL, 404, SC_ERROR_SIKKA_REJECTED },
    { NULL, 599, SC_ERROR_SIKKA_UNAVAILABLE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (sc_sikka_answer_code_to_error (rows[i].code, rows[i].http_status), ==,
                     rows[i].expected);
}

/* Each code that Sikka has published, in the body of a 200 answer; -1 for those that are none. */
static void
test_published_codes (void)
{
  static const struct
  {
    guint code;
    int expected;
  } rows[] = {
    { 2, -1 },
    { 3, -1 },
    { 1001, SC_ERROR_SIKKA_REJECTED },
    { 1002, SC_ERROR_SIKKA_REJECTED },
    { 1003, SC_ERROR_SIKKA_REJECTED },
    { 1004, SC_ERROR_SIKKA_REJECTED },
    { 1005, SC_ERROR_SIKKA_REJECTED },
    { 1006, SC_ERROR_SIKKA_REJECTED },
    { 1020, SC_ERROR_SIKKA_REJECTED },
    { 1025, SC_ERROR_SIKKA_KEY_EXPIRED },
    { 1026, SC_ERROR_SIKKA_REJECTED },
    { 1029, -1 },
    { 2001, SC_ERROR_SIKKA_UNAVAILABLE },
    { 2002, SC_ERROR_SIKKA_UNAVAILABLE },
    { 2003, SC_ERROR_SIKKA_APP },
    { 2004, SC_ERROR_SIKKA_NOT_GRANTED },
    { 2006, SC_ERROR_SIKKA_UNAVAILABLE },
    { 2007, SC_ERROR_SIKKA_NOT_GRANTED },
    { 2009, SC_ERROR_SIKKA_REJECTED },
    { 2010, SC_ERROR_SIKKA_NO_DATA_YET },
    { 2011, SC_ERROR_SIKKA_QUOTA },
    { 2012, SC_ERROR_SIKKA_QUOTA },
    { 2013, SC_ERROR_SIKKA_REJECTED },
    { 2014, SC_ERROR_SIKKA_REJECTED },
    { 2015, SC_ERROR_SIKKA_REJECTED },
    { 2016, -1 },
    { 2017, SC_ERROR_SIKKA_SPU_OFFLINE },
    { 2018, SC_ERROR_SIKKA_REJECTED },
    { 2019, SC_ERROR_SIKKA_REJECTED },
    { 2022, SC_ERROR_SIKKA_UNAVAILABLE },
    { 4001, SC_ERROR_SIKKA_REJECTED },
    { 4002, SC_ERROR_SIKKA_REJECTED },
    { 4003, SC_ERROR_SIKKA_REJECTED },
    { 4004, SC_ERROR_SIKKA_REJECTED },
    { 4005, SC_ERROR_SIKKA_REJECTED },
    { 4006, -1 },
    { 4007, SC_ERROR_SIKKA_REJECTED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = g_strdup_printf (
        "{'error_code':'API%04u','request_key':'k','issued_to':'D1'}", rows[i].code);
      g_autoptr (GError) error = NULL;
      g_autoptr (ScSikkaKey) key = parse_key (text, &error);

      g_test_message ("%s", text);
      if (rows[i].expected == -1)
        g_assert_no_error (error);
      else
        g_assert_error (error, SC_ERROR, rows[i].expected);
      g_assert_cmpint (key != NULL, ==, rows[i].expected == -1);
    }
}

static void
test_expires_in (void)
{
  static const struct
  {
    const char *text;
    gint64 expected;
  } rows[] = {
    { "85603 second(s)", 85603 },
    { "85603", 85603 },
    { "0", 0 },
    { "2147483647", G_MAXINT32 },
    { "2147483648", -1 },
    { "99999999999999999999999", -1 },
    { "", -1 },
    { NULL, -1 },
    { "-1", -1 },
    { "+5", -1 },
    { " 5", -1 },
    { "1.5", -1 },
    { "24 hours", -1 },
    { "second(s)", -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (sc_sikka_answer_parse_expires_in (rows[i].text), ==, rows[i].expected);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/sikka-answer/reads-key", test_key);
  g_test_add_func ("/core/sikka-answer/reads-key-with-quirks", test_key_quirks);
  g_test_add_func ("/core/sikka-answer/refuses-key", test_key_refuses);
  g_test_add_func ("/core/sikka-answer/opens-envelopes", test_practices_envelopes);
  g_test_add_func ("/core/sikka-answer/empty-is-an-empty-list", test_practices_empty);
  g_test_add_func ("/core/sikka-answer/reads-sparse-practices", test_practices_sparse);
  g_test_add_func ("/core/sikka-answer/refuses-practices", test_practices_refuses);
  g_test_add_func ("/core/sikka-answer/bounds-practices", test_practices_bounded);
  g_test_add_func ("/core/sikka-answer/reads-errors", test_error);
  g_test_add_func ("/core/sikka-answer/knows-codes", test_codes);
  g_test_add_func ("/core/sikka-answer/knows-published-codes", test_published_codes);
  g_test_add_func ("/core/sikka-answer/reads-expires-in", test_expires_in);
  return g_test_run ();
}
