// SPDX-License-Identifier: MIT
// The agent's parts in the test's own process.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-parts.h"

#include "sc-journal-private.h"
#include "sc-test-browser.h"
#include "sc-test-wait.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>

#define QUIET_ROUNDS 8
/* Far more than anything that comes to an end. */
#define MAX_ROUNDS 1000

void
sc_test_parts_init (int *argc, char ***argv)
{
  g_test_init (argc, argv, NULL);
  /* What fails on purpose is warned about, which must not end the test. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
}

static void
open_journal (ScTestParts *self)
{
  self->journal = sc_journal_open (self->journal_path);
  g_assert_cmpint (sc_journal_get_health (self->journal), ==, SC_JOURNAL_RECORDING);
}

void
sc_test_parts_start_sandbox (ScTestParts *self)
{
  g_autofree char *state = g_build_filename (self->folder, "cloud", NULL);

  self->sandbox = sc_test_sandbox_start ("--port", self->port != NULL ? self->port : "0",
                                         "--state-dir", state, NULL);
  if (self->port == NULL)
    self->port = g_strdup (sc_test_sandbox_get_port (self->sandbox));
  g_free (self->url);
  self->url = g_strdup (sc_test_sandbox_get_url (self->sandbox));
}

void
sc_test_parts_stop_sandbox (ScTestParts *self)
{
  g_clear_pointer (&self->sandbox, sc_test_sandbox_stop);
}

void
sc_test_parts_set_up (ScTestParts *self, gconstpointer data)
{
  g_autofree char *settings = NULL;
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("sc-parts-XXXXXX", &error);
  g_assert_no_error (error);
  self->journal_path = g_build_filename (self->folder, "journal.db", NULL);
  settings = g_build_filename (self->folder, "settings.ini", NULL);
  sc_test_parts_start_sandbox (self);
  if (data != NULL)
    sc_test_sandbox_set_scenario (self->sandbox, data);

  self->clock = sc_clock_manual_new (g_get_real_time () / G_USEC_PER_SEC);
  self->store = sc_test_store_new ();
  self->settings = sc_settings_new (settings);
  /* No SPU runs here, which is not what these tests are about. */
  g_assert_true (sc_settings_set (self->settings, SC_SETTING_SPU_ELSEWHERE, TRUE, NULL));
  self->http = sc_http_new (NULL, NULL);
  self->config = sc_config_new (self->url);
  open_journal (self);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static gboolean
is_gone (gpointer user_data)
{
  gpointer *object = user_data;

  return *object == NULL;
}

static void
drop_controller (ScTestParts *self)
{
  gpointer watched = self->controller;

  if (watched == NULL)
    return;
  g_object_add_weak_pointer (watched, &watched);
  g_signal_handlers_disconnect_by_data (self->controller, self);
  g_clear_object (&self->controller);
  sc_test_wait_until (is_gone, &watched);
  /* What was armed went with it. */
  g_assert_cmpuint (sc_test_parts_count_alarms (self), ==, 0);
}

void
sc_test_parts_tear_down (ScTestParts *self, gconstpointer data)
{
  drop_controller (self);
  g_clear_object (&self->journal);
  g_clear_object (&self->settings);
  g_clear_object (&self->http);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->config, sc_config_free);
  sc_test_parts_stop_sandbox (self);
  remove_tree (self->folder);
  g_free (self->folder);
  g_free (self->journal_path);
  g_free (self->url);
  g_free (self->port);
  g_free (self->outcome);
  g_free (self->error_id);
}

static void
finished_cb (ScController *controller,
             guint transaction,
             const char *outcome,
             const char *error_id,
             const char *reference,
             ScTestParts *self)
{
  self->finished++;
  self->transaction = transaction;
  g_free (self->outcome);
  self->outcome = g_strdup (outcome);
  g_free (self->error_id);
  self->error_id = g_strdup (error_id);
}

void
sc_test_parts_create (ScTestParts *self)
{
  ScControllerParts parts = {
    .config = g_steal_pointer (&self->config),
    .spu_names = sc_spu_names_load ("/nonexistent", NULL),
    .clock = self->clock,
    .store = SC_CREDENTIAL_STORE (self->store),
    .journal = self->journal,
    .settings = self->settings,
    .http = self->http,
  };

  g_assert_null (self->controller);
  if (parts.config == NULL)
    parts.config = sc_config_new (self->url);
  self->controller = sc_controller_new (&parts);
  g_signal_connect (self->controller, "transaction-finished", G_CALLBACK (finished_cb), self);
}

