// SPDX-License-Identifier: MIT
// A practice's identity: what makes two the same.

#define G_LOG_DOMAIN "sc-test"

#include "sc-practice.h"

static void
test_keeps_text (void)
{
  g_autoptr (ScPractice) practice = sc_practice_new ("D10023", "Happy Dental Clinic", NULL);
  g_autoptr (ScPractice) copy = sc_practice_copy (practice);
  ScPractice *boxed = g_boxed_copy (SC_TYPE_PRACTICE, copy);

  g_assert_cmpstr (boxed->office_id, ==, "D10023");
  g_assert_cmpstr (boxed->name, ==, "Happy Dental Clinic");
  g_assert_cmpstr (boxed->pms_type, ==, "");
  g_boxed_free (SC_TYPE_PRACTICE, boxed);
  sc_practice_free (NULL);
}

static void
test_is_same (void)
{
  g_autoptr (ScPractice) practice = sc_practice_new ("D10023", "Happy Dental Clinic", "Dentrix");
  g_autoptr (ScPractice) renamed = sc_practice_new ("D10023", "Happier Dental Clinic", "");
  g_autoptr (ScPractice) other = sc_practice_new ("D10024", "Happy Dental Clinic", "Dentrix");
  g_autoptr (ScPractice) nameless = sc_practice_new ("", "Happy Dental Clinic", "Dentrix");

  g_assert_true (sc_practice_is_same (practice, renamed));
  g_assert_false (sc_practice_is_same (practice, other));
  g_assert_false (sc_practice_is_same (nameless, nameless));
  g_assert_false (sc_practice_is_same (practice, NULL));
  g_assert_false (sc_practice_is_same (NULL, practice));
  g_assert_false (sc_practice_is_same (NULL, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/practice/keeps-text", test_keeps_text);
  g_test_add_func ("/core/practice/is-same", test_is_same);
  return g_test_run ();
}
