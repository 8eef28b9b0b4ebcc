// SPDX-License-Identifier: MIT
// Sikka's keys: granted by code, by practice secret or by refresh key, looked at, and deleted.

#pragma once

#include "sc-sandbox-db.h"
#include "sc-sandbox-sikka.h"

G_BEGIN_DECLS

/** SC_SANDBOX_SIKKA_KEY_SCHEMA: the tables behind the keys */
#define SC_SANDBOX_SIKKA_KEY_SCHEMA                                                        \
  "CREATE TABLE IF NOT EXISTS codes (code TEXT PRIMARY KEY, office_id TEXT,"               \
  " expires_at INTEGER);"                                                                  \
  "CREATE TABLE IF NOT EXISTS request_keys (request_key TEXT PRIMARY KEY, office_id TEXT," \
  " start_time INTEGER, end_time INTEGER, request_count INTEGER DEFAULT 0,"                \
  " is_deleted INTEGER DEFAULT 0);"                                                        \
  "CREATE TABLE IF NOT EXISTS refresh_keys (refresh_key TEXT PRIMARY KEY, office_id TEXT);"

struct _ScSandboxSikka
{
  sqlite3 *db;
};

void sc_sandbox_sikka_key_handle_post (gpointer part, ScSandboxRequest *request);
void sc_sandbox_sikka_key_handle_delete (gpointer part, ScSandboxRequest *request);
void sc_sandbox_sikka_key_handle_delete_refresh (gpointer part, ScSandboxRequest *request);
void sc_sandbox_sikka_key_handle_info (gpointer part, ScSandboxRequest *request);

/**
 * sc_sandbox_sikka_key_use:
 *
 * Checks the Request-Key header, counts its use, and answers with Sikka's error when it is not
 * good.
 *
 * Returns: (transfer none) (nullable): the practice that it belongs to
 */
const ScSandboxPractice *sc_sandbox_sikka_key_use (ScSandboxSikka *self, ScSandboxRequest *request);

G_END_DECLS
