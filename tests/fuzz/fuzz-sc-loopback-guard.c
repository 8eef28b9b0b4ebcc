// SPDX-License-Identifier: MIT
// A request to the loopback port: the raw head, and the query of one that passes every guard.

#define G_LOG_DOMAIN "sc-fuzz"

#include "sc-fuzz.h"
#include "sc-loopback-guard.h"
#include "sc-redirect.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (ScSecretString) state = sc_secret_string_new ("st4te");
  ScLoopbackRequest request = { 0 };
  gsize end = sc_loopback_guard_find_end ((const char *) data, size);

  g_assert_cmpuint (end, <=, size);
  sc_loopback_guard_is_plausible ((const char *) data, size);
  if (end == 0)
    return 0;
  sc_loopback_guard_check ((const char *) data, end, "127.0.0.1:8", &request);
  g_assert_true (request.status == 0 || request.query == NULL);
  g_assert_true (request.status != 0 || request.is_callback);
  if (request.status == 0)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ScRedirect) redirect = sc_redirect_parse (request.query, state, &error);

      sc_fuzz_check_outcome (redirect, error);
    }
  sc_loopback_request_clear (&request);
  return 0;
}
