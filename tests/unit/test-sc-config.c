// SPDX-License-Identifier: MIT
// Configuration: defaults, what overrides what; each bad value is named and changes nothing.

#define G_LOG_DOMAIN "sc-test"

#include "sc-config.h"

#include <string.h>

#define CLOUD "https://app.parlae.ca"
#define INI "companion.ini"
#define POLICY "policy.ini"

static void
merge (ScConfig *config, const char *text)
{
  sc_config_merge (config, INI, text, strlen (text), FALSE);
}

static void
merge_policy (ScConfig *config, const char *text)
{
  sc_config_merge (config, POLICY, text, strlen (text), TRUE);
}

static void
assert_problem (ScConfig *config, guint index, const char *file, const char *key)
{
  ScConfigProblem *problem = NULL;

  g_assert_cmpuint (config->problems->len, >, index);
  problem = g_ptr_array_index (config->problems, index);
  g_assert_cmpstr (problem->file, ==, file);
  g_assert_cmpstr (problem->key, ==, key);
  g_assert_cmpstr (problem->problem, !=, "");
}

static void
assert_defaults (ScConfig *config)
{
  g_assert_cmpstr (config->cloud_url, ==, CLOUD);
  g_assert_cmpstr (config->issuer, ==, CLOUD);
  g_assert_cmpstr (config->client_id, ==, "sikka-companion");
  g_assert_cmpstr (config->scope, ==, "connection offline_access");
  g_assert_cmpstr (config->provider, ==, "cloud");
  g_assert_cmpstr (config->sikka_authorize_url, ==, "");
  g_assert_cmpstr (config->sikka_api_url, ==, "https://api.sikkasoft.com/v4");
  g_assert_cmpstr (config->service_name, ==, "Parlae");
  g_assert_cmpstr (config->support_phone, ==, "");
  g_assert_cmpstr (config->support_mail, ==, "");
  g_assert_cmpstr (config->guide_url, ==, "");
  g_assert_cmpstr (config->privacy_url, ==, "");
  g_assert_false (config->hide_disconnect_practice);
  g_assert_cmpuint (g_hash_table_size (config->locked), ==, 0);
}

static void
test_defaults (void)
{
  g_autoptr (ScConfig) config = sc_config_new (CLOUD);

  assert_defaults (config);
  sc_config_merge (config, INI, NULL, 0, FALSE);
  merge (config, "# nothing but a comment\n\n[cloud]\n[vendor]\nsupport_mail=\n");
  assert_defaults (config);
  g_assert_cmpuint (config->problems->len, ==, 0);
  sc_config_free (NULL);
}

static const char full_text[] =
  "[cloud]\r\nurl = https://cloud.example/api/ \r\nissuer=https://login.example/a\r\n"
  "client_id=other-client\nscope=a b:c\n"
  "[connection]\nprovider=sikka\n"
  "[sikka]\nauthorize_url=https://portal.example/authorize?x=1\napi_url=http://127.0.0.1:9/v4\n"
  "[vendor]\nservice_name=Zoë Voice\nsupport_phone=+1 555 0100 (ext. 2)\n"
  "support_mail=help@example.com\nguide_url=https://example.com/guide#spu\n"
  "privacy_url=https://example.com/privacy\n";

static void
test_takes_all (void)
{
  g_autoptr (ScConfig) config = sc_config_new (CLOUD);

  merge (config, full_text);
  g_assert_cmpstr (config->cloud_url, ==, "https://cloud.example/api");
  g_assert_cmpstr (config->issuer, ==, "https://login.example/a");
  g_assert_cmpstr (config->client_id, ==, "other-client");
  g_assert_cmpstr (config->scope, ==, "a b:c");
  g_assert_cmpstr (config->provider, ==, "sikka");
  g_assert_cmpstr (config->sikka_authorize_url, ==, "https://portal.example/authorize?x=1");
  g_assert_cmpstr (config->sikka_api_url, ==, "http://127.0.0.1:9/v4");
  g_assert_cmpstr (config->service_name, ==, "Zoë Voice");
  g_assert_cmpstr (config->support_phone, ==, "+1 555 0100 (ext. 2)");
  g_assert_cmpstr (config->support_mail, ==, "help@example.com");
  g_assert_cmpstr (config->privacy_url, ==, "https://example.com/privacy");
  g_assert_cmpuint (g_hash_table_size (config->locked), ==, 0);
  /* A fragment is nothing that sc_url_check() takes. */
  g_assert_cmpuint (config->problems->len, ==, 1);
  assert_problem (config, 0, INI, "vendor.guide_url");
}

static void
test_takes_byte_order_mark (void)
{
  g_autoptr (ScConfig) config = sc_config_new (CLOUD);

  merge (config, "\xef\xbb\xbf[vendor]\nservice_name=Voice\n");
  g_assert_cmpstr (config->service_name, ==, "Voice");
  g_assert_cmpuint (config->problems->len, ==, 0);
}

