// SPDX-License-Identifier: MIT
// The keyring item: what goes in comes out, and what is damaged is called so.

#define G_LOG_DOMAIN "sc-test"

#include "sc-credential.h"
#include "sc-error.h"

#include <string.h>

static ScCredential *
build_full (void)
{
  ScCredential *credential = sc_credential_new ("grant-1", "sikka", "https://api.sikkasoft.com/v4");

  g_free (credential->client_id);
  credential->client_id = g_strdup ("sikka-companion");
  credential->refresh_token = sc_secret_string_new ("rt-\"hush\"");
  credential->request_key = sc_secret_string_new ("rk-hush");
  credential->request_key_expires = 1795338720;
  credential->scope = g_strdup ("connection offline_access");
  credential->obtained = 1795252320;
  credential->practice = sc_practice_new ("D10023", "Zoë's Clinic", "Dentrix");
  return credential;
}

static void
assert_secrets_equal (const ScSecretString *a, const ScSecretString *b)
{
  g_assert_cmpint (a != NULL, ==, b != NULL);
  if (a != NULL)
    g_assert_cmpstr (sc_secret_string_peek (a), ==, sc_secret_string_peek (b));
}

static void
assert_equal (const ScCredential *a, const ScCredential *b)
{
  g_assert_cmpstr (a->id, ==, b->id);
  g_assert_cmpstr (a->provider, ==, b->provider);
  g_assert_cmpstr (a->issuer, ==, b->issuer);
  g_assert_cmpstr (a->client_id, ==, b->client_id);
  assert_secrets_equal (a->refresh_token, b->refresh_token);
  assert_secrets_equal (a->request_key, b->request_key);
  g_assert_cmpint (a->request_key_expires, ==, b->request_key_expires);
  g_assert_cmpstr (a->scope, ==, b->scope);
  g_assert_cmpint (a->obtained, ==, b->obtained);
  g_assert_cmpint (a->practice != NULL, ==, b->practice != NULL);
  if (a->practice == NULL)
    return;
  g_assert_cmpstr (a->practice->office_id, ==, b->practice->office_id);
  g_assert_cmpstr (a->practice->name, ==, b->practice->name);
  g_assert_cmpstr (a->practice->pms_type, ==, b->practice->pms_type);
}

static void
assert_round_trip (const ScCredential *credential)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScSecretString) text = sc_credential_serialize (credential, &error);
  g_autoptr (ScCredential) parsed = NULL;

  g_assert_no_error (error);
  parsed = sc_credential_parse (text, &error);
  g_assert_no_error (error);
  assert_equal (credential, parsed);
}

static void
test_round_trip (void)
{
  g_autoptr (ScCredential) full = build_full ();
  g_autoptr (ScCredential) least = sc_credential_new ("grant-2", "cloud", "https://app.parlae.ca");

  least->refresh_token = sc_secret_string_new ("rt");
  assert_round_trip (full);
  assert_round_trip (least);
}

static void
test_copies (void)
{
  g_autoptr (ScCredential) full = build_full ();
  g_autoptr (ScCredential) least = sc_credential_new ("grant-2", "cloud", "https://app.parlae.ca");
  g_autoptr (ScCredential) full_copy = sc_credential_copy (full);
  g_autoptr (ScCredential) least_copy = sc_credential_copy (least);

  assert_equal (full, full_copy);
  assert_equal (least, least_copy);
  sc_credential_free (NULL);
}

/* Written down, so that a member that is renamed by accident shows: keyrings out there have it. */
static void
test_format_stays (void)
{
  g_autoptr (ScSecretString) text = sc_secret_string_new (
    "{\"v\":1,\"id\":\"grant-1\",\"provider\":\"sikka\","
    "\"issuer\":\"https://api.sikkasoft.com/v4\","
    "\"clientId\":\"sikka-companion\",\"refreshToken\":\"rt-\\\"hush\\\"\","
    "\"requestKey\":\"rk-hush\","
    "\"requestKeyExpires\":1795338720,\"scope\":\"connection offline_access\","
    "\"obtained\":1795252320,\"practice\":{\"officeId\":\"D10023\",\"name\":\"Zoë's Clinic\","
    "\"pmsType\":\"Dentrix\"},\"unknown\":[1]}");
  g_autoptr (GError) error = NULL;
  g_autoptr (ScCredential) parsed = sc_credential_parse (text, &error);
  g_autoptr (ScCredential) full = build_full ();

  g_assert_no_error (error);
  assert_equal (parsed, full);
}

