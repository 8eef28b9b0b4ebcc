// SPDX-License-Identifier: MIT
// Sikka's API v4, as far as one practice's own connection needs it.

#define G_LOG_DOMAIN "sc-net"

#include "sc-sikka-client.h"

#include "sc-error.h"
#include "sc-json.h"
#include "sc-url.h"

/* Sikka's own default. An answer of this many practices stays far below the body's limit. */
#define PAGE_SIZE 50
#define MAX_PAGES 100

struct _ScSikkaClient
{
  GObject parent_instance;

  ScHttp *http;
  char *api_url;
  ScSecretString *app_id;
  ScSecretString *app_key;
};

G_DEFINE_FINAL_TYPE (ScSikkaClient, sc_sikka_client, G_TYPE_OBJECT)

/* How Sikka says that a key or code is not one (any more): session ended, bad parameter, not found,
 * gone. The other parameters of our calls have codes of their own. */
static const char *const gone_codes[] = { "API0003", "API1026", "API2009", "API2018", NULL };
static const char *const deleted_codes[] = { "API0002", NULL };

static void
sc_sikka_client_finalize (GObject *object)
{
  ScSikkaClient *self = SC_SIKKA_CLIENT (object);

  g_clear_object (&self->http);
  g_free (self->api_url);
  g_clear_pointer (&self->app_id, sc_secret_string_unref);
  g_clear_pointer (&self->app_key, sc_secret_string_unref);
  G_OBJECT_CLASS (sc_sikka_client_parent_class)->finalize (object);
}

static void
sc_sikka_client_class_init (ScSikkaClientClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sc_sikka_client_finalize;
}

static void
sc_sikka_client_init (ScSikkaClient *self)
{
}

ScSikkaClient *
sc_sikka_client_new (ScHttp *http,
                     const char *api_url,
                     ScSecretString *app_id,
                     ScSecretString *app_key)
{
  ScSikkaClient *self = NULL;

  g_return_val_if_fail (SC_IS_HTTP (http), NULL);
  g_return_val_if_fail (api_url != NULL, NULL);
  g_return_val_if_fail (app_id != NULL, NULL);
  g_return_val_if_fail (app_key != NULL, NULL);

  self = g_object_new (SC_TYPE_SIKKA_CLIENT, NULL);
  self->http = g_object_ref (http);
  self->api_url = g_strdup (api_url);
  self->app_id = sc_secret_string_ref (app_id);
  self->app_key = sc_secret_string_ref (app_key);
  return self;
}

static ScHttpRequest *
request_new (ScSikkaClient *self, const char *method, const char *path)
{
  g_autofree char *url = sc_url_join (self->api_url, path);
  ScHttpRequest *request = sc_http_request_new (method, url);

  sc_http_request_set_header (request, "Accept", "application/json");
  return request;
}

static void
add_app_headers (ScSikkaClient *self, ScHttpRequest *request)
{
  sc_http_request_set_secret_header (request, "App-Id", self->app_id);
  sc_http_request_set_secret_header (request, "App-Key", self->app_key);
}

static GTask *
task_new (ScSikkaClient *self,
          gpointer source_tag,
          GCancellable *cancellable,
          GAsyncReadyCallback callback,
          gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, source_tag);
  /* The client's own error for it is the one that callers know. */
  g_task_set_check_cancellable (task, FALSE);
  return task;
}

/* @request: (transfer full), @task: (transfer full) */
static void
send_task (GTask *task, ScHttpRequest *request, GAsyncReadyCallback answered)
{
  ScSikkaClient *self = g_task_get_source_object (task);

  sc_http_send_async (self->http, request, g_task_get_cancellable (task), answered, task);
}

static gboolean
has_code (const ScHttpAnswer *answer, const char *const *codes)
{
  g_autoptr (JsonObject) body = sc_json_parse_object (answer->body, answer->length, NULL);
  const char *code = NULL;

  return body != NULL && sc_json_optional_string (body, "error_code", &code, NULL) &&
         code != NULL && g_strv_contains (codes, code);
}

