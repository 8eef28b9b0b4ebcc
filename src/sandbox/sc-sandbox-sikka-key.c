// SPDX-License-Identifier: MIT
// Sikka's keys: granted by code, by practice secret or by refresh key, looked at, and deleted.

#define G_LOG_DOMAIN "sc-sandbox"

#include "sc-sandbox-sikka-key.h"

#include "sc-sandbox-answer.h"
#include "sc-sandbox-crypto.h"

#define KEY_LIFETIME (24 * 3600)
#define SCOPE "appointments,patients,insurance,payments,notes,providers,practices,request_key_info"

/* ISO 8601 without a zone, as Sikka writes it. */
static char *
format_local (gint64 time)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (time);

  return g_date_time_format (date, "%Y-%m-%dT%H:%M:%S");
}

static JsonObject *
describe_key (ScSandboxRequest *request,
              const char *request_key,
              const char *office_id,
              gint64 start,
              gint64 count)
{
  gint64 left = start + KEY_LIFETIME - sc_sandbox_get_now (request->sandbox);
  g_autofree char *start_time = format_local (start);
  g_autofree char *end_time = format_local (start + KEY_LIFETIME);
  g_autofree char *expires_in = g_strdup_printf ("%" G_GINT64_FORMAT " second(s)", left);
  g_autofree char *request_count = g_strdup_printf ("%" G_GINT64_FORMAT, count);
  g_autofree char *href = g_strconcat (sc_sandbox_get_url (request->sandbox), request->path, NULL);

  return sc_sandbox_json_new ("href", href, "request_key", request_key, "start_time", start_time,
                              "end_time", end_time, "expires_in", expires_in, "issued_to",
                              office_id, "status", "active", "request_count", request_count,
                              "scope", SCOPE, "domain", "Dental", NULL);
}

/* @lifetime: how long the key works, whatever the answer says about it */
static void
answer_new_keys (ScSandboxSikka *self,
                 ScSandboxRequest *request,
                 const char *office_id,
                 gint64 lifetime)
{
  gint64 now = sc_sandbox_get_now (request->sandbox);
  g_autofree char *request_key = sc_sandbox_crypto_create_key ();
  g_autofree char *refresh_key = sc_sandbox_crypto_create_key ();
  JsonObject *answer = describe_key (request, request_key, office_id, now, 0);

  sc_sandbox_db_run (self->db,
                     "INSERT INTO request_keys (request_key, office_id, start_time, end_time)"
                     " VALUES (?, ?, ?, ?)",
                     "ssii", request_key, office_id, now, now + lifetime);
  sc_sandbox_db_run (self->db, "INSERT INTO refresh_keys VALUES (?, ?)", "ss", refresh_key,
                     office_id);
  json_object_set_string_member (answer, "refresh_key", refresh_key);
  sc_sandbox_note_secret (request->sandbox, "request_key", request_key);
  sc_sandbox_note_secret (request->sandbox, "refresh_key", refresh_key);
  sc_sandbox_sikka_answer (request, answer);
}

static gint64
get_first_lifetime (ScSandboxRequest *request)
{
  gboolean is_expired =
    sc_sandbox_has_scenario (request->sandbox, SC_SANDBOX_SCENARIO_REQUEST_KEY_EXPIRED);

  return is_expired ? 0 : KEY_LIFETIME;
}

static void
grant_by_secret (ScSandboxSikka *self, ScSandboxRequest *request, JsonObject *body)
{
  const char *office_id = sc_sandbox_json_get (body, "office_id");
  const char *secret_key = sc_sandbox_json_get (body, "secret_key");
  const ScSandboxPractice *practice = sc_sandbox_practice_find (office_id);

  if (office_id == NULL)
    sc_sandbox_sikka_answer_error (request, 400, "API1003", "Office id is missing");
  else if (secret_key == NULL)
    sc_sandbox_sikka_answer_error (request, 400, "API1005", "Secret key is missing");
  else if (practice == NULL || g_strcmp0 (practice->secret_key, secret_key) != 0)
    sc_sandbox_sikka_answer_error (request, 401, "API2007", "Practice has not granted access");
  else
    answer_new_keys (self, request, office_id, get_first_lifetime (request));
}

/* Whether the refresh key changes at each use is not known of Sikka; here a new one is handed out
 * and the old one goes on working, so that a client that keeps either is right. */
static void
grant_by_refresh_key (ScSandboxSikka *self, ScSandboxRequest *request, JsonObject *body)
{
  g_autofree char *office_id = NULL;
  g_autoptr (sqlite3_stmt) row =
    sc_sandbox_db_query (self->db, "SELECT office_id FROM refresh_keys WHERE refresh_key = ?", "s",
                         sc_sandbox_json_get (body, "refresh_key"));

  if (sc_sandbox_db_next (row))
    office_id = sc_sandbox_db_dup_text (row, 0);
  if (office_id != NULL)
    answer_new_keys (self, request, office_id, KEY_LIFETIME);
  else
    sc_sandbox_sikka_answer_error (request, 400, "API1026", "Refresh key is invalid");
}

/* Not in Sikka's documents: what public code sends after the portal's redirect. */
static void
grant_by_code (ScSandboxSikka *self, ScSandboxRequest *request, JsonObject *body)
{
  g_autofree char *office_id = NULL;
  g_autoptr (sqlite3_stmt) row = sc_sandbox_db_query (
    self->db, "DELETE FROM codes WHERE code = ? AND expires_at > ? RETURNING office_id", "si",
    sc_sandbox_json_get (body, "code"), sc_sandbox_get_now (request->sandbox));

  if (sc_sandbox_db_next (row))
    office_id = sc_sandbox_db_dup_text (row, 0);
  g_clear_pointer (&row, sqlite3_finalize);
  if (office_id == NULL ||
      sc_sandbox_has_scenario (request->sandbox, SC_SANDBOX_SCENARIO_EXCHANGE_FAILS))
    sc_sandbox_sikka_answer_error (request, 400, "API1026", "Authorization code is invalid");
  else
    answer_new_keys (self, request, office_id, get_first_lifetime (request));
}

