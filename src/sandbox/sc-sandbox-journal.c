// SPDX-License-Identifier: MIT
// The request log behind GET /sandbox/requests: paths only, never a query, a header or a body.

#define G_LOG_DOMAIN "sc-sandbox"

#include "sc-sandbox-journal.h"

#define MAX_ENTRIES 1000

typedef struct
{
  char *method;
  char *path;
  char *time;
  guint status;
} Entry;

struct _ScSandboxJournal
{
  GQueue entries; /* (element-type Entry): reference counted boxes */
  GHashTable *counters;
  gint64 total;
};

static void
entry_clear (Entry *entry)
{
  g_free (entry->method);
  g_free (entry->path);
  g_free (entry->time);
}

static void
entry_unref (gpointer entry)
{
  g_rc_box_release_full (entry, (GDestroyNotify) entry_clear);
}

ScSandboxJournal *
sc_sandbox_journal_new (void)
{
  ScSandboxJournal *self = g_new0 (ScSandboxJournal, 1);

  g_queue_init (&self->entries);
  self->counters = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return self;
}

void
sc_sandbox_journal_free (ScSandboxJournal *self)
{
  g_queue_clear_full (&self->entries, entry_unref);
  g_hash_table_unref (self->counters);
  g_free (self);
}

static void
message_finished_cb (SoupServerMessage *message, gpointer user_data)
{
  Entry *entry = user_data;

  entry->status = soup_server_message_get_status (message);
}

static void
entry_closure_notify (gpointer data, GClosure *closure)
{
  entry_unref (data);
}

static Entry *
entry_new (SoupServerMessage *message, const char *path)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  Entry *entry = g_rc_box_new0 (Entry);

  entry->method = g_strdup (soup_server_message_get_method (message));
  entry->path = g_strdup (path);
  entry->time = g_date_time_format_iso8601 (now);

  return entry;
}

void
sc_sandbox_journal_record (ScSandboxJournal *self, SoupServerMessage *message, const char *path)
{
  Entry *entry = entry_new (message, path);
  char *key = g_strdup_printf ("%s %s", entry->method, path);
  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (self->counters, key));

  self->total++;
  g_hash_table_replace (self->counters, key, GUINT_TO_POINTER (count + 1));
  g_signal_connect_data (message, "finished", G_CALLBACK (message_finished_cb),
                         g_rc_box_acquire (entry), entry_closure_notify, 0);
  g_queue_push_tail (&self->entries, entry);
  if (g_queue_get_length (&self->entries) > MAX_ENTRIES)
    entry_unref (g_queue_pop_head (&self->entries));
}

void
sc_sandbox_journal_clear (ScSandboxJournal *self)
{
  g_queue_clear_full (&self->entries, entry_unref);
  g_hash_table_remove_all (self->counters);
  self->total = 0;
}

static JsonObject *
describe_entry (const Entry *entry)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "method", entry->method);
  json_object_set_string_member (object, "path", entry->path);
  json_object_set_int_member (object, "status", entry->status);
  json_object_set_string_member (object, "time", entry->time);

  return object;
}

JsonObject *
sc_sandbox_journal_describe (ScSandboxJournal *self)
{
  JsonObject *object = json_object_new ();
  JsonObject *counters = json_object_new ();
  JsonArray *requests = json_array_new ();
  GHashTableIter iter;
  gpointer key;
  gpointer count;

  g_hash_table_iter_init (&iter, self->counters);
  while (g_hash_table_iter_next (&iter, &key, &count))
    json_object_set_int_member (counters, key, GPOINTER_TO_UINT (count));
  for (GList *link = self->entries.head; link != NULL; link = link->next)
    json_array_add_object_element (requests, describe_entry (link->data));
  json_object_set_int_member (object, "total", self->total);
  json_object_set_object_member (object, "counters", counters);
  json_object_set_array_member (object, "requests", requests);

  return object;
}
