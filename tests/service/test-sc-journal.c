// SPDX-License-Identifier: MIT
// The journal's small rows, its transactions, and what its tables may hold.

#define G_LOG_DOMAIN "sc-test"

#include "sc-field.h"
#include "sc-journal-fixture.h"

#include <string.h>

static ScJournalState
build_state (void)
{
  return (ScJournalState){
    .state = SC_STATE_CONNECTED,
    .attention = TRUE,
    .unknown = TRUE,
    .withdrawn = TRUE,
    .has_error = TRUE,
    .error = SC_ERROR_CLOUD_STATUS,
    .practice = sc_practice_new ("D10023", "Happy Dental Clinic", "Dentrix"),
    .last_checked = CREATED,
    .reference = g_strdup ("K7-21F"),
    .credential_id = g_strdup ("cred-1"),
    .account = g_strdup ("account-1"),
    .latest_version = g_strdup ("1.2.0"),
    .minimum_version = g_strdup ("1.0.0"),
  };
}

static void
assert_state (const ScJournalState *a, const ScJournalState *b)
{
  g_assert_cmpint (a->state, ==, b->state);
  g_assert_cmpint (a->attention, ==, b->attention);
  g_assert_cmpint (a->unknown, ==, b->unknown);
  g_assert_cmpint (a->withdrawn, ==, b->withdrawn);
  g_assert_cmpint (a->has_error, ==, b->has_error);
  g_assert_cmpint (a->error, ==, b->error);
  g_assert_cmpint (a->last_checked, ==, b->last_checked);
  g_assert_cmpstr (a->reference, ==, b->reference);
  g_assert_cmpstr (a->credential_id, ==, b->credential_id);
  g_assert_cmpstr (a->account, ==, b->account);
  g_assert_cmpstr (a->latest_version, ==, b->latest_version);
  g_assert_cmpstr (a->minimum_version, ==, b->minimum_version);
  g_assert_cmpint (a->practice != NULL, ==, b->practice != NULL);
  if (a->practice == NULL)
    return;
  g_assert_cmpstr (a->practice->office_id, ==, b->practice->office_id);
  g_assert_cmpstr (a->practice->name, ==, b->practice->name);
  g_assert_cmpstr (a->practice->pms_type, ==, b->practice->pms_type);
}

static void
assert_recorded (ScJournal *journal, const ScJournalState *expected)
{
  g_autoptr (GError) error = NULL;
  ScJournalState state;

  g_assert_true (sc_journal_load_state (journal, &state, &error));
  g_assert_no_error (error);
  assert_state (&state, expected);
  sc_journal_state_clear (&state);
}

static void
save (ScJournal *journal, const ScJournalState *state)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (sc_journal_save_state (journal, state, &error));
  g_assert_no_error (error);
}

static void
test_state (Fixture *fixture, gconstpointer data)
{
  const ScJournalState nothing = { 0 };
  ScJournalState state = build_state ();

  assert_recorded (fixture->journal, &nothing);
  save (fixture->journal, &state);
  assert_recorded (fixture->journal, &state);
  reopen (fixture);
  assert_recorded (fixture->journal, &state);

  /* What is known no more goes away. */
  save (fixture->journal, &nothing);
  reopen (fixture);
  assert_recorded (fixture->journal, &nothing);
  sc_journal_state_clear (&state);
  assert_state (&state, &nothing);
}

static void
test_every_state_and_error (Fixture *fixture, gconstpointer data)
{
  for (int i = 0; i < SC_N_STATES; i++)
    {
      ScJournalState state = { .state = (ScConnectionState) i };

      save (fixture->journal, &state);
      assert_recorded (fixture->journal, &state);
    }
  for (int i = 0; i < SC_N_ERRORS; i++)
    {
      ScJournalState state = { .has_error = TRUE, .error = (ScError) i };

      save (fixture->journal, &state);
      assert_recorded (fixture->journal, &state);
    }
}

static void
test_bad_values (Fixture *fixture, gconstpointer data)
{
  const ScJournalState expected = { .has_error = TRUE, .error = SC_ERROR_FAILED };

  tamper (fixture, "INSERT INTO state VALUES ('state', 'flying'), ('attention', 'yes'),"
                   " ('unknown', '2'), ('withdrawn', ''), ('last_checked', '-5'),"
                   " ('error', 'no-such-error'), ('practice_name', 'without an id'),"
                   " ('from_another_version', 'x')");
  assert_recorded (fixture->journal, &expected);
  tamper (fixture, "UPDATE state SET value = '99999999999999999999' WHERE key = 'last_checked'");
  assert_recorded (fixture->journal, &expected);
}