/* @gone: the error for a key or code that Sikka does not know */
static ScSikkaKey *
read_key (const ScHttpAnswer *answer, ScError gone, GError **error)
{
  if (has_code (answer, gone_codes))
    {
      g_set_error (error, SC_ERROR, gone, "sikka does not know the key or code");
      return NULL;
    }
  if (answer->status / 100 == 2)
    return sc_sikka_answer_parse_key (answer->body, answer->length, error);
  g_propagate_error (error,
                     sc_sikka_answer_parse_error (answer->body, answer->length, answer->status));
  return NULL;
}

static void
return_key (GTask *task, GObject *http, GAsyncResult *result, ScError gone)
{
  GError *error = NULL;
  g_autoptr (ScHttpAnswer) answer = sc_http_send_finish (SC_HTTP (http), result, &error);
  ScSikkaKey *key = answer != NULL ? read_key (answer, gone, &error) : NULL;

  if (key != NULL)
    g_task_return_pointer (task, key, (GDestroyNotify) sc_sikka_key_free);
  else
    g_task_return_error (task, error);
}

static void
granted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  return_key (task, source, result, SC_ERROR_OAUTH_GRANT);
}

static char *
build_grant (ScSikkaClient *self,
             const char *grant_type,
             const char *member,
             ScSecretString *secret)
{
  g_autoptr (JsonObject) body = json_object_new ();

  json_object_set_string_member (body, "grant_type", grant_type);
  json_object_set_string_member (body, member, sc_secret_string_peek (secret));
  json_object_set_string_member (body, "app_id", sc_secret_string_peek (self->app_id));
  json_object_set_string_member (body, "app_key", sc_secret_string_peek (self->app_key));
  return sc_json_to_text (body);
}

void
sc_sikka_client_grant_async (ScSikkaClient *self,
                             const char *grant_type,
                             const char *member,
                             ScSecretString *secret,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  ScHttpRequest *request = NULL;

  g_return_if_fail (SC_IS_SIKKA_CLIENT (self));
  g_return_if_fail (grant_type != NULL);
  g_return_if_fail (member != NULL);
  g_return_if_fail (secret != NULL);

  request = request_new (self, "POST", "/request_key");
  sc_http_request_take_body (request, "application/json",
                             build_grant (self, grant_type, member, secret));
  send_task (task_new (self, sc_sikka_client_finish_key, cancellable, callback, user_data), request,
             granted_cb);
}

static void
key_info_received_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  return_key (task, source, result, SC_ERROR_SIKKA_KEY_EXPIRED);
}

void
sc_sikka_client_get_key_info_async (ScSikkaClient *self,
                                    ScSecretString *request_key,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  ScHttpRequest *request = NULL;

  g_return_if_fail (SC_IS_SIKKA_CLIENT (self));
  g_return_if_fail (request_key != NULL);

  request = request_new (self, "GET", "/request_key_info");
  sc_http_request_set_secret_header (request, "Request-Key", request_key);
  send_task (task_new (self, sc_sikka_client_finish_key, cancellable, callback, user_data), request,
             key_info_received_cb);
}

ScSikkaKey *
sc_sikka_client_finish_key (ScSikkaClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, sc_sikka_client_finish_key), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Where a search through the pages is. */
typedef struct
{
  char *office_id;
  guint page;
} Search;

static void
search_free (Search *self)
{
  g_free (self->office_id);
  g_free (self);
}

static GPtrArray *
read_practices (const ScHttpAnswer *answer, GError **error)
{
  if (answer->status / 100 == 2)
    return sc_sikka_answer_parse_practices (answer->body, answer->length, error);
  g_propagate_error (error,
                     sc_sikka_answer_parse_error (answer->body, answer->length, answer->status));
  return NULL;
}

static ScSikkaPractice *
steal_practice (GPtrArray *practices, const char *office_id)
{
  for (guint i = 0; i < practices->len; i++)
    {
      ScSikkaPractice *item = g_ptr_array_index (practices, i);

      if (g_str_equal (item->practice->office_id, office_id))
        return g_ptr_array_steal_index (practices, i);
    }
  return NULL;
}

static void ask_page (GTask *task);

