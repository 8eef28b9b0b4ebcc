// SPDX-License-Identifier: MIT
// The cloud's database: integrations, their secrets in a table of their own, reports, sign-ins.

#define G_LOG_DOMAIN "sc-sandbox"

#include "sc-sandbox-store.h"

#include "sc-sandbox-answer.h"
#include "sc-sandbox-db.h"

static const char schema[] =
  "CREATE TABLE IF NOT EXISTS pms_integrations (account TEXT, provider TEXT, status TEXT"
  " CHECK (status IN ('ACTIVE', 'INACTIVE', 'ERROR', 'SETUP_REQUIRED')), office_id TEXT,"
  " practice_name TEXT, pms_type TEXT, token_expiry INTEGER, last_error TEXT,"
  " last_error_code TEXT, created_at INTEGER, updated_at INTEGER,"
  " PRIMARY KEY (account, provider));"
  "CREATE TABLE IF NOT EXISTS pms_secrets (account TEXT, provider TEXT, request_key TEXT,"
  " refresh_key TEXT, PRIMARY KEY (account, provider));"
  "CREATE TABLE IF NOT EXISTS reports (id TEXT PRIMARY KEY, account TEXT, body TEXT,"
  " received_at INTEGER);"
  "CREATE TABLE IF NOT EXISTS sign_ins (nonce TEXT PRIMARY KEY, request TEXT);";

struct _ScSandboxStore
{
  sqlite3 *db;
};

void
sc_sandbox_integration_free (ScSandboxIntegration *self)
{
  g_free (self->account);
  g_free (self->status);
  g_free (self->office_id);
  g_free (self->practice_name);
  g_free (self->pms_type);
  g_free (self->last_error);
  g_free (self->last_error_code);
  g_free (self);
}

void
sc_sandbox_secrets_free (ScSandboxSecrets *self)
{
  g_free (self->request_key);
  g_free (self->refresh_key);
  g_free (self);
}

ScSandboxStore *
sc_sandbox_store_new (const char *state_dir, GError **error)
{
  g_autoptr (ScSandboxStore) self = g_new0 (ScSandboxStore, 1);

  self->db = sc_sandbox_db_open (state_dir, "cloud.db", schema, error);

  return self->db != NULL ? g_steal_pointer (&self) : NULL;
}

void
sc_sandbox_store_free (ScSandboxStore *self)
{
  g_clear_pointer (&self->db, sqlite3_close);
  g_free (self);
}

void
sc_sandbox_store_put (ScSandboxStore *self, const ScSandboxIntegration *row, gint64 now)
{
  sc_sandbox_db_run (self->db,
                     "INSERT INTO pms_integrations VALUES"
                     " (?1, 'SIKKA', ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)"
                     " ON CONFLICT (account, provider) DO UPDATE SET status = ?2, office_id = ?3,"
                     " practice_name = ?4, pms_type = ?5, token_expiry = ?6, last_error = ?7,"
                     " last_error_code = ?8, updated_at = ?9",
                     "sssssissi", row->account, row->status, row->office_id, row->practice_name,
                     row->pms_type, row->token_expiry, row->last_error, row->last_error_code, now);
}

ScSandboxIntegration *
sc_sandbox_store_find (ScSandboxStore *self, const char *account)
{
  g_autoptr (sqlite3_stmt) row = sc_sandbox_db_query (
    self->db,
    "SELECT account, status, office_id, practice_name, pms_type, token_expiry, last_error,"
    " last_error_code FROM pms_integrations WHERE account = ?",
    "s", account);
  ScSandboxIntegration *integration;

  if (!sc_sandbox_db_next (row))
    return NULL;

  integration = g_new0 (ScSandboxIntegration, 1);
  integration->account = sc_sandbox_db_dup_text (row, 0);
  integration->status = sc_sandbox_db_dup_text (row, 1);
  integration->office_id = sc_sandbox_db_dup_text (row, 2);
  integration->practice_name = sc_sandbox_db_dup_text (row, 3);
  integration->pms_type = sc_sandbox_db_dup_text (row, 4);
  integration->token_expiry = sqlite3_column_int64 (row, 5);
  integration->last_error = sc_sandbox_db_dup_text (row, 6);
  integration->last_error_code = sc_sandbox_db_dup_text (row, 7);

  return integration;
}

void
sc_sandbox_store_set_status (ScSandboxStore *self,
                             const char *account,
                             const char *status,
                             const char *error,
                             const char *error_code,
                             gint64 now)
{
  sc_sandbox_db_run (self->db,
                     "UPDATE pms_integrations SET status = ?, last_error = ?,"
                     " last_error_code = ?, updated_at = ? WHERE account = ?",
                     "sssis", status, error, error_code, now, account);
}

void
sc_sandbox_store_require_setup (ScSandboxStore *self, gint64 now)
{
  sc_sandbox_db_run (self->db,
                     "UPDATE pms_integrations SET status = 'SETUP_REQUIRED', updated_at = ?"
                     " WHERE status = 'ACTIVE'",
                     "i", now);
}

