// SPDX-License-Identifier: MIT
// The small rows of the journal: the recorded connection, the device id, counters, and the grants
// that wait for revocation.

#define G_LOG_DOMAIN "sc-agent"

#include "sc-journal-private.h"

typedef enum
{
  KIND_FLAG,
  KIND_TIME,
  KIND_TEXT,
} Kind;

/* What is stored as it is; state, error and practice are translated. */
static const struct
{
  const char *key;
  Kind kind;
  gsize offset;
} plain_fields[] = {
  { "attention", KIND_FLAG, G_STRUCT_OFFSET (ScJournalState, attention) },
  { "unknown", KIND_FLAG, G_STRUCT_OFFSET (ScJournalState, unknown) },
  { "withdrawn", KIND_FLAG, G_STRUCT_OFFSET (ScJournalState, withdrawn) },
  { "last_checked", KIND_TIME, G_STRUCT_OFFSET (ScJournalState, last_checked) },
  { "reference", KIND_TEXT, G_STRUCT_OFFSET (ScJournalState, reference) },
  { "credential_id", KIND_TEXT, G_STRUCT_OFFSET (ScJournalState, credential_id) },
  { "account", KIND_TEXT, G_STRUCT_OFFSET (ScJournalState, account) },
  { "latest_version", KIND_TEXT, G_STRUCT_OFFSET (ScJournalState, latest_version) },
  { "minimum_version", KIND_TEXT, G_STRUCT_OFFSET (ScJournalState, minimum_version) },
};

static const char *const counter_names[] = {
  [SC_COUNTER_REFRESHES] = "refreshes",
  [SC_COUNTER_CALLBACKS] = "callbacks",
  [SC_COUNTER_STORE_ERRORS] = "store_errors",
};

void
sc_journal_state_clear (ScJournalState *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->practice, sc_practice_free);
  g_clear_pointer (&self->reference, g_free);
  g_clear_pointer (&self->credential_id, g_free);
  g_clear_pointer (&self->account, g_free);
  g_clear_pointer (&self->latest_version, g_free);
  g_clear_pointer (&self->minimum_version, g_free);
  *self = (ScJournalState){ 0 };
}

/* What is not known has no row. */
static gboolean
put (ScJournal *self, const char *key, const char *value, GError **error)
{
  if (value == NULL)
    return TRUE;
  return sc_journal_run (self, error, "INSERT INTO state VALUES (?, ?)", "ss", key, value);
}

static gboolean
put_plain (ScJournal *self, const ScJournalState *state, gsize i, GError **error)
{
  const char *key = plain_fields[i].key;
  gsize offset = plain_fields[i].offset;
  g_autofree char *time = NULL;

  switch (plain_fields[i].kind)
    {
    case KIND_FLAG:
      return put (self, key, G_STRUCT_MEMBER (gboolean, state, offset) ? "1" : NULL, error);
    case KIND_TIME:
      if (G_STRUCT_MEMBER (gint64, state, offset) <= 0)
        return TRUE;
      time = g_strdup_printf ("%" G_GINT64_FORMAT, G_STRUCT_MEMBER (gint64, state, offset));
      return put (self, key, time, error);
    case KIND_TEXT:
      return put (self, key, G_STRUCT_MEMBER (char *, state, offset), error);
    default:
      g_assert_not_reached ();
    }
}

static gboolean
put_practice (ScJournal *self, const ScPractice *practice, GError **error)
{
  if (practice == NULL)
    return TRUE;
  return put (self, "practice_office_id", practice->office_id, error) &&
         put (self, "practice_name", practice->name, error) &&
         put (self, "practice_pms", practice->pms_type, error);
}

