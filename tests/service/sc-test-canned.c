// SPDX-License-Identifier: MIT
// Revoker, keeper and courier with a server of canned answers.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-canned.h"

#include "sc-journal-private.h"
#include "sc-provider-cloud.h"
#include "sc-test-wait.h"

#include <glib/gstdio.h>
#include <string.h>

#define QUIET_ROUNDS 8
/* Far more than anything that comes to an end. */
#define MAX_ROUNDS 1000

void
sc_test_canned_init (int *argc, char ***argv)
{
  g_test_init (argc, argv, NULL);
  /* What fails on purpose is warned about, which must not end the test. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
}

static void
revoked_cb (ScRevoker *revoker, const char *id, gboolean given_up, ScTestCanned *self)
{
  g_string_append_printf (self->finished, "%s%s\n", id, given_up ? " given-up" : "");
}

static void
store_failed_cb (ScGrantKeeper *keeper, ScTestCanned *self)
{
  self->store_failures++;
}

static void
create_parts (ScTestCanned *self)
{
  const char *url = sc_test_server_get_url (self->server);

  self->cloud = sc_cloud_client_new (self->http, url);
  self->provider =
    sc_provider_cloud_new (self->http, self->cloud, url, "sikka-companion", "connection");
  self->revoker =
    sc_revoker_new (self->provider, SC_CREDENTIAL_STORE (self->store), self->clock, self->journal);
  self->keeper = sc_grant_keeper_new (self->provider, SC_CREDENTIAL_STORE (self->store),
                                      self->clock, self->revoker);
  self->courier = sc_courier_new (self->journal, self->cloud, self->keeper, NULL, self->clock);
  g_signal_connect (self->revoker, "finished", G_CALLBACK (revoked_cb), self);
  g_signal_connect (self->keeper, "store-failed", G_CALLBACK (store_failed_cb), self);
}

static void
answer_metadata (ScTestCanned *self)
{
  sc_test_server_set_answer (
    self->server, "GET /.well-known/oauth-authorization-server", 200, "application/json",
    "{\"issuer\":\"@URL@\",\"authorization_endpoint\":\"@URL@/oauth/authorize\","
    "\"token_endpoint\":\"@URL@/oauth/token\",\"revocation_endpoint\":\"@URL@/oauth/revoke\","
    "\"response_types_supported\":[\"code\"],\"code_challenge_methods_supported\":[\"S256\"]}");
}

void
sc_test_canned_set_up (ScTestCanned *self, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("sc-canned-XXXXXX", &error);
  g_assert_no_error (error);
  path = g_build_filename (self->folder, "journal.db", NULL);
  self->server = sc_test_server_new ();
  answer_metadata (self);
  sc_test_server_set_answer (self->server, SC_TEST_REVOKE, 200, "text/plain", "");
  sc_test_server_set_answer (self->server, SC_TEST_REPORTS, 202, "application/json", "{}");
  sc_test_canned_answer_token (self, "access-1", "rotated-1");

  self->account = g_strconcat (sc_test_server_get_url (self->server), "|D10023", NULL);
  self->clock = sc_clock_manual_new (g_get_real_time () / G_USEC_PER_SEC);
  self->store = sc_test_store_new ();
  self->journal = sc_journal_open (path);
  self->http = sc_http_new (NULL, NULL);
  self->finished = g_string_new (NULL);
  create_parts (self);
}

static gboolean
is_gone (gpointer user_data)
{
  gpointer *object = user_data;

  return *object == NULL;
}

/* Whatever is under way ends by itself, and then nothing holds it. */
static void
drop (gpointer *object)
{
  gpointer watched = *object;

  g_object_add_weak_pointer (watched, &watched);
  g_clear_object (object);
  sc_test_wait_until (is_gone, &watched);
}

static void
drop_parts (ScTestCanned *self)
{
  g_signal_handlers_disconnect_by_data (self->revoker, self);
  g_signal_handlers_disconnect_by_data (self->keeper, self);
  drop ((gpointer *) &self->courier);
  drop ((gpointer *) &self->keeper);
  drop ((gpointer *) &self->revoker);
  drop ((gpointer *) &self->provider);
  drop ((gpointer *) &self->cloud);
  g_assert_cmpuint (sc_test_canned_count_alarms (self), ==, 0);
}

void
sc_test_canned_restart (ScTestCanned *self)
{
  drop_parts (self);
  create_parts (self);
}

void
sc_test_canned_tear_down (ScTestCanned *self, gconstpointer data)
{
  static const char *const files[] = { "journal.db", "journal.db-wal", "journal.db-shm" };

  drop_parts (self);
  g_clear_object (&self->http);
  g_clear_object (&self->journal);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);
  sc_test_server_free (self->server);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (self->folder, files[i], NULL);

      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->folder);
  g_free (self->account);
  g_string_free (self->finished, TRUE);
}

static ScCredential *
create_credential (ScTestCanned *self, const char *id)
{
  ScCredential *credential = sc_credential_new (id, "cloud", sc_test_server_get_url (self->server));
  g_autofree char *refresh_token = g_strconcat ("refresh-", id, NULL);

  g_free (credential->client_id);
  credential->client_id = g_strdup ("sikka-companion");
  credential->refresh_token = sc_secret_string_new (refresh_token);
  credential->practice = sc_practice_new ("D10023", "Happy Dental Clinic", "Dentrix");
  return credential;
}