static void
test_text (Fixture *fixture, gconstpointer data)
{
  g_autofree char *long_text = g_strnfill (1024 * 1024, 'x');
  const char *const texts[] = {
    "",
    "O'Brien \"Dental\"; DROP TABLE state; --",
    "two\nlines\r\n\ttab \x01\x1b[31m\x7f",
    "Zähne und 牙 \xe2\x80\xae reversed",
    "%s%n ? ?1 :name @name $name",
    long_text,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      ScJournalState state = build_state ();

      g_clear_pointer (&state.practice, sc_practice_free);
      g_free (state.account);
      state.practice = sc_practice_new (texts[i], texts[i], texts[i]);
      state.account = g_strdup (texts[i]);
      save (fixture->journal, &state);
      reopen (fixture);
      assert_recorded (fixture->journal, &state);
      sc_journal_state_clear (&state);
    }
}

static void
test_text_that_is_no_text (Fixture *fixture, gconstpointer data)
{
  ScJournalState state;

  tamper (fixture, "INSERT INTO state VALUES ('account', CAST (x'61ff0062' AS TEXT))");
  g_assert_true (sc_journal_load_state (fixture->journal, &state, NULL));
  g_assert_cmpstr (state.account, ==,
                   "a\xef\xbf\xbd\xef\xbf\xbd"
                   "b");
  sc_journal_state_clear (&state);
}

static void
assert_device_id (ScJournal *journal, const char *expected)
{
  g_autofree char *device_id = sc_journal_get_device_id (journal);

  g_assert_cmpstr (device_id, ==, expected);
}

static void
test_device_id (Fixture *fixture, gconstpointer data)
{
  assert_device_id (fixture->journal, NULL);
  g_assert_true (sc_journal_set_device_id (fixture->journal, "device-1", NULL));
  assert_device_id (fixture->journal, "device-1");
  g_assert_true (sc_journal_set_device_id (fixture->journal, "device-2", NULL));
  reopen (fixture);
  assert_device_id (fixture->journal, "device-2");
}

static void
assert_counters (ScJournal *journal, gint64 refreshes, gint64 callbacks, gint64 store_errors)
{
  ScCounters counters = sc_journal_get_counters (journal);

  g_assert_cmpint (counters.refreshes, ==, refreshes);
  g_assert_cmpint (counters.callbacks, ==, callbacks);
  g_assert_cmpint (counters.store_errors, ==, store_errors);
}

static void
test_counters (Fixture *fixture, gconstpointer data)
{
  assert_counters (fixture->journal, 0, 0, 0);
  g_assert_true (sc_journal_count (fixture->journal, SC_COUNTER_REFRESHES, 1, NULL));
  g_assert_true (sc_journal_count (fixture->journal, SC_COUNTER_REFRESHES, 2, NULL));
  g_assert_true (sc_journal_count (fixture->journal, SC_COUNTER_CALLBACKS, 0, NULL));
  g_assert_true (sc_journal_count (fixture->journal, SC_COUNTER_STORE_ERRORS, 7, NULL));
  assert_counters (fixture->journal, 3, 0, 7);
  reopen (fixture);
  g_assert_true (sc_journal_count (fixture->journal, SC_COUNTER_CALLBACKS, 5, NULL));
  assert_counters (fixture->journal, 3, 5, 7);
}

static void
test_counters_at_their_ends (Fixture *fixture, gconstpointer data)
{
  tamper (fixture, "INSERT INTO counters VALUES ('refreshes', 9223372036854775806),"
                   " ('callbacks', -3), ('unheard', 9)");
  g_assert_true (sc_journal_count (fixture->journal, SC_COUNTER_REFRESHES, 5, NULL));
  assert_counters (fixture->journal, G_MAXINT64, 0, 0);
}

static void
assert_revocation (ScJournal *journal, const char *id, gint64 expected)
{
  g_autoptr (GHashTable) revocations = sc_journal_list_revocations (journal);
  const gint64 *since = g_hash_table_lookup (revocations, id);

  g_assert_cmpint (since != NULL ? *since : -1, ==, expected);
}

static void
test_revocations (Fixture *fixture, gconstpointer data)
{
  assert_revocation (fixture->journal, "cred-1", -1);
  g_assert_true (sc_journal_add_revocation (fixture->journal, "cred-1", CREATED, NULL));
  g_assert_true (sc_journal_add_revocation (fixture->journal, "cred-2", 1, NULL));
  g_assert_true (sc_journal_add_revocation (fixture->journal, "cred-1", CREATED + 9, NULL));
  reopen (fixture);
  assert_revocation (fixture->journal, "cred-1", CREATED);
  assert_revocation (fixture->journal, "cred-2", 1);
  g_assert_true (sc_journal_remove_revocation (fixture->journal, "cred-1", NULL));
  g_assert_true (sc_journal_remove_revocation (fixture->journal, "unheard", NULL));
  assert_revocation (fixture->journal, "cred-1", -1);
  assert_revocation (fixture->journal, "cred-2", 1);
}

