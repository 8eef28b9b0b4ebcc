// SPDX-License-Identifier: MIT
// Authorization server metadata: where it is, what it must say.

#define G_LOG_DOMAIN "sc-test"

#include "sc-error.h"
#include "sc-server-metadata.h"

#include <string.h>

#define ISSUER "https://app.parlae.ca"

/* A complete document. */
static const struct
{
  const char *member;
  const char *value;
} members[] = {
  { "issuer", "\"" ISSUER "\"" },
  { "authorization_endpoint", "\"" ISSUER "/oauth/authorize?tenant=1\"" },
  { "token_endpoint", "\"" ISSUER "/oauth/token\"" },
  { "revocation_endpoint", "\"" ISSUER "/oauth/revoke\"" },
  { "response_types_supported", "[\"token\",\"code\"]" },
  { "code_challenge_methods_supported", "[\"plain\",\"S256\"]" },
  { "authorization_response_iss_parameter_supported", "true" },
};

/* The document with value in place of the member's own, or without the member for NULL. */
static char *
build_document (const char *member, const char *value)
{
  GString *text = g_string_new ("{\"unknown\":[]");

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      gboolean is_replaced = g_strcmp0 (members[i].member, member) == 0;

      if (!is_replaced || value != NULL)
        g_string_append_printf (text, ",\"%s\":%s", members[i].member,
                                is_replaced ? value : members[i].value);
    }
  g_string_append_c (text, '}');
  return g_string_free (text, FALSE);
}

static ScServerMetadata *
parse (const char *member, const char *value, GError **error)
{
  g_autofree char *text = build_document (member, value);

  return sc_server_metadata_parse (text, strlen (text), ISSUER, error);
}

static void
test_builds_url (void)
{
  static const struct
  {
    const char *issuer;
    const char *url;
  } rows[] = {
    { "https://example.com", "https://example.com/.well-known/oauth-authorization-server" },
    { "https://example.com/", "https://example.com/.well-known/oauth-authorization-server" },
    { "https://example.com/issuer1",
      "https://example.com/.well-known/oauth-authorization-server/issuer1" },
    { "https://example.com/a/b/",
      "https://example.com/.well-known/oauth-authorization-server/a/b" },
    { "http://127.0.0.1:8080", "http://127.0.0.1:8080/.well-known/oauth-authorization-server" },
    { "http://[::1]:8080/x", "http://[::1]:8080/.well-known/oauth-authorization-server/x" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *url = sc_server_metadata_build_url (rows[i].issuer);

      g_assert_cmpstr (url, ==, rows[i].url);
    }
}

static void
test_parses (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScServerMetadata) metadata = parse (NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (metadata->issuer, ==, ISSUER);
  g_assert_cmpstr (metadata->authorization_endpoint, ==, ISSUER "/oauth/authorize?tenant=1");
  g_assert_cmpstr (metadata->token_endpoint, ==, ISSUER "/oauth/token");
  g_assert_cmpstr (metadata->revocation_endpoint, ==, ISSUER "/oauth/revoke");
  g_assert_true (metadata->iss_supported);
}

static void
test_parses_least (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScServerMetadata) no_revocation = parse ("revocation_endpoint", NULL, &error);
  g_autoptr (ScServerMetadata) no_iss = NULL;

  g_assert_no_error (error);
  g_assert_null (no_revocation->revocation_endpoint);
  no_iss = parse ("authorization_response_iss_parameter_supported", NULL, &error);
  g_assert_no_error (error);
  g_assert_false (no_iss->iss_supported);
  sc_server_metadata_free (NULL);
}

typedef struct
{
  const char *member;
  const char *value;
  ScError code;
} RefuseRow;

static const RefuseRow refuse_rows[] = {
  { "issuer", "\"https://evil.example\"", SC_ERROR_OAUTH_ISSUER },
  { "issuer", "\"" ISSUER "/\"", SC_ERROR_OAUTH_ISSUER },
  { "issuer", "\"HTTPS://app.parlae.ca\"", SC_ERROR_OAUTH_ISSUER },
  { "issuer", NULL, SC_ERROR_OAUTH_METADATA },
  { "issuer", "1", SC_ERROR_OAUTH_METADATA },
  { "authorization_endpoint", NULL, SC_ERROR_OAUTH_METADATA },
  { "authorization_endpoint", "\"http://app.parlae.ca/\"", SC_ERROR_OAUTH_METADATA },
  { "authorization_endpoint", "\"javascript:alert(1)\"", SC_ERROR_OAUTH_METADATA },
  { "authorization_endpoint", "\"/oauth/authorize\"", SC_ERROR_OAUTH_METADATA },
  { "token_endpoint", NULL, SC_ERROR_OAUTH_METADATA },
  { "token_endpoint", "1", SC_ERROR_OAUTH_METADATA },
  { "token_endpoint", "\"http://app.parlae.ca/\"", SC_ERROR_OAUTH_METADATA },
  { "revocation_endpoint", "\"ftp://a.example/\"", SC_ERROR_OAUTH_METADATA },
  { "revocation_endpoint", "1", SC_ERROR_OAUTH_METADATA },
  { "response_types_supported", NULL, SC_ERROR_OAUTH_METADATA },
  { "response_types_supported", "[1,\"token\",[]]", SC_ERROR_OAUTH_METADATA },
  { "response_types_supported", "\"code\"", SC_ERROR_OAUTH_METADATA },
  { "code_challenge_methods_supported", NULL, SC_ERROR_OAUTH_METADATA },
  { "code_challenge_methods_supported", "[]", SC_ERROR_OAUTH_METADATA },
  { "code_challenge_methods_supported", "[\"plain\"]", SC_ERROR_OAUTH_METADATA },
  { "authorization_response_iss_parameter_supported", "\"true\"", SC_ERROR_OAUTH_METADATA },
};

static void
test_refuses (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (refuse_rows); i++)
    {
      const RefuseRow *row = &refuse_rows[i];
      g_autoptr (GError) error = NULL;

      g_test_message ("row %u", i);
      g_assert_null (parse (row->member, row->value, &error));
      g_assert_error (error, SC_ERROR, (int) row->code);
      g_assert_nonnull (strstr (error->message, row->member));
      g_assert_null (strstr (error->message, "://"));
    }
}

static void
test_refuses_other_text (void)
{
  static const char *const rows[] = { "", "<html>", "[]", "{" };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (sc_server_metadata_parse (rows[i], strlen (rows[i]), ISSUER, &error));
      g_assert_error (error, SC_ERROR, SC_ERROR_OAUTH_METADATA);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/server-metadata/builds-url", test_builds_url);
  g_test_add_func ("/core/server-metadata/parses", test_parses);
  g_test_add_func ("/core/server-metadata/parses-least", test_parses_least);
  g_test_add_func ("/core/server-metadata/refuses", test_refuses);
  g_test_add_func ("/core/server-metadata/refuses-other-text", test_refuses_other_text);
  return g_test_run ();
}
