// SPDX-License-Identifier: MIT
// `sikka-companion-agent --store-cloud-token`: a bearer token for reports, from standard input.

#define G_LOG_DOMAIN "sc-agent"

#include "sc-cloud-token.h"

#include "config.h"
#include "sc-credential-store.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

/* One line, of the characters that RFC 6750 §2.1 allows in a token. */
static ScSecretString *
read_token (void)
{
  static const char allowed[] = G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-._~+/=";
  char line[SC_CLOUD_TOKEN_MAX + 2];
  ScSecretString *token = NULL;

  if (fgets (line, sizeof line, stdin) != NULL)
    {
      gsize length = strspn (line, allowed);
      gboolean whole = line[length] == '\0' || line[length] == '\n' || line[length] == '\r';

      if (length > 0 && length <= SC_CLOUD_TOKEN_MAX && whole)
        token = sc_secret_string_new_len (line, length);
    }
  sc_secret_wipe (line, sizeof line);
  return token;
}

typedef struct
{
  GMainLoop *loop;
  GError *error;
} Storing;

static void
token_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Storing *storing = user_data;

  sc_credential_store_store_finish (SC_CREDENTIAL_STORE (source), result, &storing->error);
  g_main_loop_quit (storing->loop);
}

int
sc_cloud_token_store (void)
{
  g_autoptr (ScSecretString) token = read_token ();
  g_autoptr (ScCredentialStore) store = sc_credential_store_new_system ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Storing storing = { .loop = loop };

  if (token == NULL)
    {
      g_printerr ("%s\n", _ ("Standard input holds no token. Write it there as one line."));
      return 1;
    }
  sc_credential_store_store_async (store, SC_CREDENTIAL_SLOT_CLOUD_TOKEN, token, NULL,
                                   token_stored_cb, &storing);
  g_main_loop_run (loop);
  if (storing.error == NULL)
    return 0;
  g_printerr (_ ("The keyring did not take the token: %s\n"), storing.error->message);
  g_clear_error (&storing.error);
  return 1;
}
