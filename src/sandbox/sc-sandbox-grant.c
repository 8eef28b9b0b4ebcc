// SPDX-License-Identifier: MIT
// What the authorization server remembers: requests, codes, grants and their tokens.

#define G_LOG_DOMAIN "sc-sandbox"

#include "sc-sandbox-grant.h"

#include "sc-sandbox-answer.h"
#include "sc-sandbox-crypto.h"
#include "sc-sandbox-db.h"

#include <string.h>

#define CODE_LIFETIME 60
#define REFRESH_LIFETIME (400 * 24 * 3600)

/* Tokens and codes are kept as hashes only. Generations number the rotations of a grant: the tokens
 * of one generation all came from the same predecessor. */
static const char schema[] =
  "CREATE TABLE IF NOT EXISTS requests (id TEXT PRIMARY KEY, client_id TEXT, redirect_uri TEXT,"
  " scope TEXT, code_challenge TEXT, state TEXT);"
  "CREATE TABLE IF NOT EXISTS codes (hash TEXT PRIMARY KEY, client_id TEXT, redirect_uri TEXT,"
  " scope TEXT, code_challenge TEXT, account TEXT, office_id TEXT, practice_name TEXT,"
  " pms_type TEXT, expires_at INTEGER, is_used INTEGER DEFAULT 0, grant_id TEXT);"
  "CREATE TABLE IF NOT EXISTS grants (id TEXT PRIMARY KEY, client_id TEXT, scope TEXT,"
  " account TEXT, office_id TEXT, practice_name TEXT, pms_type TEXT);"
  "CREATE TABLE IF NOT EXISTS refresh_tokens (hash TEXT PRIMARY KEY,"
  " grant_id TEXT REFERENCES grants ON DELETE CASCADE, generation INTEGER, expires_at INTEGER,"
  " is_retired INTEGER DEFAULT 0);"
  "CREATE TABLE IF NOT EXISTS access_tokens (hash TEXT PRIMARY KEY,"
  " grant_id TEXT REFERENCES grants ON DELETE CASCADE, refresh_hash TEXT, expires_at INTEGER);";

struct _ScSandboxGrants
{
  sqlite3 *db;
};

/* A refresh token as it is stored. */
typedef struct
{
  char *hash;
  char *grant_id;
  gint64 generation;
  gint64 expires_at;
  gboolean is_retired;
} StoredToken;