void
sc_sandbox_sikka_key_handle_post (gpointer part, ScSandboxRequest *request)
{
  g_autoptr (JsonObject) body = sc_sandbox_request_parse_json (request);
  const char *type = sc_sandbox_json_get (body, "grant_type");

  if (body == NULL)
    sc_sandbox_sikka_answer_error (request, 415, "API1006", "Format is not supported");
  else if (!sc_sandbox_sikka_check_app (request, sc_sandbox_json_get (body, "app_id"),
                                        sc_sandbox_json_get (body, "app_key")))
    return;
  else if (g_strcmp0 (type, "request_key") == 0)
    grant_by_secret (part, request, body);
  else if (g_strcmp0 (type, "refresh_key") == 0)
    grant_by_refresh_key (part, request, body);
  else if (g_strcmp0 (type, "authorization_code") == 0)
    grant_by_code (part, request, body);
  else
    sc_sandbox_sikka_answer_error (request, 400, "API1020", "grant_type is missing or invalid");
}

/* Returns: a row with office_id, start_time, request_count, or NULL after answering with an error
 */
static sqlite3_stmt *
find_key (ScSandboxSikka *self, ScSandboxRequest *request, const char *request_key)
{
  g_autoptr (sqlite3_stmt) row = sc_sandbox_db_query (
    self->db,
    "SELECT office_id, start_time, request_count, end_time, is_deleted FROM request_keys"
    " WHERE request_key = ?",
    "s", request_key);

  if (request_key == NULL)
    sc_sandbox_sikka_answer_error (request, 400, "API1004", "Request key is missing");
  else if (!sc_sandbox_db_next (row))
    sc_sandbox_sikka_answer_error (request, 400, "API1026", "Request key is invalid");
  else if (sqlite3_column_int (row, 4))
    sc_sandbox_sikka_answer_error (request, 200, "API0003", "Session has ended");
  else if (sqlite3_column_int64 (row, 3) <= sc_sandbox_get_now (request->sandbox))
    sc_sandbox_sikka_answer_error (request, 400, "API1025", "Request key has expired");
  else
    return g_steal_pointer (&row);

  return NULL;
}

static void
set_expiry_header (ScSandboxRequest *request, gint64 end_time)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (end_time);
  g_autofree char *text = soup_date_time_to_string (date, SOUP_DATE_HTTP);

  sc_sandbox_answer_set_header (request, "Request-Key-Expires", text);
}

static void
count_use (ScSandboxSikka *self, const char *request_key)
{
  sc_sandbox_db_run (
    self->db, "UPDATE request_keys SET request_count = request_count + 1 WHERE request_key = ?",
    "s", request_key);
}

const ScSandboxPractice *
sc_sandbox_sikka_key_use (ScSandboxSikka *self, ScSandboxRequest *request)
{
  const char *request_key = sc_sandbox_request_get_header (request, "Request-Key");
  g_autoptr (sqlite3_stmt) row = find_key (self, request, request_key);

  if (row == NULL)
    return NULL;
  count_use (self, request_key);
  set_expiry_header (request, sqlite3_column_int64 (row, 3));

  return sc_sandbox_practice_find ((const char *) sqlite3_column_text (row, 0));
}

void
sc_sandbox_sikka_key_handle_info (gpointer part, ScSandboxRequest *request)
{
  ScSandboxSikka *self = part;
  const char *request_key = sc_sandbox_request_get_header (request, "Request-Key");
  g_autoptr (sqlite3_stmt) row = find_key (self, request, request_key);

  if (row == NULL)
    return;
  set_expiry_header (request, sqlite3_column_int64 (row, 3));
  sc_sandbox_sikka_answer (
    request, describe_key (request, request_key, (const char *) sqlite3_column_text (row, 0),
                           sqlite3_column_int64 (row, 1), sqlite3_column_int64 (row, 2)));
}

void
sc_sandbox_sikka_key_handle_delete (gpointer part, ScSandboxRequest *request)
{
  ScSandboxSikka *self = part;
  const char *request_key = sc_sandbox_request_get_header (request, "Request-Key");
  g_autoptr (sqlite3_stmt) row = find_key (self, request, request_key);

  if (row == NULL)
    return;
  sc_sandbox_db_run (self->db, "UPDATE request_keys SET is_deleted = 1 WHERE request_key = ?", "s",
                     request_key);
  sc_sandbox_sikka_answer_error (request, 200, "API0002", "Request key has been deleted");
}

void
sc_sandbox_sikka_key_handle_delete_refresh (gpointer part, ScSandboxRequest *request)
{
  ScSandboxSikka *self = part;

  if (!sc_sandbox_sikka_check_app (request, sc_sandbox_request_get_header (request, "App-Id"),
                                   sc_sandbox_request_get_header (request, "App-Key")))
    return;
  if (sc_sandbox_db_run (self->db, "DELETE FROM refresh_keys WHERE refresh_key = ?", "s",
                         sc_sandbox_request_get_header (request, "Refresh-Key")) > 0)
    sc_sandbox_sikka_answer_error (request, 200, "API0002", "Refresh key has been deleted");
  else
    sc_sandbox_sikka_answer_error (request, 400, "API1026", "Refresh key is invalid");
}
