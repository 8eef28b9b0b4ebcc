// SPDX-License-Identifier: MIT
// What an agent that was killed left in journal, keyring and cloud, and what the next start makes
// of it.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-crash.h"

#include "sc-test-keyring.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#define JOURNAL "data/journal.db"
#define PENDING "pending-revocation"

static const char *const journal_parts[] = { "", "-wal", "-shm" };

ScTestCrash *
sc_test_crash_new (void)
{
  ScTestCrash *self = g_new0 (ScTestCrash, 1);

  self->workplace = sc_test_workplace_prepare (SC_TEST_DESKTOP_KEYRING);
  self->log = sc_test_desktop_get_path (self->workplace->desktop, "points");
  return self;
}

void
sc_test_crash_free (ScTestCrash *self)
{
  sc_test_workplace_free (self->workplace);
  g_free (self->log);
  g_free (self);
}

/* Returns: (transfer full): the journal, what belongs to it, and what was put aside */
static GPtrArray *
list_journal_files (ScTestCrash *self)
{
  g_autofree char *path = sc_test_workplace_get_path (self->workplace, JOURNAL);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, "journal.db"))
      g_ptr_array_add (files, g_build_filename (folder, name, NULL));
  return files;
}

void
sc_test_crash_wipe (ScTestCrash *self)
{
  g_autoptr (GPtrArray) files = list_journal_files (self);

  for (guint i = 0; i < files->len; i++)
    g_assert_cmpint (g_unlink (files->pdata[i]), ==, 0);
  sc_test_keyring_clear (self->workplace->desktop);
  sc_test_sandbox_reset (self->workplace->sandbox);
  self->orphans = 0;
}

void
sc_test_crash_forget_points (ScTestCrash *self)
{
  g_unlink (self->log);
}

char **
sc_test_crash_read_points (ScTestCrash *self)
{
  g_autofree char *text = NULL;

  if (!g_file_get_contents (self->log, &text, NULL, NULL))
    text = g_strdup ("");
  return g_strsplit (g_strchomp (text), "\n", -1);
}

/* ---- the journal ---- */

/* Returns: (transfer full): the first column of each row of what @sql asks @path for */
static GPtrArray *
query (const char *path, const char *sql)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (g_free);
  sqlite3 *database = NULL;
  sqlite3_stmt *statement = NULL;

  g_assert_cmpint (sqlite3_open_v2 (path, &database, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
  sqlite3_busy_timeout (database, SC_TEST_CEILING * 1000);
  g_assert_cmpint (sqlite3_prepare_v2 (database, sql, -1, &statement, NULL), ==, SQLITE_OK);
  while (sqlite3_step (statement) == SQLITE_ROW)
    g_ptr_array_add (rows, g_strdup ((const char *) sqlite3_column_text (statement, 0)));
  g_assert_cmpint (sqlite3_finalize (statement), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (database), ==, SQLITE_OK);
  return rows;
}

static GPtrArray *
query_journal (ScTestCrash *self, const char *sql)
{
  g_autofree char *path = sc_test_workplace_get_path (self->workplace, JOURNAL);

  return query (path, sql);
}

/* A look at what the dead agent left, in a copy: SQLite would repair the original. */
static void
copy_journal (ScTestCrash *self, const char *to)
{
  for (gsize i = 0; i < G_N_ELEMENTS (journal_parts); i++)
    {
      g_autofree char *name = g_strconcat (JOURNAL, journal_parts[i], NULL);
      g_autofree char *from = sc_test_workplace_get_path (self->workplace, name);
      g_autofree char *copy = g_strconcat (to, journal_parts[i], NULL);
      g_autofree char *bytes = NULL;
      gsize size;

      g_unlink (copy);
      if (!g_str_has_suffix (name, "-shm") && g_file_get_contents (from, &bytes, &size, NULL))
        g_assert_true (g_file_set_contents (copy, bytes, (gssize) size, NULL));
    }
}

static gboolean
is_text (const char *path, const char *expected)
{
  g_autofree char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) && g_strcmp0 (text, expected) == 0;
}

