// SPDX-License-Identifier: MIT
// The reference: the same bytes give the same code, and only such codes are valid.

#define G_LOG_DOMAIN "sc-test"

#include "sc-reference.h"

#include <string.h>

static void
test_creates (void)
{
  static const guint8 bytes[SC_REFERENCE_RANDOM_SIZE] = { 19, 7, 2, 1, 15 };
  static const guint8 wrapped[SC_REFERENCE_RANDOM_SIZE] = { 255, 32, 31, 0, 224 };
  g_autofree char *reference = sc_reference_create (bytes);
  g_autofree char *other = sc_reference_create (wrapped);

  g_assert_cmpstr (reference, ==, "K7-21F");
  g_assert_cmpstr (other, ==, "Z0-Z00");
}

/* Every byte value gives a letter that cannot be misheard for another. */
static void
test_alphabet (void)
{
  for (guint value = 0; value < 256; value++)
    {
      guint8 bytes[SC_REFERENCE_RANDOM_SIZE];
      g_autofree char *reference = NULL;

      memset (bytes, (int) value, sizeof bytes);
      reference = sc_reference_create (bytes);
      g_assert_true (sc_reference_is_valid (reference));
      g_assert_null (strpbrk (reference, "ILOU"));
    }
}

static void
test_is_valid (void)
{
  static const char *const odd[] = { "",       "K7",     "K7-21",  "K7-21FF", "K721F",
                                     "K7-21f", "K721-F", "KI-21F", "K7-2LF",  "K7 21F",
                                     "K--21F", "K7-2-F", "é7-21F" };

  g_assert_true (sc_reference_is_valid ("K7-21F"));
  g_assert_false (sc_reference_is_valid (NULL));
  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    g_assert_false (sc_reference_is_valid (odd[i]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/reference/creates", test_creates);
  g_test_add_func ("/core/reference/alphabet", test_alphabet);
  g_test_add_func ("/core/reference/is-valid", test_is_valid);
  return g_test_run ();
}
