// SPDX-License-Identifier: MIT
// The keyring's item: what can be read can be written, and says the same again.

#define G_LOG_DOMAIN "sc-fuzz"

#include "sc-credential.h"
#include "sc-fuzz.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *bytes = g_strndup ((const char *) data, size);
  g_autoptr (ScSecretString) text = sc_secret_string_new (bytes);
  g_autoptr (GError) error = NULL;
  g_autoptr (ScCredential) credential = sc_credential_parse (text, &error);
  g_autoptr (ScSecretString) written = NULL;
  g_autoptr (ScSecretString) again = NULL;

  sc_fuzz_check_outcome (credential, error);
  if (credential == NULL)
    return 0;
  written = sc_credential_serialize (credential, NULL);
  if (written != NULL)
    {
      g_autoptr (ScCredential) parsed = sc_credential_parse (written, &error);

      g_assert_no_error (error);
      again = sc_credential_serialize (parsed, &error);
      g_assert_no_error (error);
      g_assert_true (sc_secret_string_equal (again, sc_secret_string_peek (written)));
    }
  return 0;
}