static void
test_limits_size (void)
{
  g_autoptr (ScCredential) credential = sc_credential_new ("1", "cloud", "https://app.parlae.ca");
  g_autofree char *long_token = g_strnfill (SC_CREDENTIAL_MAX_SIZE, 'r');
  g_autoptr (ScSecretString) text = NULL;
  g_autoptr (GError) error = NULL;
  gsize overhead = 0;

  credential->refresh_token = sc_secret_string_new ("");
  text = sc_credential_serialize (credential, &error);
  g_assert_no_error (error);
  overhead = sc_secret_string_get_length (text);
  g_clear_pointer (&text, sc_secret_string_unref);
  g_clear_pointer (&credential->refresh_token, sc_secret_string_unref);

  credential->refresh_token = sc_secret_string_new (long_token + overhead);
  text = sc_credential_serialize (credential, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sc_secret_string_get_length (text), ==, SC_CREDENTIAL_MAX_SIZE);
  g_clear_pointer (&credential->refresh_token, sc_secret_string_unref);

  credential->refresh_token = sc_secret_string_new (long_token + overhead - 1);
  g_assert_null (sc_credential_serialize (credential, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_STORE_TOO_LARGE);
}

/* The longest refresh token fits beside an identity of the length that practices have. */
static void
test_longest_token_fits (void)
{
  g_autoptr (ScCredential) credential = NULL;
  g_autofree char *long_token = g_strnfill (2000, 'r');
  g_autofree char *long_name = g_strnfill (100, 'n');

  credential = sc_credential_new ("5f1c9a52-3a0e-4a6e-9d0c-2f5f0d6a7b11", "cloud",
                                  "https://companion.app.parlae.ca");
  credential->refresh_token = sc_secret_string_new (long_token);
  credential->scope = g_strdup ("connection offline_access");
  credential->obtained = 1795252320;
  credential->practice = sc_practice_new ("D10023", long_name, "Open Dental");
  assert_round_trip (credential);
}

#define START "{\"v\":1,\"id\":\"1\",\"provider\":\"cloud\",\"issuer\":\"https://app.parlae.ca\""

static void
test_damaged (void)
{
  static const char *const rows[] = {
    "",
    "hush",
    "[]",
    "{}",
    "{\"v\":2,\"id\":\"1\",\"provider\":\"cloud\",\"issuer\":\"i\",\"clientId\":\"\","
    "\"refreshToken\":\"hush\"}",
    "{\"v\":\"1\",\"id\":\"1\",\"provider\":\"cloud\",\"issuer\":\"i\",\"clientId\":\"\","
    "\"refreshToken\":\"hush\"}",
    START ",\"clientId\":\"\"}",
    START ",\"clientId\":\"\",\"refreshToken\":\"\"}",
    START ",\"clientId\":\"\",\"refreshToken\":1}",
    START ",\"refreshToken\":\"hush\"}",
    START ",\"clientId\":\"\",\"refreshToken\":\"hush\",\"requestKey\":1}",
    START ",\"clientId\":\"\",\"refreshToken\":\"hush\",\"requestKeyExpires\":\"hush\"}",
    START ",\"clientId\":\"\",\"refreshToken\":\"hush\",\"scope\":1}",
    START ",\"clientId\":\"\",\"refreshToken\":\"hush\",\"obtained\":\"hush\"}",
    START ",\"clientId\":\"\",\"refreshToken\":\"hush\",\"practice\":1}",
    START ",\"clientId\":\"\",\"refreshToken\":\"hush\",\"practice\":{}}",
    START ",\"clientId\":\"\",\"refreshToken\":\"hush\",\"practice\":"
          "{\"officeId\":\"1\",\"name\":1}}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ScSecretString) text = sc_secret_string_new (rows[i]);
      g_autoptr (GError) error = NULL;

      g_test_message ("row %u", i);
      g_assert_null (sc_credential_parse (text, &error));
      g_assert_error (error, SC_ERROR, SC_ERROR_STORE_DAMAGED);
      g_assert_null (strstr (error->message, "hush"));
    }
}

static void
test_account (void)
{
  g_autoptr (ScCredential) credential = build_full ();
  g_autofree char *account = sc_credential_get_account (credential);
  g_autofree char *unknown = NULL;

  g_assert_cmpstr (account, ==, "https://api.sikkasoft.com/v4|D10023");
  g_clear_pointer (&credential->practice, sc_practice_free);
  unknown = sc_credential_get_account (credential);
  g_assert_cmpstr (unknown, ==, "https://api.sikkasoft.com/v4|");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/credential/round-trip", test_round_trip);
  g_test_add_func ("/core/credential/copies", test_copies);
  g_test_add_func ("/core/credential/format-stays", test_format_stays);
  g_test_add_func ("/core/credential/limits-size", test_limits_size);
  g_test_add_func ("/core/credential/longest-token-fits", test_longest_token_fits);
  g_test_add_func ("/core/credential/damaged", test_damaged);
  g_test_add_func ("/core/credential/account", test_account);
  return g_test_run ();
}
