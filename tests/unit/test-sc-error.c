// SPDX-License-Identifier: MIT
// The error domain: stable ids, foreign errors, and which say nothing about the connection.

#define G_LOG_DOMAIN "sc-test"

#include "sc-error.h"

#include <gio/gio.h>

static void
test_ids_round_trip (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (int code = 0; code < SC_N_ERRORS; code++)
    {
      const char *id = sc_error_to_id (code);

      g_assert_true (g_regex_match_simple ("^[a-z]+(-[a-z]+)*$", id, 0, 0));
      g_assert_true (g_hash_table_add (seen, (gpointer) id));
      g_assert_cmpint (sc_error_from_id (id), ==, code);
    }
}

/* One of each group, so that a row put in the wrong place shows. */
static void
test_ids_stay (void)
{
  static const struct
  {
    ScError code;
    const char *id;
  } rows[] = {
    { SC_ERROR_FAILED, "failed" },
    { SC_ERROR_BROWSER, "browser" },
    { SC_ERROR_LOOPBACK_BLOCKED, "loopback-blocked" },
    { SC_ERROR_OAUTH_DENIED, "oauth-denied" },
    { SC_ERROR_OAUTH_GRANT, "oauth-grant" },
    { SC_ERROR_PRACTICE_DECLINED, "practice-declined" },
    { SC_ERROR_NET_OFFLINE, "net-offline" },
    { SC_ERROR_CLOCK, "clock" },
    { SC_ERROR_CLOUD_STATUS, "cloud-status" },
    { SC_ERROR_SIKKA_REJECTED, "sikka-rejected" },
    { SC_ERROR_JSON_MISSING, "json-missing" },
    { SC_ERROR_STORE_LOCKED, "store-locked" },
    { SC_ERROR_JOURNAL_BROKEN, "journal-broken" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpstr (sc_error_to_id (rows[i].code), ==, rows[i].id);
}

static void
test_unknown_values (void)
{
  g_assert_cmpstr (sc_error_to_id (-1), ==, "failed");
  g_assert_cmpstr (sc_error_to_id (SC_N_ERRORS), ==, "failed");
  g_assert_cmpint (sc_error_from_id ("no-such-id"), ==, SC_ERROR_FAILED);
  g_assert_cmpint (sc_error_from_id (NULL), ==, SC_ERROR_FAILED);
}

static void
assert_id (GQuark domain, int code, const char *id)
{
  g_autoptr (GError) error = g_error_new_literal (domain, code, "test");

  g_assert_cmpstr (sc_error_get_id (error), ==, id);
}

static void
test_id_of_error (void)
{
  g_assert_cmpstr (sc_error_get_id (NULL), ==, "");
  assert_id (SC_ERROR, SC_ERROR_STORE_LOCKED, "store-locked");
  assert_id (G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
  assert_id (G_IO_ERROR, G_IO_ERROR_FAILED, "failed");
  assert_id (G_FILE_ERROR, G_IO_ERROR_CANCELLED, "failed");
}

static void
test_transport (void)
{
  static const ScError transport[] = { SC_ERROR_NET_OFFLINE,       SC_ERROR_NET_TRUNCATED,
                                       SC_ERROR_CLOUD_UNAVAILABLE, SC_ERROR_CLOUD_RATE_LIMITED,
                                       SC_ERROR_CLOUD_ANSWER,      SC_ERROR_OAUTH_METADATA,
                                       SC_ERROR_JSON_SYNTAX,       SC_ERROR_SIKKA_UNAVAILABLE };
  static const ScError definite[] = { SC_ERROR_OAUTH_GRANT,  SC_ERROR_OAUTH_DENIED,
                                      SC_ERROR_CLOUD_STATUS, SC_ERROR_CLOUD_UNAUTHORIZED,
                                      SC_ERROR_STORE_LOCKED, SC_ERROR_SIKKA_NOT_GRANTED };

  for (guint i = 0; i < G_N_ELEMENTS (transport); i++)
    g_assert_true (sc_error_is_transport (transport[i]));
  for (guint i = 0; i < G_N_ELEMENTS (definite); i++)
    g_assert_false (sc_error_is_transport (definite[i]));
  g_assert_false (sc_error_is_transport (-1));
  g_assert_false (sc_error_is_transport (SC_N_ERRORS));
}

static void
test_cause (void)
{
  g_autoptr (GError) cause = g_error_new_literal (SC_ERROR, SC_ERROR_JSON_TYPE, "\"a\" is odd");
  g_autoptr (GError) error = NULL;

  sc_error_set_cause (&error, SC_ERROR_OAUTH_TOKEN, "token answer", cause);
  g_assert_error (error, SC_ERROR, SC_ERROR_OAUTH_TOKEN);
  g_assert_cmpstr (error->message, ==, "token answer: \"a\" is odd");
  sc_error_set_cause (NULL, SC_ERROR_OAUTH_TOKEN, "token answer", cause);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/error/ids-round-trip", test_ids_round_trip);
  g_test_add_func ("/core/error/ids-stay", test_ids_stay);
  g_test_add_func ("/core/error/unknown-values", test_unknown_values);
  g_test_add_func ("/core/error/id-of-error", test_id_of_error);
  g_test_add_func ("/core/error/transport", test_transport);
  g_test_add_func ("/core/error/cause", test_cause);
  return g_test_run ();
}
