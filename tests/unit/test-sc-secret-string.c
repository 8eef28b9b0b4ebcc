// SPDX-License-Identifier: MIT
// The secret string: it keeps, compares and wipes.

#define G_LOG_DOMAIN "sc-test"

#include "sc-secret-string.h"

#include <string.h>

static void
test_keeps_text (void)
{
  g_autoptr (ScSecretString) whole = sc_secret_string_new ("secret");
  g_autoptr (ScSecretString) part = sc_secret_string_new_len ("secret", 3);
  g_autoptr (ScSecretString) taken = sc_secret_string_new_take (g_strdup ("taken"));
  g_autoptr (ScSecretString) empty = sc_secret_string_new_len (NULL, 0);

  g_assert_cmpstr (sc_secret_string_peek (whole), ==, "secret");
  g_assert_cmpuint (sc_secret_string_get_length (whole), ==, 6);
  g_assert_cmpstr (sc_secret_string_peek (part), ==, "sec");
  g_assert_cmpuint (sc_secret_string_get_length (part), ==, 3);
  g_assert_cmpstr (sc_secret_string_peek (taken), ==, "taken");
  g_assert_cmpstr (sc_secret_string_peek (empty), ==, "");
}

static void
test_compares (void)
{
  static const struct
  {
    const char *text;
    gboolean equal;
  } rows[] = {
    { "secret", TRUE },   { "secreT", FALSE },       { "Secret", FALSE }, { "secre", FALSE },
    { "secrets", FALSE }, { "secretsecret", FALSE }, { "", FALSE },       { NULL, FALSE },
  };
  g_autoptr (ScSecretString) secret = sc_secret_string_new ("secret");
  g_autoptr (ScSecretString) empty = sc_secret_string_new ("");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (sc_secret_string_equal (secret, rows[i].text), ==, rows[i].equal);
  g_assert_true (sc_secret_string_equal (empty, ""));
  g_assert_false (sc_secret_string_equal (empty, NULL));
}

static void
test_counts_references (void)
{
  ScSecretString *secret = sc_secret_string_new ("secret");
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, SC_TYPE_SECRET_STRING);
  g_value_set_boxed (&value, secret);
  g_assert_true (g_value_get_boxed (&value) == secret);
  g_assert_true (sc_secret_string_ref (secret) == secret);
  sc_secret_string_unref (secret);
  sc_secret_string_unref (secret);
  /* The value holds the last reference. */
  g_assert_cmpstr (sc_secret_string_peek (g_value_get_boxed (&value)), ==, "secret");
}

static void
test_wipes (void)
{
  char memory[] = "secret!";
  const char expected[] = "\0\0\0\0\0\0!";

  sc_secret_wipe (memory, 6);
  g_assert_cmpmem (memory, sizeof memory, expected, sizeof expected);
  sc_secret_wipe (NULL, 10);
  sc_secret_free (NULL);
  sc_secret_free (g_strdup ("secret"));
}

static void
test_refuses_misuse (void)
{
  g_test_expect_message ("sc-core", G_LOG_LEVEL_CRITICAL, "*memchr*");
  g_assert_null (sc_secret_string_new_len ("a\0b", 3));
  g_test_assert_expected_messages ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/secret-string/keeps-text", test_keeps_text);
  g_test_add_func ("/core/secret-string/compares", test_compares);
  g_test_add_func ("/core/secret-string/counts-references", test_counts_references);
  g_test_add_func ("/core/secret-string/wipes", test_wipes);
  g_test_add_func ("/core/secret-string/refuses-misuse", test_refuses_misuse);
  return g_test_run ();
}