/* @task: (transfer full) */
static void
search_page (GTask *task, GPtrArray *practices)
{
  g_autoptr (GTask) owned = task;
  Search *search = g_task_get_task_data (task);
  ScSikkaPractice *practice = steal_practice (practices, search->office_id);
  gboolean is_last = practices->len < PAGE_SIZE || search->page + 1 == MAX_PAGES;

  if (practice != NULL)
    g_task_return_pointer (task, practice, (GDestroyNotify) sc_sikka_practice_free);
  else if (is_last)
    g_task_return_new_error (task, SC_ERROR, SC_ERROR_SIKKA_NOT_GRANTED,
                             "the office is not among the authorized practices");
  else
    {
      search->page++;
      ask_page (g_steal_pointer (&owned));
    }
}

static void
page_received_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ScHttpAnswer) answer = sc_http_send_finish (SC_HTTP (source), result, &error);
  g_autoptr (GPtrArray) practices = answer != NULL ? read_practices (answer, &error) : NULL;

  if (practices != NULL)
    search_page (g_steal_pointer (&task), practices);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* @task: (transfer full); Sikka's offset is the number of a page. */
static void
ask_page (GTask *task)
{
  ScSikkaClient *self = g_task_get_source_object (task);
  Search *search = g_task_get_task_data (task);
  g_autofree char *path =
    g_strdup_printf ("/authorized_practices?show=all&limit=%d&offset=%u", PAGE_SIZE, search->page);
  ScHttpRequest *request = request_new (self, "GET", path);

  add_app_headers (self, request);
  send_task (task, request, page_received_cb);
}

void
sc_sikka_client_find_practice_async (ScSikkaClient *self,
                                     const char *office_id,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  GTask *task = NULL;
  Search *search = NULL;

  g_return_if_fail (SC_IS_SIKKA_CLIENT (self));
  g_return_if_fail (office_id != NULL);

  search = g_new0 (Search, 1);
  search->office_id = g_strdup (office_id);
  task = task_new (self, sc_sikka_client_find_practice_async, cancellable, callback, user_data);
  g_task_set_task_data (task, search, (GDestroyNotify) search_free);
  ask_page (task);
}

ScSikkaPractice *
sc_sikka_client_find_practice_finish (ScSikkaClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, sc_sikka_client_find_practice_async),
                        NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
is_deleted (const ScHttpAnswer *answer)
{
  return has_code (answer, deleted_codes) || has_code (answer, gone_codes) ||
         (answer->status / 100 == 2 && answer->length == 0);
}

static void
refresh_key_deleted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (ScHttpAnswer) answer = sc_http_send_finish (SC_HTTP (source), result, &error);

  if (answer != NULL && !is_deleted (answer))
    error = sc_sikka_answer_parse_error (answer->body, answer->length, answer->status);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/* @task: (transfer full) */
static void
delete_refresh_key (GTask *task)
{
  ScSikkaClient *self = g_task_get_source_object (task);
  ScHttpRequest *request = request_new (self, "DELETE", "/refresh_key");

  sc_http_request_set_secret_header (request, "Refresh-Key", g_task_get_task_data (task));
  add_app_headers (self, request);
  send_task (task, request, refresh_key_deleted_cb);
}

static void
request_key_deleted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (ScHttpAnswer) answer = sc_http_send_finish (SC_HTTP (source), result, &error);

  if (answer != NULL)
    delete_refresh_key (g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
}

void
sc_sikka_client_delete_keys_async (ScSikkaClient *self,
                                   ScSecretString *request_key,
                                   ScSecretString *refresh_key,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  GTask *task = NULL;
  ScHttpRequest *request = NULL;

  g_return_if_fail (SC_IS_SIKKA_CLIENT (self));
  g_return_if_fail (refresh_key != NULL);

  task = task_new (self, sc_sikka_client_delete_keys_async, cancellable, callback, user_data);
  g_task_set_task_data (task, sc_secret_string_ref (refresh_key),
                        (GDestroyNotify) sc_secret_string_unref);
  if (request_key == NULL)
    {
      delete_refresh_key (task);
      return;
    }
  request = request_new (self, "DELETE", "/request_key");
  sc_http_request_set_secret_header (request, "Request-Key", request_key);
  send_task (task, request, request_key_deleted_cb);
}

gboolean
sc_sikka_client_delete_keys_finish (ScSikkaClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, sc_sikka_client_delete_keys_async),
                        FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
