// SPDX-License-Identifier: MIT
// The activity row: its hash covers every field and the row before; its texts cannot forge lines.

#define G_LOG_DOMAIN "sc-test"

#include "sc-activity.h"

#include <string.h>

static ScActivity
build_row (void)
{
  return (ScActivity){ .sequence = 1,
                       .time = 1795252320,
                       .user = (char *) "anna",
                       .action = (char *) "connect",
                       .result = (char *) "connected",
                       .reference = (char *) "K7-21F" };
}

static void
assert_changes (const ScActivity *row, const char *previous)
{
  const ScActivity plain = build_row ();
  g_autofree char *before = sc_activity_compute_hash (&plain, SC_ACTIVITY_GENESIS);
  g_autofree char *after = sc_activity_compute_hash (row, previous);

  g_assert_cmpstr (before, !=, after);
}

/* Fixed, so that no later version breaks the chains that are out there:
 * sha256 of "64:0…0" "1:1" "10:1795252320" "4:anna" "7:connect" "9:connected" "6:K7-21F". */
static void
test_hash_stays (void)
{
  ScActivity row = build_row ();
  g_autofree char *hash = sc_activity_compute_hash (&row, SC_ACTIVITY_GENESIS);
  g_autofree char *again = NULL;
  g_autofree char *expected =
    g_compute_checksum_for_string (G_CHECKSUM_SHA256,
                                   "64:" SC_ACTIVITY_GENESIS "1:110:1795252320"
                                   "4:anna7:connect9:connected6:K7-21F",
                                   -1);

  g_assert_cmpstr (hash, ==, expected);
  row.hash = hash;
  again = sc_activity_compute_hash (&row, SC_ACTIVITY_GENESIS);
  g_assert_cmpstr (again, ==, hash);
}

static void
test_hash_covers_all (void)
{
  ScActivity row = build_row ();
  g_autofree char *previous = sc_activity_compute_hash (&row, SC_ACTIVITY_GENESIS);

  assert_changes (&row, previous);
  row.sequence = 2;
  assert_changes (&row, SC_ACTIVITY_GENESIS);
  row = build_row ();
  row.time++;
  assert_changes (&row, SC_ACTIVITY_GENESIS);
  row = build_row ();
  row.user = (char *) "Anna";
  assert_changes (&row, SC_ACTIVITY_GENESIS);
  row = build_row ();
  row.action = (char *) "check";
  assert_changes (&row, SC_ACTIVITY_GENESIS);
  row = build_row ();
  row.result = (char *) "failed";
  assert_changes (&row, SC_ACTIVITY_GENESIS);
  row = build_row ();
  row.reference = (char *) "";
  assert_changes (&row, SC_ACTIVITY_GENESIS);
}

static void
test_text_cannot_move (void)
{
  ScActivity row = build_row ();

  row.user = (char *) "annac";
  row.action = (char *) "onnect";
  assert_changes (&row, SC_ACTIVITY_GENESIS);
  row = build_row ();
  row.user = (char *) "anna7:connect";
  row.action = (char *) "";
  assert_changes (&row, SC_ACTIVITY_GENESIS);
}

static void
test_missing_text_is_empty (void)
{
  ScActivity row = build_row ();
  g_autofree char *missing = NULL;
  g_autofree char *empty = NULL;

  row.reference = NULL;
  missing = sc_activity_compute_hash (&row, SC_ACTIVITY_GENESIS);
  row.reference = (char *) "";
  empty = sc_activity_compute_hash (&row, SC_ACTIVITY_GENESIS);
  g_assert_cmpstr (missing, ==, empty);
}

static void
test_sanitizes (void)
{
  static const struct
  {
    const char *text;
    const char *clean;
  } rows[] = {
    { "anna", "anna" },
    { "Zoë 😀", "Zoë 😀" },
    { "a\nb\r\tc", "a b  c" },
    { "\x1b[31mred\x7f", " [31mred " },
    { "a\xc2\x85"
      "b",
      "a b" }, /* next line */
    { "a\xe2\x80\xa8"
      "b\xe2\x80\xa9",
      "a b " }, /* line and paragraph separator */
    { "a\xe2\x80\xae"
      "b",
      "a b" }, /* right-to-left override */
    { "a\xff"
      "b",
      "a\xef\xbf\xbd"
      "b" },
    { "", "" },
    { NULL, "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *clean = sc_activity_sanitize (rows[i].text);

      g_assert_cmpstr (clean, ==, rows[i].clean);
    }
}

static void
test_sanitizes_length (void)
{
  GString *text = g_string_new (NULL);
  g_autofree char *clean = NULL;

  for (guint i = 0; i < 300; i++)
    g_string_append (text, "é");
  clean = sc_activity_sanitize (text->str);
  g_assert_cmpint (g_utf8_strlen (clean, -1), ==, 200);
  g_assert_true (g_str_has_prefix (text->str, clean));
  g_string_free (text, TRUE);
}

static void
test_frees (void)
{
  ScActivity *row = g_new0 (ScActivity, 1);

  row->user = g_strdup ("anna");
  row->hash = g_strdup (SC_ACTIVITY_GENESIS);
  sc_activity_free (row);
  sc_activity_free (NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/activity/hash-stays", test_hash_stays);
  g_test_add_func ("/core/activity/hash-covers-all", test_hash_covers_all);
  g_test_add_func ("/core/activity/text-cannot-move", test_text_cannot_move);
  g_test_add_func ("/core/activity/missing-text-is-empty", test_missing_text_is_empty);
  g_test_add_func ("/core/activity/sanitizes", test_sanitizes);
  g_test_add_func ("/core/activity/sanitizes-length", test_sanitizes_length);
  g_test_add_func ("/core/activity/frees", test_frees);
  return g_test_run ();
}
