// SPDX-License-Identifier: MIT
// The authorization server's metadata.

#define G_LOG_DOMAIN "sc-fuzz"

#include "sc-fuzz.h"
#include "sc-server-metadata.h"
#include "sc-url.h"

#define ISSUER "https://app.parlae.ca"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScServerMetadata) metadata =
    sc_server_metadata_parse ((const char *) data, size, ISSUER, &error);

  sc_fuzz_check_outcome (metadata, error);
  if (metadata == NULL)
    return 0;
  g_assert_cmpstr (metadata->issuer, ==, ISSUER);
  g_assert_true (sc_url_check (metadata->authorization_endpoint, NULL));
  g_assert_true (sc_url_check (metadata->token_endpoint, NULL));
  g_assert_true (metadata->revocation_endpoint == NULL ||
                 sc_url_check (metadata->revocation_endpoint, NULL));
  return 0;
}