static void
write_everything (ScJournal *journal)
{
  ScJournalState state = build_state ();

  save (journal, &state);
  sc_journal_state_clear (&state);
  g_assert_true (sc_journal_set_device_id (journal, "device-1", NULL));
  g_assert_true (sc_journal_count (journal, SC_COUNTER_REFRESHES, 1, NULL));
  g_assert_true (sc_journal_add_revocation (journal, "cred-1", CREATED, NULL));
  enqueue (journal, "report-1", "account-1", "state");
  append (journal, "connect");
}

static void
assert_rows (Fixture *fixture, const char *expected)
{
  assert_look (fixture,
               "SELECT (SELECT count (*) FROM state) > 0 UNION ALL"
               " SELECT count (*) FROM meta WHERE key = 'device_id' UNION ALL"
               " SELECT count (*) FROM counters UNION ALL"
               " SELECT count (*) FROM pending_revocation UNION ALL"
               " SELECT count (*) FROM outbox UNION ALL SELECT count (*) FROM activity",
               expected);
}

static void
test_commit_and_rollback (Fixture *fixture, gconstpointer data)
{
  g_assert_true (sc_journal_begin (fixture->journal, NULL));
  write_everything (fixture->journal);
  assert_rows (fixture, "0|0|0|0|0|0");
  sc_journal_rollback (fixture->journal);
  assert_rows (fixture, "0|0|0|0|0|0");
  g_assert_cmpint (verify (fixture->journal), ==, 0);

  g_assert_true (sc_journal_begin (fixture->journal, NULL));
  write_everything (fixture->journal);
  g_assert_true (sc_journal_commit (fixture->journal, NULL));
  assert_rows (fixture, "1|1|1|1|1|1");
  g_assert_cmpint (verify (fixture->journal), ==, 0);

  sc_journal_rollback (fixture->journal);
  assert_rows (fixture, "1|1|1|1|1|1");
}

static void
test_alone_is_durable (Fixture *fixture, gconstpointer data)
{
  write_everything (fixture->journal);
  assert_rows (fixture, "1|1|1|1|1|1");
}