ScGrant *
sc_test_canned_create_grant (ScTestCanned *self, const char *id)
{
  ScToken *token = g_new0 (ScToken, 1);
  g_autofree char *access_token = g_strconcat ("access-", id, NULL);

  token->access_token = sc_secret_string_new (access_token);
  token->expires_at = sc_clock_get_real_time (self->clock) + 3600;
  return sc_grant_new (create_credential (self, id), token);
}

void
sc_test_canned_answer_token (ScTestCanned *self, const char *access, const char *refresh)
{
  g_autofree char *body =
    g_strdup_printf ("{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":31536000,"
                     "\"refresh_token\":\"%s\"}",
                     access, refresh);

  sc_test_server_set_answer (self->server, SC_TEST_TOKEN, 200, "application/json", body);
}

gboolean
sc_test_canned_load (ScTestCanned *self, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  sc_grant_keeper_load_async (self->keeper, NULL, sc_test_result_cb, &result);
  result = sc_test_wait_result (&result);
  return sc_grant_keeper_load_finish (self->keeper, result, error);
}

gboolean
sc_test_canned_store (ScTestCanned *self, const char *id, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  sc_grant_keeper_store_async (self->keeper, sc_test_canned_create_grant (self, id), NULL,
                               sc_test_result_cb, &result);
  result = sc_test_wait_result (&result);
  return sc_grant_keeper_store_finish (self->keeper, result, NULL, error);
}

char *
sc_test_canned_get_token (ScTestCanned *self, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ScToken) token = NULL;

  sc_grant_keeper_get_token_async (self->keeper, NULL, sc_test_result_cb, &result);
  result = sc_test_wait_result (&result);
  token = sc_grant_keeper_get_token_finish (self->keeper, result, error);
  return token != NULL ? g_strdup (sc_secret_string_peek (token->access_token)) : NULL;
}

gboolean
sc_test_canned_retire (ScTestCanned *self, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  sc_grant_keeper_retire_async (self->keeper, NULL, sc_test_result_cb, &result);
  result = sc_test_wait_result (&result);
  return sc_grant_keeper_retire_finish (self->keeper, result, error);
}

gboolean
sc_test_canned_add (ScTestCanned *self, const char *id, GError **error)
{
  g_autoptr (ScCredential) credential = create_credential (self, id);
  g_autoptr (GAsyncResult) result = NULL;

  sc_revoker_add_async (self->revoker, credential, NULL, sc_test_result_cb, &result);
  result = sc_test_wait_result (&result);
  return sc_revoker_add_finish (self->revoker, result, error);
}

gboolean
sc_test_canned_load_revoker (ScTestCanned *self, const char *held_id, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  sc_revoker_load_async (self->revoker, held_id, NULL, sc_test_result_cb, &result);
  result = sc_test_wait_result (&result);
  return sc_revoker_load_finish (self->revoker, result, error);
}

static void
go_round (ScTestCanned *self)
{
  g_autofree char *url = g_strconcat (sc_test_server_get_url (self->server), "/round", NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ScHttpAnswer) answer = NULL;

  sc_http_send_async (self->http, sc_http_request_new ("GET", url), NULL, sc_test_result_cb,
                      &result);
  result = sc_test_wait_result (&result);
  answer = sc_http_send_finish (self->http, result, NULL);
  g_assert_nonnull (answer);
}

static guint
count_others (ScTestCanned *self)
{
  return sc_test_server_count (self->server, NULL) -
         sc_test_server_count (self->server, "GET /round");
}

/* A request of our own takes about as long as any other: when some go by with nothing else in
 * between, nothing else comes. */
void
sc_test_canned_settle (ScTestCanned *self)
{
  guint seen = count_others (self);
  guint rounds = 0;

  for (guint quiet = 0; quiet < QUIET_ROUNDS; quiet++)
    {
      g_assert_cmpuint (rounds++, <, MAX_ROUNDS);
      go_round (self);
      if (count_others (self) != seen)
        quiet = 0;
      seen = count_others (self);
    }
}

void
sc_test_canned_advance (ScTestCanned *self, gint64 seconds)
{
  sc_clock_manual_advance (SC_CLOCK_MANUAL (self->clock), seconds);
  sc_test_canned_settle (self);
}

guint
sc_test_canned_count_alarms (ScTestCanned *self)
{
  return sc_clock_manual_count_alarms (SC_CLOCK_MANUAL (self->clock));
}

void
sc_test_canned_lock_journal (ScTestCanned *self)
{
  sqlite3_exec (self->journal->database, "PRAGMA query_only = 1", NULL, NULL, NULL);
}

void
sc_test_canned_unlock_journal (ScTestCanned *self)
{
  sqlite3_exec (self->journal->database, "PRAGMA query_only = 0", NULL, NULL, NULL);
}

gboolean
sc_test_canned_item_has (ScTestCanned *self, ScCredentialSlot slot, const char *text)
{
  const char *item = sc_test_store_peek (self->store, slot);

  return item != NULL && strstr (item, text) != NULL;
}