static gboolean
put_state (ScJournal *self, const ScJournalState *state, GError **error)
{
  if (!sc_journal_run (self, error, "DELETE FROM state", ""))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (plain_fields); i++)
    {
      if (!put_plain (self, state, i, error))
        return FALSE;
    }
  return put (self, "state", sc_connection_state_get_id (state->state), error) &&
         put (self, "error", state->has_error ? sc_error_to_id (state->error) : NULL, error) &&
         put_practice (self, state->practice, error);
}

gboolean
sc_journal_save_state (ScJournal *self, const ScJournalState *state, GError **error)
{
  gboolean own;

  g_return_val_if_fail (SC_IS_JOURNAL (self), FALSE);
  g_return_val_if_fail (state != NULL, FALSE);

  if (!sc_journal_enter (self, &own, error))
    return FALSE;
  return sc_journal_leave (self, own, put_state (self, state, error), error);
}

static gint64
parse_time (const char *text)
{
  gint64 time = 0;

  if (text == NULL || !g_ascii_string_to_signed (text, 10, 0, G_MAXINT64, &time, NULL))
    return 0;
  return time;
}

static void
take_plain (ScJournalState *state, gsize i, GHashTable *values)
{
  const char *value = g_hash_table_lookup (values, plain_fields[i].key);
  gsize offset = plain_fields[i].offset;

  switch (plain_fields[i].kind)
    {
    case KIND_FLAG:
      G_STRUCT_MEMBER (gboolean, state, offset) = g_strcmp0 (value, "1") == 0;
      break;
    case KIND_TIME:
      G_STRUCT_MEMBER (gint64, state, offset) = parse_time (value);
      break;
    case KIND_TEXT:
      G_STRUCT_MEMBER (char *, state, offset) = g_strdup (value);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
take_state (ScJournalState *state, GHashTable *values)
{
  const char *id = g_hash_table_lookup (values, "state");
  const char *office_id = g_hash_table_lookup (values, "practice_office_id");

  for (gsize i = 0; i < G_N_ELEMENTS (plain_fields); i++)
    take_plain (state, i, values);
  state->state = id != NULL ? sc_connection_state_from_id (id) : SC_STATE_PENDING;
  state->has_error = g_hash_table_contains (values, "error");
  if (state->has_error)
    state->error = sc_error_from_id (g_hash_table_lookup (values, "error"));
  if (office_id != NULL)
    state->practice = sc_practice_new (office_id, g_hash_table_lookup (values, "practice_name"),
                                       g_hash_table_lookup (values, "practice_pms"));
}

gboolean
sc_journal_load_state (ScJournal *self, ScJournalState *state, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = NULL;
  g_autoptr (GHashTable) values = NULL;
  g_autoptr (GError) cause = NULL;

  g_return_val_if_fail (SC_IS_JOURNAL (self), FALSE);
  g_return_val_if_fail (state != NULL, FALSE);

  *state = (ScJournalState){ 0 };
  statement = sc_journal_prepare (self, error, "SELECT key, value FROM state", "");
  if (statement == NULL)
    return FALSE;
  values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  while (sc_journal_next (self, statement, &cause))
    g_hash_table_replace (values, sc_journal_dup_text (statement, 0),
                          sc_journal_dup_text (statement, 1));
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  take_state (state, values);
  return TRUE;
}

char *
sc_journal_get_meta (ScJournal *self, const char *key, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
    sc_journal_prepare (self, error, "SELECT value FROM meta WHERE key = ?", "s", key);

  if (statement == NULL || !sc_journal_next (self, statement, error))
    return NULL;
  return sc_journal_dup_text (statement, 0);
}

gboolean
sc_journal_set_meta (ScJournal *self, const char *key, const char *value, GError **error)
{
  return sc_journal_run (self, error, "INSERT OR REPLACE INTO meta VALUES (?, ?)", "ss", key,
                         value);
}

char *
sc_journal_get_device_id (ScJournal *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *device_id = NULL;

  g_return_val_if_fail (SC_IS_JOURNAL (self), NULL);

  device_id = sc_journal_get_meta (self, "device_id", &error);
  if (error != NULL)
    sc_journal_warn ("device id", error);
  return g_steal_pointer (&device_id);
}

gboolean
sc_journal_set_device_id (ScJournal *self, const char *device_id, GError **error)
{
  g_return_val_if_fail (SC_IS_JOURNAL (self), FALSE);
  g_return_val_if_fail (device_id != NULL, FALSE);

  return sc_journal_set_meta (self, "device_id", device_id, error);
}

/* The sum stays at the largest number: an overflow would refuse the row for ever after. */
gboolean
sc_journal_count (ScJournal *self, ScCounter counter, gint64 add, GError **error)
{
  g_return_val_if_fail (SC_IS_JOURNAL (self), FALSE);
  g_return_val_if_fail ((gsize) counter < G_N_ELEMENTS (counter_names), FALSE);
  g_return_val_if_fail (add >= 0, FALSE);

  return sc_journal_run (self, error,
                         "INSERT INTO counters VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE"
                         " SET value = min (value, 9223372036854775807 - ?2) + ?2",
                         "sx", counter_names[counter], add);
}

ScCounters
sc_journal_get_counters (ScJournal *self)
{
  ScCounters counters = { 0 };
  gint64 *const values[] = {
    [SC_COUNTER_REFRESHES] = &counters.refreshes,
    [SC_COUNTER_CALLBACKS] = &counters.callbacks,
    [SC_COUNTER_STORE_ERRORS] = &counters.store_errors,
  };
  g_autoptr (sqlite3_stmt) statement = NULL;
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (SC_IS_JOURNAL (self), counters);

  statement = sc_journal_prepare (self, &error, "SELECT name, value FROM counters", "");
  while (statement != NULL && sc_journal_next (self, statement, &error))
    {
      g_autofree char *name = sc_journal_dup_text (statement, 0);

      for (gsize i = 0; i < G_N_ELEMENTS (counter_names); i++)
        {
          if (g_str_equal (name, counter_names[i]))
            *values[i] = MAX (sqlite3_column_int64 (statement, 1), 0);
        }
    }
  if (error != NULL)
    sc_journal_warn ("counters", error);
  return counters;
}

/* Asked a second time, the time of the first counts: a grant waits no longer than it may. */
gboolean
sc_journal_add_revocation (ScJournal *self, const char *credential_id, gint64 since, GError **error)
{
  g_return_val_if_fail (SC_IS_JOURNAL (self), FALSE);
  g_return_val_if_fail (credential_id != NULL, FALSE);

  return sc_journal_run (self, error,
                         "INSERT INTO pending_revocation VALUES (?, ?) ON CONFLICT DO NOTHING",
                         "sx", credential_id, since);
}

gboolean
sc_journal_remove_revocation (ScJournal *self, const char *credential_id, GError **error)
{
  g_return_val_if_fail (SC_IS_JOURNAL (self), FALSE);
  g_return_val_if_fail (credential_id != NULL, FALSE);

  return sc_journal_run (self, error, "DELETE FROM pending_revocation WHERE credential_id = ?", "s",
                         credential_id);
}

GHashTable *
sc_journal_list_revocations (ScJournal *self)
{
  g_autoptr (sqlite3_stmt) statement = NULL;
  g_autoptr (GError) error = NULL;
  GHashTable *revocations;

  g_return_val_if_fail (SC_IS_JOURNAL (self), NULL);

  revocations = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  statement =
    sc_journal_prepare (self, &error, "SELECT credential_id, since FROM pending_revocation", "");
  while (statement != NULL && sc_journal_next (self, statement, &error))
    {
      gint64 since = sqlite3_column_int64 (statement, 1);

      g_hash_table_replace (revocations, sc_journal_dup_text (statement, 0),
                            g_memdup2 (&since, sizeof since));
    }
  if (error != NULL)
    sc_journal_warn ("pending revocations", error);
  return revocations;
}