/* An error inside that nobody looked at must not end in half a change. */
static void
test_spoiled_transaction (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  tamper (fixture, "DROP TABLE counters");
  g_assert_true (sc_journal_begin (fixture->journal, NULL));
  g_assert_true (sc_journal_set_device_id (fixture->journal, "device-1", NULL));
  g_assert_false (sc_journal_count (fixture->journal, SC_COUNTER_REFRESHES, 1, NULL));
  g_assert_false (sc_journal_commit (fixture->journal, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_JOURNAL_FAILED);
  g_assert_cmpint (sc_journal_get_health (fixture->journal), ==, SC_JOURNAL_FAILED);
  assert_device_id (fixture->journal, NULL);

  g_assert_true (sc_journal_set_device_id (fixture->journal, "device-2", NULL));
  g_assert_cmpint (sc_journal_get_health (fixture->journal), ==, SC_JOURNAL_RECORDING);
}

/* A table taken away while the journal is open: each function says so, none invents anything. */
static void
test_reading_fails (Fixture *fixture, gconstpointer data)
{
  ScJournal *journal = fixture->journal;
  g_autoptr (GError) error = NULL;
  g_autofree char *head = NULL;
  ScJournalState state;
  gint64 rows;
  gint64 broken_at;

  tamper (fixture, "DROP TABLE state; DROP TABLE outbox; DROP TABLE activity; DROP TABLE meta;"
                   "DROP TABLE counters; DROP TABLE pending_revocation");
  g_assert_false (sc_journal_load_state (journal, &state, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_JOURNAL_FAILED);
  g_clear_error (&error);
  g_assert_null (sc_journal_list_reports (journal, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_JOURNAL_FAILED);
  g_clear_error (&error);
  g_assert_null (sc_journal_list_activity (journal, 0, 10, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_JOURNAL_FAILED);
  g_clear_error (&error);
  g_assert_false (sc_journal_verify_activity (journal, &rows, &broken_at, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_JOURNAL_FAILED);

  assert_device_id (journal, NULL);
  assert_counters (journal, 0, 0, 0);
  assert_revocation (journal, "cred-1", -1);
  g_assert_null (sc_journal_next_report (journal, "account-1", CREATED));
  g_assert_cmpint (sc_journal_next_attempt (journal, "account-1"), ==, -1);
  head = sc_journal_get_head (journal, &rows);
  g_assert_cmpstr (head, ==, SC_ACTIVITY_GENESIS);
  g_assert_cmpint (rows, ==, 0);
}

/* Returns: (transfer full) (element-type utf8): every place where the file holds a value of ours */
static GPtrArray *
list_places (Fixture *fixture)
{
  g_autofree char *names = look (
    fixture, "SELECT 'meta.' || key FROM meta UNION ALL SELECT 'state.' || key FROM state UNION ALL"
             " SELECT m.name || '.' || c.name FROM sqlite_schema m, pragma_table_info (m.name) c"
             " WHERE m.type = 'table' AND m.name NOT IN ('meta', 'state')");
  g_auto (GStrv) split = g_strsplit (names, "|", -1);
  GPtrArray *places = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; split[i] != NULL; i++)
    g_ptr_array_add (places, g_strdup (split[i]));
  return places;
}

/* Every place is in core's table of fields, none for a secret, and the table names no place that is
 * not there. */
static void
test_fields (Fixture *fixture, gconstpointer data)
{
  const char *const secret_shapes[] = { "token", "secret", "verifier", "password",
                                        "code",  "nonce",  "_key" };
  g_autoptr (GPtrArray) places = NULL;
  const ScField *fields;
  gsize n_fields;

  write_everything (fixture->journal);
  for (guint i = 0; i < SC_JOURNAL_MAX_REPORTS; i++)
    {
      g_autofree char *id = g_strdup_printf ("routine-%u", i);

      enqueue (fixture->journal, id, "account-1", "routine");
    }

  places = list_places (fixture);
  g_assert_cmpuint (places->len, >, 30);
  for (guint i = 0; i < places->len; i++)
    {
      const char *place = g_ptr_array_index (places, i);
      const ScField *field = sc_field_find (SC_PLACE_JOURNAL, place);

      if (field == NULL)
        g_error ("%s is not in the table of fields", place);
      g_assert_cmpint (field->field_class, !=, SC_FIELD_SECRET);
      g_assert_true (sc_field_class_allows (field->field_class, SC_PLACE_JOURNAL));
      for (gsize j = 0; j < G_N_ELEMENTS (secret_shapes); j++)
        g_assert_null (strstr (place, secret_shapes[j]));
    }

  fields = sc_field_get_table (&n_fields);
  for (gsize i = 0; i < n_fields; i++)
    {
      if (fields[i].place == SC_PLACE_JOURNAL)
        g_assert_true (
          g_ptr_array_find_with_equal_func (places, fields[i].name, g_str_equal, NULL));
    }
}

static void
test_file_is_hardened (Fixture *fixture, gconstpointer data)
{
  assert_look (fixture, "PRAGMA journal_mode", "wal");
  assert_look (fixture, "PRAGMA user_version", G_STRINGIFY (SC_JOURNAL_SCHEMA));
  assert_look (fixture, "PRAGMA application_id", "1399016046");
  assert_look (fixture,
               "SELECT count (*) FROM pragma_table_list WHERE schema = 'main'"
               " AND name NOT LIKE 'sqlite_%' AND NOT strict",
               "0");
}

/* A trigger that somebody put into the file does not run. */
static void
test_triggers_do_not_run (Fixture *fixture, gconstpointer data)
{
  tamper (fixture, "CREATE TRIGGER eat AFTER INSERT ON outbox BEGIN DELETE FROM outbox; END");
  reopen (fixture);
  enqueue (fixture->journal, "report-1", "account-1", "state");
  assert_reports (fixture->journal, "report-1");
}

static void
test_probe (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *probe = g_strconcat (fixture->path, ".probe", NULL);

  enqueue (fixture->journal, "report-1", "account-1", "state");
  g_assert_true (sc_journal_probe_space (fixture->journal, &error));
  g_assert_no_error (error);
  g_assert_false (g_file_test (probe, G_FILE_TEST_EXISTS));
  assert_reports (fixture->journal, "report-1");
  g_assert_cmpstr (sc_journal_get_path (fixture->journal), ==, fixture->path);
}

#define ADD(name, function) \
  g_test_add ("/agent/journal/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  init_test (&argc, &argv);

  ADD ("state", test_state);
  ADD ("every-state-and-error", test_every_state_and_error);
  ADD ("bad-values", test_bad_values);
  ADD ("text", test_text);
  ADD ("text-that-is-no-text", test_text_that_is_no_text);
  ADD ("device-id", test_device_id);
  ADD ("counters", test_counters);
  ADD ("counters-at-their-ends", test_counters_at_their_ends);
  ADD ("revocations", test_revocations);
  ADD ("commit-and-rollback", test_commit_and_rollback);
  ADD ("alone-is-durable", test_alone_is_durable);
  ADD ("spoiled-transaction", test_spoiled_transaction);
  ADD ("reading-fails", test_reading_fails);
  ADD ("fields", test_fields);
  ADD ("file-is-hardened", test_file_is_hardened);
  ADD ("triggers-do-not-run", test_triggers_do_not_run);
  ADD ("probe", test_probe);

  return g_test_run ();
}