static const struct
{
  const char *key;
  const char *value;
} bad_values[] = {
  { "cloud.url", "" },
  { "cloud.url", "http://cloud.example" },
  { "cloud.url", "cloud.example" },
  { "cloud.url", "https://user:hush@cloud.example" },
  { "cloud.url", "https://cloud.example/?x=1" },
  { "cloud.url", "https://cloud.example/\\q" },
  { "cloud.issuer", "" },
  { "cloud.issuer", "http://localhost:8080" },
  { "cloud.issuer", "https://cloud.example?x" },
  { "cloud.client_id", "" },
  { "cloud.client_id", "two words" },
  { "cloud.client_id", "clïent" },
  { "cloud.scope", "" },
  { "cloud.scope", "a\\tb" },
  { "cloud.scope", "a\"b" },
  { "connection.provider", "" },
  { "connection.provider", "Cloud" },
  { "connection.provider", "other" },
  { "sikka.authorize_url", "http://portal.example" },
  { "sikka.api_url", "" },
  { "sikka.api_url", "ftp://api.example" },
  { "vendor.service_name", "" },
  { "vendor.service_name", "a\\nb" },
  { "vendor.service_name", "a\\qb" },
  { "vendor.support_phone", "1\\r2" },
  { "vendor.support_mail", "a b@c" },
  { "vendor.support_mail", "help" },
  { "vendor.support_mail", "@example.com" },
  { "vendor.support_mail", "help@" },
  { "vendor.support_mail", "a@b@c" },
  { "vendor.support_mail", "a@b?cc=x@y" },
  { "vendor.support_mail", "a@b?bcc=x" },
  { "vendor.guide_url", "javascript:alert(1)" },
  { "vendor.privacy_url", "file:///etc/passwd" },
  { "vendor.no_such_key", "hush" },
  { "policy.no_such_key", "hush" },
  { "policy.hide_disconnect_practice", "perhaps" },
  { "policy.hide_disconnect_practice", "" },
};

static void
test_bad_values (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad_values); i++)
    {
      g_autoptr (ScConfig) config = sc_config_new (CLOUD);
      g_auto (GStrv) parts = g_strsplit (bad_values[i].key, ".", 2);
      g_autofree char *text = NULL;
      ScConfigProblem *problem = NULL;

      g_test_message ("row %u", i);
      text = g_strdup_printf ("[%s]\n%s=%s\n", parts[0], parts[1], bad_values[i].value);
      merge_policy (config, text);
      g_assert_cmpuint (config->problems->len, ==, 1);
      assert_problem (config, 0, POLICY, bad_values[i].key);
      problem = g_ptr_array_index (config->problems, 0);
      g_assert_null (strstr (problem->problem, "hush"));
      /* Nothing taken, nothing locked. */
      assert_defaults (config);
    }
}

static void
test_too_long (void)
{
  static const char *const keys[] = { "cloud.client_id", "vendor.service_name" };
  g_autofree char *value = g_strnfill (256, 'a');

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autoptr (ScConfig) config = sc_config_new (CLOUD);
      g_auto (GStrv) parts = g_strsplit (keys[i], ".", 2);
      g_autofree char *text = g_strdup_printf ("[%s]\n%s=%s\n", parts[0], parts[1], value);

      merge (config, text);
      assert_problem (config, 0, INI, keys[i]);
      assert_defaults (config);
    }
}

/* One bad value does not take its neighbours along. */
static void
test_good_beside_bad (void)
{
  g_autoptr (ScConfig) config = sc_config_new (CLOUD);

  merge (config, "[strange]\nx=1\n[vendor]\nservice_name=Voice\nsupport_mail=none\n"
                 "support_phone=1\n");
  g_assert_cmpuint (config->problems->len, ==, 2);
  assert_problem (config, 0, INI, "strange");
  assert_problem (config, 1, INI, "vendor.support_mail");
  g_assert_cmpstr (config->service_name, ==, "Voice");
  g_assert_cmpstr (config->support_phone, ==, "1");
}

static void
test_bad_files (void)
{
  static const struct
  {
    const char *text;
    gsize length;
  } rows[] = {
    { "[vendor]\nservice_name=V\xff\n", 25 },
    { "[vendor]\nservice_name=V\0\n", 25 },
    { "service_name=Voice\n", 19 },
    { "[vendor\nservice_name=Voice\n", 27 },
    { "[vendor]\nhush\n", 14 },
    { "\x89PNG\r\n", 6 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ScConfig) config = sc_config_new (CLOUD);

      g_test_message ("row %u", i);
      sc_config_merge (config, INI, rows[i].text, rows[i].length, FALSE);
      g_assert_cmpuint (config->problems->len, ==, 1);
      assert_problem (config, 0, INI, "");
      assert_defaults (config);
    }
}