/**
 * Left: what a look into the journal finds that the dead agent left.
 * @state: (nullable): the connection's, %NULL where none was recorded
 * @reports: (element-type utf8): "ID ACCOUNT" of each report that waits
 */
typedef struct
{
  char *state;
  GPtrArray *reports;
} Left;

static void
left_clear (Left *self)
{
  g_free (self->state);
  g_ptr_array_unref (self->reports);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Left, left_clear)

static gboolean
has_tables (const char *path)
{
  g_autoptr (GPtrArray) tables =
    query (path, "SELECT name FROM sqlite_schema WHERE name IN ('outbox', 'state')");

  return tables->len == 2;
}

static void
look_into_journal (ScTestCrash *self, const ScTestExpected *expected, Left *left)
{
  g_autofree char *copy = sc_test_desktop_get_path (self->workplace->desktop, "left.db");
  g_autoptr (GPtrArray) integrity = NULL;
  g_autoptr (GPtrArray) states = NULL;

  left->reports = g_ptr_array_new_with_free_func (g_free);
  copy_journal (self, copy);
  if (!g_file_test (copy, G_FILE_TEST_EXISTS) || is_text (copy, expected->aside))
    return;
  integrity = query (copy, "PRAGMA integrity_check");
  g_assert_cmpstr (integrity->pdata[0], ==, "ok");
  if (!has_tables (copy))
    return;
  g_ptr_array_unref (left->reports);
  left->reports = query (copy, "SELECT id || ' ' || account FROM outbox");
  states = query (copy, "SELECT value FROM state WHERE key = 'state'");
  left->state = states->len > 0 ? g_strdup (states->pdata[0]) : NULL;
}

/* ---- settling ---- */

/* Every item of the program; that of the pre-flight's own test is no credential, and the next one
 * takes it away. */
static char *
list_items (ScTestCrash *self)
{
  GString *items = g_string_new (NULL);
  g_autofree char *all = sc_test_keyring_list (self->workplace->desktop);
  g_auto (GStrv) slots = g_strsplit (all, " ", -1);

  for (guint i = 0; slots[i] != NULL; i++)
    if (!g_str_equal (slots[i], "self-test"))
      g_string_append_printf (items, "%s%s", items->len > 0 ? " " : "", slots[i]);
  return g_string_free (items, FALSE);
}

static gboolean
is_idle (ScAgent1 *agent)
{
  const char *keyring = sc_agent1_get_keyring_state (agent);

  return keyring != NULL && *keyring != '\0' && g_strcmp0 (sc_agent1_get_busy (agent), "") == 0 &&
         g_strcmp0 (sc_agent1_get_step (agent), "browser-open") != 0;
}

static gboolean
has_settled (ScTestCrash *self, ScAgent1 *agent)
{
  g_autoptr (GPtrArray) revocations = NULL;
  g_autoptr (GPtrArray) reports = NULL;
  g_autofree char *items = NULL;

  if (!is_idle (agent))
    return FALSE;
  items = list_items (self);
  revocations = query_journal (self, "SELECT credential_id FROM pending_revocation");
  if (strstr (items, PENDING) != NULL || revocations->len > 0)
    return FALSE;
  if (g_strcmp0 (sc_agent1_get_kept_in (agent), "none") == 0)
    return TRUE;
  reports = query_journal (self, "SELECT id FROM outbox");
  return reports->len == 0;
}

typedef struct
{
  ScTestCrash *crash;
  ScTestVictim *victim;
} SettleWait;

static gboolean
victim_has_settled (gpointer user_data)
{
  const SettleWait *wait = user_data;

  return has_settled (wait->crash, sc_test_victim_get_proxy (wait->victim));
}

gboolean
sc_test_crash_wait_settled (ScTestCrash *self, ScTestVictim *victim)
{
  SettleWait wait = { self, victim };

  if (sc_test_victim_is_dead (victim))
    return FALSE;
  return sc_test_victim_wait (victim, victim_has_settled, &wait);
}

static gboolean
agent_has_settled (gpointer user_data)
{
  ScTestCrash *self = user_data;

  return has_settled (self, sc_test_agent_get_proxy (self->workplace->agent));
}

/* ---- judging ---- */

