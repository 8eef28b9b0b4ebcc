// SPDX-License-Identifier: MIT
// PKCE against the example of RFC 7636 appendix B.

#define G_LOG_DOMAIN "sc-test"

#include "sc-pkce.h"

#include <string.h>

static const guint8 appendix_b_bytes[SC_PKCE_RANDOM_SIZE] = {
  116, 24,  223, 180, 151, 153, 224, 37,  79, 250, 96, 125, 216, 173, 187, 186,
  22,  212, 37,  77,  105, 214, 191, 240, 91, 88,  5,  88,  83,  132, 141, 121
};

static void
test_appendix_b (void)
{
  g_autoptr (ScSecretString) verifier = sc_pkce_create_verifier (appendix_b_bytes);
  g_autofree char *challenge = sc_pkce_compute_challenge (verifier);

  g_assert_cmpstr (sc_secret_string_peek (verifier), ==,
                   "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
  g_assert_cmpstr (challenge, ==, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

/* RFC 4648 §10, in the alphabet of its §5, without padding. */
static void
test_encodes (void)
{
  static const struct
  {
    const char *bytes;
    const char *text;
  } rows[] = {
    { "", "" },        { "f", "Zg" },        { "fo", "Zm8" },
    { "foo", "Zm9v" }, { "foob", "Zm9vYg" }, { "\xfb\xff\xbf", "-_-_" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const guint8 *bytes = (const guint8 *) rows[i].bytes;
      g_autofree char *text = sc_pkce_encode (bytes, strlen (rows[i].bytes));

      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

/* RFC 7636 §4.1: 43 to 128 unreserved characters. */
static void
test_verifier_shape (void)
{
  guint8 bytes[SC_PKCE_RANDOM_SIZE] = { 0 };

  for (guint i = 0; i < 256; i++)
    {
      g_autoptr (ScSecretString) verifier = NULL;
      const char *text = NULL;

      memset (bytes, (int) i, sizeof bytes);
      verifier = sc_pkce_create_verifier (bytes);
      text = sc_secret_string_peek (verifier);
      g_assert_true (g_regex_match_simple ("^[A-Za-z0-9_-]{43}$", text, 0, 0));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/pkce/appendix-b", test_appendix_b);
  g_test_add_func ("/core/pkce/encodes", test_encodes);
  g_test_add_func ("/core/pkce/verifier-shape", test_verifier_shape);
  return g_test_run ();
}
