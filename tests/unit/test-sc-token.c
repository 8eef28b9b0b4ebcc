// SPDX-License-Identifier: MIT
// Token answers: what is read, what is refused without quoting it, and what an error answer means.

#define G_LOG_DOMAIN "sc-test"

#include "sc-error.h"
#include "sc-token.h"

#include <string.h>

#define NOW 1795252320
#define START "{\"access_token\":\"at-hush\",\"token_type\":\"Bearer\""

static ScToken *
parse (const char *text, GError **error)
{
  return sc_token_parse (text, strlen (text), NOW, error);
}

static void
test_parses (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScToken) token = NULL;

  token = parse (START ",\"expires_in\":3600,\"refresh_token\":\"rt-hush\","
                       "\"scope\":\"connection\","
                       "\"practice\":{\"officeId\":\"D10023\",\"name\":\"Happy Dental Clinic\","
                       "\"pmsType\":\"Dentrix\"},\"unknown\":{}}",
                 &error);
  g_assert_no_error (error);
  g_assert_true (sc_secret_string_equal (token->access_token, "at-hush"));
  g_assert_true (sc_secret_string_equal (token->refresh_token, "rt-hush"));
  g_assert_cmpint (token->expires_at, ==, NOW + 3600);
  g_assert_cmpstr (token->scope, ==, "connection");
  g_assert_cmpstr (token->practice->office_id, ==, "D10023");
  g_assert_cmpstr (token->practice->name, ==, "Happy Dental Clinic");
  g_assert_cmpstr (token->practice->pms_type, ==, "Dentrix");
}

static void
test_parses_least (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScToken) token = NULL;

  token = parse ("{\"access_token\":\"at\",\"token_type\":\"bEARER\",\"expires_in\":null,"
                 "\"refresh_token\":null,\"scope\":null,\"practice\":null}",
                 &error);
  g_assert_no_error (error);
  g_assert_cmpint (token->expires_at, ==, 0);
  g_assert_null (token->refresh_token);
  g_assert_null (token->scope);
  g_assert_null (token->practice);
  sc_token_free (NULL);
}