/* Returns: (transfer full): "connected ", "failed ERROR-ID", …, or "" where nothing can be checked
 */
static char *
check (ScTestCrash *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    sc_test_agent_call (self->workplace->agent, "Check", g_variant_new ("(a{sv})", NULL), &error);
  g_autofree char *refusal = NULL;
  const char *status;
  const char *error_id;

  if (answer != NULL)
    {
      g_variant_get (answer, "(&s&s&s)", &status, &error_id, NULL);
      return g_strdup_printf ("%s %s", status, error_id);
    }
  refusal = g_dbus_error_get_remote_error (error);
  g_assert_cmpstr (refusal, ==, "ca.parlae.SikkaCompanion.Error.NotConnected");
  return g_strdup ("");
}

static void
judge_connected (ScTestCrash *self, const ScTestExpected *expected)
{
  g_autofree char *office = sc_test_agent_get_text (self->workplace->agent, "OfficeId");
  g_autofree char *items = list_items (self);

  g_assert_cmpstr (office, !=, "");
  g_assert_nonnull (strstr (expected->practices, office));
  sc_test_agent_assert_text (self->workplace->agent, "Phase", "connected");
  sc_test_agent_assert_text (self->workplace->agent, "KeptIn", "keyring");
  g_assert_cmpstr (items, ==, "connection");
}

static void
judge_ended (ScTestCrash *self, const ScTestExpected *expected)
{
  ScTestAgent *agent = self->workplace->agent;
  g_autofree char *phase = sc_test_agent_get_text (agent, "Phase");
  g_autofree char *items = list_items (self);
  g_autoptr (GVariant) buttons = sc_agent1_dup_buttons (sc_test_agent_get_proxy (agent));
  const char *button;

  g_assert_cmpstr (items, ==, "");
  g_assert_true (g_variant_lookup (buttons, "check", "&s", &button));
  g_assert_cmpstr (button, ==, "hidden");
  g_assert_true (g_variant_lookup (buttons, "connect", "&s", &button));
  g_assert_cmpstr (button, ==, "enabled");
  if (g_str_equal (phase, "pending"))
    {
      g_assert_true (expected->may_be_pending);
      return;
    }
  g_assert_true (expected->may_be_withdrawn);
  g_assert_cmpstr (phase, ==, "failed");
  sc_test_agent_assert_text (agent, "ErrorId", "oauth-grant");
}

/* The one exemption: a code was exchanged, and its token never reached the keyring. */
static gboolean
may_leave_orphan (ScTestCrash *self)
{
  g_auto (GStrv) points = sc_test_crash_read_points (self);
  gboolean exchanged = FALSE;

  for (guint i = 0; points[i] != NULL; i++)
    {
      if (g_str_has_prefix (points[i], "http/POST/oauth/token/before"))
        exchanged = TRUE;
      if (g_str_has_prefix (points[i], "keyring/store/connection/after"))
        exchanged = FALSE;
    }
  return exchanged;
}

static void
judge_grants (ScTestCrash *self, const ScTestExpected *expected, const char *office)
{
  gboolean orphan = expected->connects && may_leave_orphan (self);
  g_autofree char *held = g_strconcat ("front-desk@", office, NULL);
  g_autoptr (JsonObject) state = sc_test_sandbox_get_state (self->workplace->sandbox);
  JsonArray *grants = json_object_get_array_member (state, "grants");
  guint n_unheld = json_array_get_length (grants);
  gboolean found = FALSE;

  for (guint i = 0; i < json_array_get_length (grants); i++)
    {
      JsonObject *grant = json_array_get_object_element (grants, i);

      found |= g_ascii_strcasecmp (json_object_get_string_member (grant, "account"), held) == 0;
    }
  g_assert_true (found || *office == '\0');
  if (*office != '\0')
    n_unheld--;
  g_assert_cmpuint (n_unheld, <=, self->orphans + (orphan ? 1 : 0));
  self->orphans = n_unheld;
}

/* Returns: (transfer full): ids of the reports that the cloud has. It drops one that comes twice;
 * one that was recorded twice has another id and the same place in the activity log. */
