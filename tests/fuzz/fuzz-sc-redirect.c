// SPDX-License-Identifier: MIT
// The query of the redirect.

#define G_LOG_DOMAIN "sc-fuzz"

#include "sc-fuzz.h"
#include "sc-redirect.h"

#include <string.h>

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *query = g_strndup ((const char *) data, size);
  g_autoptr (ScSecretString) state = sc_secret_string_new ("st4te");
  g_autoptr (GError) error = NULL;
  g_autoptr (ScRedirect) redirect = sc_redirect_parse (query, state, &error);

  sc_fuzz_check_outcome (redirect, error);
  if (redirect == NULL)
    return 0;
  g_assert_true ((redirect->code == NULL) != (redirect->oauth_error == NULL));
  g_assert_true (redirect->oauth_error == NULL ||
                 strspn (redirect->oauth_error, "abcdefghijklmnopqrstuvwxyz_") ==
                   strlen (redirect->oauth_error));
  sc_fuzz_check_text (redirect->issuer);
  g_assert_cmpint (sc_redirect_check_answer (redirect, NULL), ==, redirect->code != NULL);
  sc_redirect_check_issuer (redirect, "https://app.parlae.ca", TRUE, NULL);
  return 0;
}