static void
test_expires_in (void)
{
  static const struct
  {
    const char *member;
    gint64 expires_at; /* -1: refused */
  } rows[] = {
    { "3600", NOW + 3600 },
    { "\"3600\"", NOW + 3600 },
    { "3600.0", NOW + 3600 },
    { "0", NOW },
    { "9223372036854775807", NOW + (gint64) G_MAXINT32 },
    { "\"9223372036854775807\"", NOW + (gint64) G_MAXINT32 },
    { "-1", -1 },
    { "\"-1\"", -1 },
    { "\"+1\"", -1 },
    { "\" 1\"", -1 },
    { "\"\"", -1 },
    { "\"3600 second(s)\"", -1 },
    { "\"99999999999999999999\"", -1 },
    { "1.5", -1 },
    { "true", -1 },
    { "[]", -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = g_strdup_printf (START ",\"expires_in\":%s}", rows[i].member);
      g_autoptr (GError) error = NULL;
      g_autoptr (ScToken) token = parse (text, &error);

      g_test_message ("%s", rows[i].member);
      if (rows[i].expires_at == -1)
        {
          g_assert_error (error, SC_ERROR, SC_ERROR_OAUTH_TOKEN);
          g_assert_nonnull (strstr (error->message, "expires_in"));
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpint (token->expires_at, ==, rows[i].expires_at);
    }
}

static const struct
{
  const char *text;
  const char *member;
} refuse_rows[] = {
  { "hush", "token answer" },
  { "[]", "token answer" },
  { "{\"token_type\":\"Bearer\"}", "access_token" },
  { "{\"access_token\":\"\",\"token_type\":\"Bearer\"}", "access_token" },
  { "{\"access_token\":1,\"token_type\":\"Bearer\"}", "access_token" },
  { "{\"access_token\":\"hush\\r\\nX: y\",\"token_type\":\"Bearer\"}", "access_token" },
  { "{\"access_token\":\"hush hush\",\"token_type\":\"Bearer\"}", "access_token" },
  { "{\"access_token\":\"hüsh\",\"token_type\":\"Bearer\"}", "access_token" },
  { "{\"access_token\":\"hush\"}", "token_type" },
  { "{\"access_token\":\"hush\",\"token_type\":\"mac\"}", "token_type" },
  { START ",\"refresh_token\":1}", "refresh_token" },
  { START ",\"refresh_token\":\"\"}", "refresh_token" },
  { START ",\"refresh_token\":\"hush\\nhush\"}", "refresh_token" },
  { START ",\"scope\":[]}", "scope" },
  { START ",\"practice\":\"hush\"}", "practice" },
  { START ",\"practice\":{\"officeId\":[]}}", "practice" },
};

static void
test_refuses (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (refuse_rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("row %u", i);
      g_assert_null (parse (refuse_rows[i].text, &error));
      g_assert_error (error, SC_ERROR, SC_ERROR_OAUTH_TOKEN);
      g_assert_nonnull (strstr (error->message, refuse_rows[i].member));
      g_assert_null (strstr (error->message, "hush"));
    }
}

static void
test_limits_refresh_token (void)
{
  g_autofree char *long_token = g_strnfill (2001, 'r');
  g_autofree char *text = g_strdup_printf (START ",\"refresh_token\":\"%s\"}", long_token);
  g_autoptr (GError) error = NULL;
  g_autoptr (ScToken) token = NULL;

  g_assert_null (parse (text, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_OAUTH_TOKEN);
  g_assert_nonnull (strstr (error->message, "refresh_token"));
  g_clear_error (&error);

  g_clear_pointer (&text, g_free);
  text = g_strdup_printf (START ",\"refresh_token\":\"%s\"}", long_token + 1);
  token = parse (text, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sc_secret_string_get_length (token->refresh_token), ==, 2000);
}

static void
test_is_fresh (void)
{
  ScToken token = { .expires_at = NOW + 61 };

  g_assert_true (sc_token_is_fresh (&token, NOW));
  g_assert_false (sc_token_is_fresh (&token, NOW + 1));
  g_assert_false (sc_token_is_fresh (&token, NOW + 1000));
  token.expires_at = 0;
  g_assert_true (sc_token_is_fresh (&token, NOW));
  g_assert_false (sc_token_is_fresh (NULL, NOW));
}

static void
test_parses_error (void)
{
  static const struct
  {
    guint status;
    const char *body;
    ScError code;
  } rows[] = {
    { 400, "{\"error\":\"invalid_grant\",\"error_description\":\"hush\"}", SC_ERROR_OAUTH_GRANT },
    { 401, "{\"error\":\"invalid_client\"}", SC_ERROR_OAUTH_CLIENT },
    { 400, "{\"error\":\"unauthorized_client\"}", SC_ERROR_OAUTH_CLIENT },
    { 400, "{\"error\":\"invalid_request\"}", SC_ERROR_OAUTH_SERVER },
    { 400, "{\"error\":\"<b>hush</b>\"}", SC_ERROR_OAUTH_SERVER },
    { 400, "{\"error\":7}", SC_ERROR_OAUTH_SERVER },
    { 400, "hush", SC_ERROR_OAUTH_SERVER },
    { 404, "", SC_ERROR_OAUTH_SERVER },
    { 429, "{\"error\":\"invalid_grant\"}", SC_ERROR_CLOUD_RATE_LIMITED },
    { 500, "hush", SC_ERROR_CLOUD_UNAVAILABLE },
    { 503, "{\"error\":\"invalid_grant\"}", SC_ERROR_CLOUD_UNAVAILABLE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *status = g_strdup_printf ("%u", rows[i].status);
      g_autoptr (GError) error = NULL;

      error = sc_token_parse_error (rows[i].body, strlen (rows[i].body), rows[i].status);
      g_assert_error (error, SC_ERROR, (int) rows[i].code);
      g_assert_nonnull (strstr (error->message, status));
      g_assert_null (strstr (error->message, "hush"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/token/parses", test_parses);
  g_test_add_func ("/core/token/parses-least", test_parses_least);
  g_test_add_func ("/core/token/expires-in", test_expires_in);
  g_test_add_func ("/core/token/refuses", test_refuses);
  g_test_add_func ("/core/token/limits-refresh-token", test_limits_refresh_token);
  g_test_add_func ("/core/token/is-fresh", test_is_fresh);
  g_test_add_func ("/core/token/parses-error", test_parses_error);
  return g_test_run ();
}