void
sc_test_parts_start (ScTestParts *self)
{
  sc_test_parts_create (self);
  sc_controller_start (self->controller);
  sc_test_parts_settle (self);
}

void
sc_test_parts_end (ScTestParts *self)
{
  drop_controller (self);
  g_clear_object (&self->journal);
  open_journal (self);
}

void
sc_test_parts_restart (ScTestParts *self)
{
  sc_test_parts_end (self);
  sc_test_parts_start (self);
}

static void
drain (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* The sandbox does not count requests for its own pages. */
static void
go_round (ScTestParts *self)
{
  g_autofree char *url = g_strconcat (self->url, "/sandbox/requests", NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ScHttpAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;

  sc_http_send_async (self->http, sc_http_request_new ("GET", url), NULL, sc_test_result_cb,
                      &result);
  result = sc_test_wait_result (&result);
  answer = sc_http_send_finish (self->http, result, &error);
  if (self->sandbox != NULL)
    g_assert_no_error (error);
  drain ();
}

static gint64
count_if_running (ScTestParts *self)
{
  return self->sandbox != NULL ? sc_test_parts_count (self, NULL) : 0;
}

/* A request of our own takes about as long as any other: when some go by with nothing else in
 * between, nothing else comes. */
void
sc_test_parts_settle (ScTestParts *self)
{
  gint64 seen = count_if_running (self);
  guint rounds = 0;

  for (guint quiet = 0; quiet < QUIET_ROUNDS; quiet++)
    {
      g_assert_cmpuint (rounds++, <, MAX_ROUNDS);
      go_round (self);
      if (count_if_running (self) != seen)
        quiet = 0;
      seen = count_if_running (self);
    }
}

void
sc_test_parts_advance (ScTestParts *self, gint64 seconds)
{
  sc_clock_manual_advance (SC_CLOCK_MANUAL (self->clock), seconds);
  sc_test_parts_settle (self);
}

gint64
sc_test_parts_count (ScTestParts *self, const char *method_and_path)
{
  return sc_test_sandbox_count (self->sandbox, method_and_path);
}

guint
sc_test_parts_count_waiting (ScTestParts *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) reports = sc_journal_list_reports (self->journal, &error);

  g_assert_no_error (error);
  return reports->len;
}

guint
sc_test_parts_count_alarms (ScTestParts *self)
{
  return sc_clock_manual_count_alarms (SC_CLOCK_MANUAL (self->clock));
}

gint64
sc_test_parts_count_grants (ScTestParts *self)
{
  g_autoptr (JsonObject) state = sc_test_sandbox_get_state (self->sandbox);

  return json_object_get_int_member (state, "grantCount");
}

guint
sc_test_parts_count_reports (ScTestParts *self)
{
  g_autoptr (JsonObject) object = sc_test_sandbox_get_reports (self->sandbox);

  return json_array_get_length (json_object_get_array_member (object, "reports"));
}

typedef struct
{
  ScTestParts *parts;
  gint64 wanted;
} Count;

static gboolean
has_grants (gpointer user_data)
{
  const Count *count = user_data;

  return sc_test_parts_count_grants (count->parts) == count->wanted;
}

void
sc_test_parts_wait_grants (ScTestParts *self, gint64 grants)
{
  Count count = { self, grants };

  sc_test_wait_polling (has_grants, &count);
}

static gboolean
is_delivered (gpointer user_data)
{
  return sc_test_parts_count_waiting (user_data) == 0;
}

void
sc_test_parts_wait_delivered (ScTestParts *self)
{
  sc_test_wait_until (is_delivered, self);
}

guint
sc_test_parts_count_activity (ScTestParts *self, const char *action, const char *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = sc_journal_list_activity (self->journal, 0, 1000, &error);
  guint found = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i++)
    {
      const ScActivity *row = g_ptr_array_index (rows, i);

      if (g_str_equal (row->action, action) && g_str_equal (row->result, result))
        found++;
    }
  return found;
}