static void
test_policy_wins (void)
{
  g_autoptr (ScConfig) config = sc_config_new (CLOUD);

  merge (config, "[vendor]\nservice_name=Mine\nsupport_phone=1\n");
  merge_policy (config, "[vendor]\nservice_name=Theirs\n[policy]\nhide_disconnect_practice=true\n");
  g_assert_cmpstr (config->service_name, ==, "Theirs");
  g_assert_cmpstr (config->support_phone, ==, "1");
  g_assert_true (config->hide_disconnect_practice);
  g_assert_cmpuint (g_hash_table_size (config->locked), ==, 2);
  g_assert_true (g_hash_table_contains (config->locked, "vendor.service_name"));
  g_assert_true (g_hash_table_contains (config->locked, "policy.hide_disconnect_practice"));
  g_assert_cmpuint (config->problems->len, ==, 0);
}

static void
test_policy_stays (void)
{
  g_autoptr (ScConfig) config = sc_config_new (CLOUD);

  merge_policy (config, "[vendor]\nservice_name=Theirs\n[cloud]\nurl=https://theirs.example\n");
  merge (config, "[vendor]\nservice_name=Mine\nsupport_phone=1\n");
  sc_config_set_cloud_url (config, "ENVIRONMENT", "https://mine.example");
  g_assert_cmpstr (config->service_name, ==, "Theirs");
  g_assert_cmpstr (config->cloud_url, ==, "https://theirs.example");
  g_assert_cmpstr (config->support_phone, ==, "1");
  g_assert_cmpuint (config->problems->len, ==, 2);
  assert_problem (config, 0, INI, "vendor.service_name");
  assert_problem (config, 1, "ENVIRONMENT", "cloud.url");
}

static void
test_policy_group_is_policys (void)
{
  g_autoptr (ScConfig) config = sc_config_new (CLOUD);

  merge (config, "[policy]\nhide_disconnect_practice=true\n");
  assert_problem (config, 0, INI, "policy.hide_disconnect_practice");
  assert_defaults (config);
}

static void
test_issuer_follows (void)
{
  g_autoptr (ScConfig) config = sc_config_new (CLOUD "/");

  g_assert_cmpstr (config->issuer, ==, CLOUD);
  merge (config, "[cloud]\nurl=https://cloud.example/\n");
  g_assert_cmpstr (config->issuer, ==, "https://cloud.example");
  sc_config_set_cloud_url (config, "ENVIRONMENT", "http://127.0.0.1:8080");
  g_assert_cmpstr (config->cloud_url, ==, "http://127.0.0.1:8080");
  g_assert_cmpstr (config->issuer, ==, "http://127.0.0.1:8080");
  g_assert_cmpuint (config->problems->len, ==, 0);
}

static void
test_issuer_stays (void)
{
  g_autoptr (ScConfig) config = sc_config_new (CLOUD);

  /* In either order, and letter by letter. */
  merge (config, "[cloud]\nissuer=https://login.example/\nurl=https://cloud.example\n");
  g_assert_cmpstr (config->issuer, ==, "https://login.example/");
  sc_config_set_cloud_url (config, "ENVIRONMENT", "http://127.0.0.1:8080");
  g_assert_cmpstr (config->issuer, ==, "https://login.example/");
}

static void
test_cloud_url_checked (void)
{
  g_autoptr (ScConfig) config = sc_config_new (CLOUD);

  sc_config_set_cloud_url (config, "ENVIRONMENT", "http://cloud.example");
  assert_problem (config, 0, "ENVIRONMENT", "cloud.url");
  assert_defaults (config);
}

static void
test_adds_problem (void)
{
  g_autoptr (ScConfig) config = sc_config_new (CLOUD);
  ScConfigProblem *problem = NULL;

  /* It goes over D-Bus, which takes UTF-8 only. */
  sc_config_add_problem (config, INI, "", "cannot be read: \xff");
  assert_problem (config, 0, INI, "");
  problem = g_ptr_array_index (config->problems, 0);
  g_assert_true (g_utf8_validate (problem->problem, -1, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/config/defaults", test_defaults);
  g_test_add_func ("/core/config/takes-all", test_takes_all);
  g_test_add_func ("/core/config/takes-byte-order-mark", test_takes_byte_order_mark);
  g_test_add_func ("/core/config/bad-values", test_bad_values);
  g_test_add_func ("/core/config/too-long", test_too_long);
  g_test_add_func ("/core/config/good-beside-bad", test_good_beside_bad);
  g_test_add_func ("/core/config/bad-files", test_bad_files);
  g_test_add_func ("/core/config/policy-wins", test_policy_wins);
  g_test_add_func ("/core/config/policy-stays", test_policy_stays);
  g_test_add_func ("/core/config/policy-group-is-policys", test_policy_group_is_policys);
  g_test_add_func ("/core/config/issuer-follows", test_issuer_follows);
  g_test_add_func ("/core/config/issuer-stays", test_issuer_stays);
  g_test_add_func ("/core/config/cloud-url-checked", test_cloud_url_checked);
  g_test_add_func ("/core/config/adds-problem", test_adds_problem);
  return g_test_run ();
}
