// SPDX-License-Identifier: MIT
// The token endpoint's answers, good and bad.

#define G_LOG_DOMAIN "sc-fuzz"

#include "sc-fuzz.h"
#include "sc-token.h"

#define NOW 1795252320

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) refusal = sc_token_parse_error ((const char *) data, size, 400);
  g_autoptr (ScToken) token = sc_token_parse ((const char *) data, size, NOW, &error);
  g_autoptr (ScToken) copy = token != NULL ? sc_token_copy (token) : NULL;

  sc_fuzz_check_error (refusal);
  sc_fuzz_check_outcome (token, error);
  if (token == NULL)
    return 0;
  g_assert_cmpuint (sc_secret_string_get_length (token->access_token), >, 0);
  g_assert_true (token->expires_at == 0 || token->expires_at >= NOW);
  sc_fuzz_check_text (token->scope);
  if (token->practice != NULL)
    sc_fuzz_check_text (token->practice->name);
  sc_token_is_fresh (copy, NOW);
  return 0;
}
