// SPDX-License-Identifier: MIT
// companion.ini below a policy of the same bytes: what is taken is sound, the rest is named.

#define G_LOG_DOMAIN "sc-fuzz"

#include "sc-config.h"
#include "sc-fuzz.h"
#include "sc-url.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (ScConfig) config = sc_config_new ("https://app.parlae.ca");

  sc_config_merge (config, "companion.ini", (const char *) data, size, FALSE);
  g_assert_cmpuint (g_hash_table_size (config->locked), ==, 0);
  g_assert_false (config->hide_disconnect_practice);
  sc_config_merge (config, "policy.ini", (const char *) data, size, TRUE);

  g_assert_true (sc_url_check (config->cloud_url, NULL));
  g_assert_true (sc_url_check (config->issuer, NULL));
  g_assert_true (sc_url_check (config->sikka_api_url, NULL));
  sc_fuzz_check_text (config->service_name);
  for (guint i = 0; i < config->problems->len; i++)
    {
      const ScConfigProblem *problem = g_ptr_array_index (config->problems, i);

      sc_fuzz_check_text (problem->key);
      sc_fuzz_check_text (problem->problem);
    }
  return 0;
}