static GHashTable *
read_delivered (ScTestCrash *self)
{
  g_autoptr (JsonObject) answer = sc_test_sandbox_get_reports (self->workplace->sandbox);
  JsonArray *reports = json_object_get_array_member (answer, "reports");
  GHashTable *ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) places = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  for (guint i = 0; i < json_array_get_length (reports); i++)
    {
      JsonObject *report = json_array_get_object_element (reports, i);
      JsonObject *body = json_object_get_object_member (report, "body");
      JsonObject *activity = json_object_get_object_member (body, "activity");
      gint64 place = json_object_get_int_member (activity, "length");
      const char *id = json_object_get_string_member (report, "id");

      g_assert_true (g_hash_table_add (ids, g_strdup (id)));
      g_assert_true (g_hash_table_add (places, g_memdup2 (&place, sizeof place)));
    }
  return ids;
}

/* A report of another account than the one that is connected now is dropped, and the log says so.
 */
static gboolean
was_dropped (ScTestCrash *self, const char *account, const char *office)
{
  g_autofree char *held = g_strconcat ("front-desk@", office, NULL);
  g_autoptr (GPtrArray) said = query_journal (
    self, "SELECT result FROM activity WHERE action = 'reports' AND result LIKE 'dropped-%'");

  return *office != '\0' && g_ascii_strcasecmp (account, held) != 0 && said->len > 0;
}

static void
judge_reports (ScTestCrash *self,
               const ScTestExpected *expected,
               GPtrArray *queued,
               const char *office)
{
  g_autoptr (GHashTable) there = read_delivered (self);
  g_autoptr (GPtrArray) waiting = query_journal (self, "SELECT id FROM outbox");

  /* None goes without a token; while there was one, the last report went too. */
  g_assert_true (waiting->len == 0 || expected->may_be_withdrawn);
  for (guint i = 0; i < waiting->len; i++)
    g_hash_table_add (there, g_strdup (waiting->pdata[i]));
  for (guint i = 0; i < queued->len; i++)
    {
      g_auto (GStrv) report = g_strsplit (queued->pdata[i], " ", 2);

      if (!g_hash_table_contains (there, report[0]) && !was_dropped (self, report[1], office))
        g_error ("report %s was lost", report[0]);
    }
}

static void
judge_log (ScTestCrash *self)
{
  g_autoptr (GVariant) answer = sc_test_workplace_call (self->workplace, "VerifyLog", NULL);
  gboolean intact;

  g_variant_get (answer, "(bxxs)", &intact, NULL, NULL, NULL);
  g_assert_true (intact);
  sc_test_agent_assert_text (self->workplace->agent, "JournalState", "recording");
}

/* Nothing is ever put aside but a file that was no database before. */
static void
judge_aside (ScTestCrash *self, const char *expected)
{
  g_autoptr (GPtrArray) files = list_journal_files (self);
  gboolean found = FALSE;

  for (guint i = 0; i < files->len; i++)
    {
      g_assert_true (expected != NULL || strstr (files->pdata[i], "set-aside") == NULL);
      found |= is_text (files->pdata[i], expected);
    }
  g_assert_cmpint (found, ==, expected != NULL);
}

char *
sc_test_crash_judge (ScTestCrash *self, const ScTestExpected *expected)
{
  g_auto (Left) left = { 0 };
  g_autofree char *status = NULL;
  g_autofree char *office = NULL;

  look_into_journal (self, expected, &left);
  sc_test_workplace_start_agent (self->workplace);
  status = check (self);
  sc_test_wait_polling (agent_has_settled, self);
  if (g_str_equal (status, "connected "))
    {
      judge_connected (self, expected);
      office = sc_test_agent_get_text (self->workplace->agent, "OfficeId");
    }
  else
    {
      judge_ended (self, expected);
      office = g_strdup ("");
    }
  g_assert_true (!expected->was_connected || g_strcmp0 (left.state, "pending") != 0 ||
                 *office == '\0');
  judge_grants (self, expected, office);
  judge_reports (self, expected, left.reports, office);
  judge_log (self);
  judge_aside (self, expected->aside);
  sc_test_workplace_kill_agent (self->workplace);
  return g_steal_pointer (&office);
}