void
sc_test_parts_fill_disk (ScTestParts *self)
{
  sqlite3 *database = self->journal->database;

  sqlite3_exec (database, "CREATE TABLE filler (bytes)", NULL, NULL, NULL);
  sqlite3_exec (database, "PRAGMA max_page_count = 1", NULL, NULL, NULL);
  /* Pages that are in the file already are free for use. */
  while (sqlite3_exec (database, "INSERT INTO filler VALUES (zeroblob (500))", NULL, NULL, NULL) ==
         SQLITE_OK)
    ;
}

void
sc_test_parts_free_disk (ScTestParts *self)
{
  sqlite3 *database = self->journal->database;

  sqlite3_exec (database, "PRAGMA max_page_count = 1000000", NULL, NULL, NULL);
  sqlite3_exec (database, "DROP TABLE filler", NULL, NULL, NULL);
}

guint
sc_test_parts_connect (ScTestParts *self, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  self->finished = 0;
  sc_controller_connect_async (self->controller, FALSE, TRUE, NULL, NULL, sc_test_result_cb,
                               &result);
  result = sc_test_wait_result (&result);
  return sc_controller_connect_finish (self->controller, result, error);
}

gboolean
sc_test_parts_check (ScTestParts *self, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  sc_controller_check_async (self->controller, NULL, sc_test_result_cb, &result);
  result = sc_test_wait_result (&result);
  return sc_controller_check_finish (self->controller, result, error);
}

static gboolean
disconnect (ScTestParts *self, gboolean practice, gboolean now, const char *name, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  sc_controller_disconnect_async (self->controller, practice, now, name, NULL, sc_test_result_cb,
                                  &result);
  result = sc_test_wait_result (&result);
  return sc_controller_disconnect_finish (self->controller, result, error);
}

gboolean
sc_test_parts_disconnect (ScTestParts *self, gboolean immediate, GError **error)
{
  return disconnect (self, FALSE, immediate, NULL, error);
}

gboolean
sc_test_parts_disconnect_practice (ScTestParts *self, const char *name, GError **error)
{
  return disconnect (self, TRUE, FALSE, name, error);
}

/* The listener lives in this process, so its answer cannot be waited for by blocking. */
char *
sc_test_parts_decide (ScTestParts *self, const char *practice, const char *decision)
{
  const char *authorization_url = sc_controller_get_authorization_url (self->controller);
  g_autofree char *url = sc_test_browser_decide (authorization_url, practice, decision);
  g_autoptr (SoupSession) session = soup_session_new ();
  g_autoptr (SoupMessage) message = soup_message_new ("GET", url);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) page = NULL;
  g_autoptr (GError) error = NULL;

  soup_session_send_and_read_async (session, message, G_PRIORITY_DEFAULT, NULL, sc_test_result_cb,
                                    &result);
  result = sc_test_wait_result (&result);
  page = soup_session_send_and_read_finish (session, result, &error);
  g_assert_no_error (error);
  return g_strndup (g_bytes_get_data (page, NULL), g_bytes_get_size (page));
}

static gboolean
has_finished (gpointer user_data)
{
  const ScTestParts *self = user_data;

  return self->finished > 0;
}

void
sc_test_parts_wait_finished (ScTestParts *self)
{
  sc_test_wait_until (has_finished, self);
}

void
sc_test_parts_authorize (ScTestParts *self)
{
  g_autofree char *page = NULL;
  g_autoptr (GError) error = NULL;

  sc_test_parts_connect (self, &error);
  g_assert_no_error (error);
  page = sc_test_parts_decide (self, SC_TEST_OFFICE, "allow");
  sc_test_parts_wait_finished (self);
  g_assert_cmpstr (self->outcome, ==, "returned");
  g_assert_nonnull (page);
}

void
sc_test_parts_reach_connected (ScTestParts *self)
{
  g_autoptr (GError) error = NULL;

  sc_test_parts_authorize (self);
  sc_test_parts_check (self, &error);
  g_assert_no_error (error);
  sc_test_parts_assert_state (self, "connected");
  sc_test_parts_wait_delivered (self);
  sc_test_parts_settle (self);
}

gboolean
sc_test_parts_is_listening (const char *authorization_url)
{
  g_autoptr (GRegex) regex = g_regex_new ("127\\.0\\.0\\.1%3A(\\d+)%2Fcallback", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *port = NULL;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;

  g_assert_true (g_regex_match (regex, authorization_url, 0, &match));
  port = g_match_info_fetch (match, 1);
  connection = g_socket_client_connect_to_host (client, "127.0.0.1", atoi (port), NULL, NULL);
  return connection != NULL;
}