static void
stored_token_clear (StoredToken *token)
{
  g_free (token->hash);
  g_free (token->grant_id);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (StoredToken, stored_token_clear)

void
sc_sandbox_authorization_free (ScSandboxAuthorization *self)
{
  g_free (self->client_id);
  g_free (self->redirect_uri);
  g_free (self->scope);
  g_free (self->code_challenge);
  g_free (self->state);
  g_free (self);
}

void
sc_sandbox_grant_free (ScSandboxGrant *self)
{
  g_free (self->id);
  g_free (self->client_id);
  g_free (self->scope);
  g_free (self->account);
  g_free (self->office_id);
  g_free (self->practice_name);
  g_free (self->pms_type);
  g_free (self);
}

void
sc_sandbox_tokens_clear (ScSandboxTokens *self)
{
  g_clear_pointer (&self->access_token, g_free);
  g_clear_pointer (&self->refresh_token, g_free);
}

ScSandboxGrants *
sc_sandbox_grants_new (const char *state_dir, GError **error)
{
  g_autoptr (ScSandboxGrants) self = g_new0 (ScSandboxGrants, 1);

  self->db = sc_sandbox_db_open (state_dir, "oauth.db", schema, error);

  return self->db != NULL ? g_steal_pointer (&self) : NULL;
}

void
sc_sandbox_grants_free (ScSandboxGrants *self)
{
  g_clear_pointer (&self->db, sqlite3_close);
  g_free (self);
}

char *
sc_sandbox_grants_add_request (ScSandboxGrants *self, const ScSandboxAuthorization *request)
{
  char *id = sc_sandbox_crypto_create_token ();

  sc_sandbox_db_run (self->db, "INSERT INTO requests VALUES (?, ?, ?, ?, ?, ?)", "ssssss", id,
                     request->client_id, request->redirect_uri, request->scope,
                     request->code_challenge, request->state);

  return id;
}

static ScSandboxAuthorization *
read_authorization (sqlite3_stmt *row)
{
  ScSandboxAuthorization *request = g_new0 (ScSandboxAuthorization, 1);

  request->client_id = sc_sandbox_db_dup_text (row, 0);
  request->redirect_uri = sc_sandbox_db_dup_text (row, 1);
  request->scope = sc_sandbox_db_dup_text (row, 2);
  request->code_challenge = sc_sandbox_db_dup_text (row, 3);
  request->state = sc_sandbox_db_dup_text (row, 4);

  return request;
}

ScSandboxAuthorization *
sc_sandbox_grants_take_request (ScSandboxGrants *self, const char *id)
{
  g_autoptr (sqlite3_stmt) row =
    sc_sandbox_db_query (self->db,
                         "DELETE FROM requests WHERE id = ?"
                         " RETURNING client_id, redirect_uri, scope, code_challenge, state",
                         "s", id);

  return sc_sandbox_db_next (row) ? read_authorization (row) : NULL;
}

char *
sc_sandbox_grants_add_code (ScSandboxGrants *self,
                            const ScSandboxAuthorization *request,
                            const ScSandboxGrant *grant,
                            gint64 now)
{
  char *code = sc_sandbox_crypto_create_token ();
  g_autofree char *hash = sc_sandbox_crypto_hash (code);

  sc_sandbox_db_run (self->db, "INSERT INTO codes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, NULL)",
                     "sssssssssi", hash, request->client_id, request->redirect_uri, request->scope,
                     request->code_challenge, grant->account, grant->office_id,
                     grant->practice_name, grant->pms_type, now + CODE_LIFETIME);

  return code;
}

static void
delete_grant (ScSandboxGrants *self, const char *id)
{
  sc_sandbox_db_run (self->db, "DELETE FROM grants WHERE id = ?", "s", id);
}

static ScSandboxGrant *
read_grant (sqlite3_stmt *row, int column)
{
  ScSandboxGrant *grant = g_new0 (ScSandboxGrant, 1);

  grant->id = sc_sandbox_db_dup_text (row, column);
  grant->client_id = sc_sandbox_db_dup_text (row, column + 1);
  grant->scope = sc_sandbox_db_dup_text (row, column + 2);
  grant->account = sc_sandbox_db_dup_text (row, column + 3);
  grant->office_id = sc_sandbox_db_dup_text (row, column + 4);
  grant->practice_name = sc_sandbox_db_dup_text (row, column + 5);
  grant->pms_type = sc_sandbox_db_dup_text (row, column + 6);

  return grant;
}

static void
end_grant_of_reused_code (ScSandboxGrants *self, const char *hash)
{
  sc_sandbox_db_run (self->db,
                     "DELETE FROM grants WHERE id = (SELECT grant_id FROM codes WHERE hash = ?)",
                     "s", hash);
}

ScSandboxGrant *
sc_sandbox_grants_take_code (ScSandboxGrants *self,
                             const char *code,
                             gint64 now,
                             ScSandboxAuthorization **request)
{
  g_autofree char *hash = sc_sandbox_crypto_hash (code);
  g_autoptr (sqlite3_stmt) row = sc_sandbox_db_query (
    self->db,
    "UPDATE codes SET is_used = 1 WHERE hash = ? AND is_used = 0 AND expires_at > ?"
    " RETURNING client_id, redirect_uri, scope, code_challenge, NULL,"
    " NULL, client_id, scope, account, office_id, practice_name, pms_type",
    "si", hash, now);

  if (!sc_sandbox_db_next (row))
    {
      end_grant_of_reused_code (self, hash);
      return NULL;
    }
  *request = read_authorization (row);

  return read_grant (row, 5);
}

/* RFC 9068's outer shape, so that nobody is tempted to read it as anything but opaque. */
static char *
create_access_token (const char *account, gint64 expires_at)
{
  static const char header[] = "{\"alg\":\"HS256\",\"typ\":\"at+jwt\"}";
  g_autofree char *id = sc_sandbox_crypto_create_token ();
  g_autofree char *claims = g_strdup_printf (
    "{\"sub\":\"%s\",\"exp\":%" G_GINT64_FORMAT ",\"jti\":\"%s\"}", account, expires_at, id);
  g_autofree char *first = sc_sandbox_crypto_encode ((const guint8 *) header, strlen (header));
  g_autofree char *second = sc_sandbox_crypto_encode ((const guint8 *) claims, strlen (claims));
  g_autofree char *third = sc_sandbox_crypto_create_token ();

  return g_strjoin (".", first, second, third, NULL);
}

static gboolean
has_scope (const char *scope, const char *wanted)
{
  g_auto (GStrv) scopes = g_strsplit (scope, " ", -1);

  return g_strv_contains ((const char *const *) scopes, wanted);
}

static void
issue_tokens (ScSandboxGrants *self,
              const ScSandboxGrant *grant,
              gint64 generation,
              gint64 now,
              ScSandboxTokens *tokens)
{
  gint64 expires_at = now + SC_SANDBOX_ACCESS_LIFETIME;
  g_autofree char *access_hash = NULL;
  g_autofree char *refresh_hash = NULL;

  if (has_scope (grant->scope, "offline_access"))
    {
      tokens->refresh_token = sc_sandbox_crypto_create_token ();
      refresh_hash = sc_sandbox_crypto_hash (tokens->refresh_token);
      sc_sandbox_db_run (self->db, "INSERT INTO refresh_tokens VALUES (?, ?, ?, ?, 0)", "ssii",
                         refresh_hash, grant->id, generation, now + REFRESH_LIFETIME);
    }
  tokens->access_token = create_access_token (grant->account, expires_at);
  access_hash = sc_sandbox_crypto_hash (tokens->access_token);
  sc_sandbox_db_run (self->db, "INSERT INTO access_tokens VALUES (?, ?, ?, ?)", "sssi", access_hash,
                     grant->id, refresh_hash, expires_at);
}

void
sc_sandbox_grants_open (ScSandboxGrants *self,
                        const char *code,
                        const ScSandboxGrant *grant,
                        gint64 now,
                        ScSandboxTokens *tokens)
{
  g_autofree char *hash = sc_sandbox_crypto_hash (code);
  ScSandboxGrant opened = *grant;

  opened.id = sc_sandbox_crypto_create_token ();
  sc_sandbox_db_run (self->db, "INSERT INTO grants VALUES (?, ?, ?, ?, ?, ?, ?)", "sssssss",
                     opened.id, opened.client_id, opened.scope, opened.account, opened.office_id,
                     opened.practice_name, opened.pms_type);
  sc_sandbox_db_run (self->db, "UPDATE codes SET grant_id = ? WHERE hash = ?", "ss", opened.id,
                     hash);
  issue_tokens (self, &opened, 0, now, tokens);
  g_free (opened.id);
}

static gboolean
find_token (ScSandboxGrants *self, const char *hash, StoredToken *token)
{
  g_autoptr (sqlite3_stmt) row = sc_sandbox_db_query (
    self->db,
    "SELECT hash, grant_id, generation, expires_at, is_retired FROM refresh_tokens"
    " WHERE hash = ?",
    "s", hash);

  if (hash == NULL || !sc_sandbox_db_next (row))
    return FALSE;

  token->hash = sc_sandbox_db_dup_text (row, 0);
  token->grant_id = sc_sandbox_db_dup_text (row, 1);
  token->generation = sqlite3_column_int64 (row, 2);
  token->expires_at = sqlite3_column_int64 (row, 3);
  token->is_retired = sqlite3_column_int (row, 4);

  return TRUE;
}

static ScSandboxGrant *
find_grant (ScSandboxGrants *self, const char *id)
{
  g_autoptr (sqlite3_stmt) row = sc_sandbox_db_query (
    self->db,
    "SELECT id, client_id, scope, account, office_id, practice_name, pms_type FROM grants"
    " WHERE id = ?",
    "s", id);

  return sc_sandbox_db_next (row) ? read_grant (row, 0) : NULL;
}

/* The client holds @token: its predecessor, and siblings whose answer got lost, have had their day.
 */
static void
confirm_token (ScSandboxGrants *self, const StoredToken *token)
{
  if (token->is_retired)
    return;
  sc_sandbox_db_run (self->db,
                     "UPDATE refresh_tokens SET is_retired = 1"
                     " WHERE grant_id = ? AND generation <= ? AND hash != ?",
                     "sis", token->grant_id, token->generation, token->hash);
}

static void
retire_token (ScSandboxGrants *self, const StoredToken *token)
{
  sc_sandbox_db_run (self->db, "UPDATE refresh_tokens SET is_retired = 1 WHERE hash = ?", "s",
                     token->hash);
}

ScSandboxGrant *
sc_sandbox_grants_refresh (ScSandboxGrants *self,
                           const char *refresh_token,
                           const char *client_id,
                           gboolean strict,
                           gint64 now,
                           ScSandboxTokens *tokens)
{
  g_autofree char *hash = sc_sandbox_crypto_hash (refresh_token);
  g_auto (StoredToken) token = { NULL };
  g_autoptr (ScSandboxGrant) grant = NULL;

  if (!find_token (self, hash, &token) || token.expires_at <= now)
    return NULL;
  grant = find_grant (self, token.grant_id);
  if (grant == NULL || g_strcmp0 (grant->client_id, client_id) != 0)
    return NULL;
  if (token.is_retired)
    {
      delete_grant (self, token.grant_id);
      return NULL;
    }
  confirm_token (self, &token);
  if (strict)
    retire_token (self, &token);
  issue_tokens (self, grant, token.generation + 1, now, tokens);

  return g_steal_pointer (&grant);
}

ScSandboxGrant *
sc_sandbox_grants_authenticate (ScSandboxGrants *self, const char *access_token, gint64 now)
{
  g_autofree char *hash = sc_sandbox_crypto_hash (access_token);
  g_auto (StoredToken) token = { NULL };
  g_autofree char *refresh_hash = NULL;
  g_autoptr (sqlite3_stmt) row = sc_sandbox_db_query (
    self->db, "SELECT grant_id, refresh_hash FROM access_tokens WHERE hash = ? AND expires_at > ?",
    "si", hash, now);

  if (!sc_sandbox_db_next (row))
    return NULL;
  refresh_hash = sc_sandbox_db_dup_text (row, 1);
  if (find_token (self, refresh_hash, &token))
    confirm_token (self, &token);

  return find_grant (self, (const char *) sqlite3_column_text (row, 0));
}

void
sc_sandbox_grants_revoke (ScSandboxGrants *self, const char *token, const char *client_id)
{
  g_autofree char *hash = sc_sandbox_crypto_hash (token);

  sc_sandbox_db_run (self->db,
                     "DELETE FROM grants WHERE client_id = ? AND id ="
                     " (SELECT grant_id FROM refresh_tokens WHERE hash = ?)",
                     "ss", client_id, hash);
  sc_sandbox_db_run (self->db,
                     "DELETE FROM access_tokens WHERE hash = ? AND grant_id IN"
                     " (SELECT id FROM grants WHERE client_id = ?)",
                     "ss", hash, client_id);
}

JsonArray *
sc_sandbox_grants_describe (ScSandboxGrants *self)
{
  JsonArray *array = json_array_new ();
  g_autoptr (sqlite3_stmt) row = sc_sandbox_db_query (
    self->db,
    "SELECT id, account, (SELECT count(*) FROM refresh_tokens"
    " WHERE grant_id = grants.id AND is_retired = 0) FROM grants ORDER BY rowid",
    "");

  while (sc_sandbox_db_next (row))
    {
      g_autofree char *id = sc_sandbox_crypto_hash ((const char *) sqlite3_column_text (row, 0));
      JsonObject *grant = sc_sandbox_json_new ("id", id, "account",
                                               (const char *) sqlite3_column_text (row, 1), NULL);

      json_object_set_int_member (grant, "refreshTokens", sqlite3_column_int64 (row, 2));
      json_array_add_object_element (array, grant);
    }

  return array;
}

void
sc_sandbox_grants_clear (ScSandboxGrants *self)
{
  sc_sandbox_db_run (self->db, "DELETE FROM requests", "");
  sc_sandbox_db_run (self->db, "DELETE FROM codes", "");
  sc_sandbox_db_run (self->db, "DELETE FROM grants", "");
}