void
sc_sandbox_store_put_secrets (ScSandboxStore *self,
                              const char *account,
                              const ScSandboxSecrets *secrets,
                              gint64 token_expiry)
{
  sc_sandbox_db_run (self->db, "INSERT OR REPLACE INTO pms_secrets VALUES (?, 'SIKKA', ?, ?)",
                     "sss", account, secrets->request_key, secrets->refresh_key);
  sc_sandbox_db_run (self->db, "UPDATE pms_integrations SET token_expiry = ? WHERE account = ?",
                     "is", token_expiry, account);
}

ScSandboxSecrets *
sc_sandbox_store_find_secrets (ScSandboxStore *self, const char *account)
{
  g_autoptr (sqlite3_stmt) row = sc_sandbox_db_query (
    self->db, "SELECT request_key, refresh_key FROM pms_secrets WHERE account = ?", "s", account);
  ScSandboxSecrets *secrets;

  if (!sc_sandbox_db_next (row))
    return NULL;

  secrets = g_new0 (ScSandboxSecrets, 1);
  secrets->request_key = sc_sandbox_db_dup_text (row, 0);
  secrets->refresh_key = sc_sandbox_db_dup_text (row, 1);

  return secrets;
}

void
sc_sandbox_store_delete_secrets (ScSandboxStore *self, const char *account)
{
  sc_sandbox_db_run (self->db, "DELETE FROM pms_secrets WHERE account = ?", "s", account);
}

void
sc_sandbox_store_add_sign_in (ScSandboxStore *self, const char *nonce, const char *request)
{
  sc_sandbox_db_run (self->db, "INSERT INTO sign_ins VALUES (?, ?)", "ss", nonce, request);
}

char *
sc_sandbox_store_take_sign_in (ScSandboxStore *self, const char *nonce)
{
  g_autoptr (sqlite3_stmt) row = sc_sandbox_db_query (
    self->db, "DELETE FROM sign_ins WHERE nonce = ? RETURNING request", "s", nonce);

  return sc_sandbox_db_next (row) ? sc_sandbox_db_dup_text (row, 0) : NULL;
}

gboolean
sc_sandbox_store_add_report (ScSandboxStore *self,
                             const char *id,
                             const char *account,
                             const char *body,
                             gint64 now)
{
  g_autoptr (sqlite3_stmt) row = NULL;

  sc_sandbox_db_run (self->db, "INSERT OR IGNORE INTO reports VALUES (?, ?, ?, ?)", "sssi", id,
                     account, body, now);
  row = sc_sandbox_db_query (self->db, "SELECT 1 FROM reports WHERE id = ? AND account = ?", "ss",
                             id, account);

  return sc_sandbox_db_next (row);
}

gint64
sc_sandbox_store_count_reports (ScSandboxStore *self)
{
  g_autoptr (sqlite3_stmt) row = sc_sandbox_db_query (self->db, "SELECT count(*) FROM reports", "");

  return sc_sandbox_db_next (row) ? sqlite3_column_int64 (row, 0) : 0;
}

static const char *
text (sqlite3_stmt *row, int column)
{
  return (const char *) sqlite3_column_text (row, column);
}

JsonArray *
sc_sandbox_store_describe (ScSandboxStore *self)
{
  JsonArray *array = json_array_new ();
  g_autoptr (sqlite3_stmt) row = sc_sandbox_db_query (
    self->db,
    "SELECT account, provider, status, office_id, practice_name, pms_type, last_error,"
    " last_error_code, token_expiry, created_at, updated_at FROM pms_integrations"
    " ORDER BY created_at, account",
    "");

  while (sc_sandbox_db_next (row))
    {
      JsonObject *object = sc_sandbox_json_new (
        "account", text (row, 0), "provider", text (row, 1), "status", text (row, 2), "officeId",
        text (row, 3), "practiceName", text (row, 4), "pmsType", text (row, 5), "lastError",
        text (row, 6), "lastErrorCode", text (row, 7), NULL);

      json_object_set_int_member (object, "tokenExpiry", sqlite3_column_int64 (row, 8));
      json_object_set_int_member (object, "createdAt", sqlite3_column_int64 (row, 9));
      json_object_set_int_member (object, "updatedAt", sqlite3_column_int64 (row, 10));
      json_array_add_object_element (array, object);
    }

  return array;
}

JsonArray *
sc_sandbox_store_describe_reports (ScSandboxStore *self)
{
  JsonArray *array = json_array_new ();
  g_autoptr (sqlite3_stmt) row = sc_sandbox_db_query (
    self->db, "SELECT id, account, body, received_at FROM reports ORDER BY rowid", "");

  while (sc_sandbox_db_next (row))
    {
      JsonObject *object =
        sc_sandbox_json_new ("id", text (row, 0), "account", text (row, 1), NULL);

      json_object_set_int_member (object, "receivedAt", sqlite3_column_int64 (row, 3));
      json_object_set_member (object, "body", json_from_string (text (row, 2), NULL));
      json_array_add_object_element (array, object);
    }

  return array;
}

void
sc_sandbox_store_clear (ScSandboxStore *self)
{
  sc_sandbox_db_run (self->db, "DELETE FROM pms_integrations", "");
  sc_sandbox_db_run (self->db, "DELETE FROM pms_secrets", "");
  sc_sandbox_db_run (self->db, "DELETE FROM reports", "");
  sc_sandbox_db_run (self->db, "DELETE FROM sign_ins", "");
}
