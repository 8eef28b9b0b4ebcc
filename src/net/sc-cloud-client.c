// SPDX-License-Identifier: MIT
// The cloud's API (data/openapi/companion-cloud.yaml), below /api.

#define G_LOG_DOMAIN "sc-net"

#include "sc-cloud-client.h"

#include "sc-json.h"
#include "sc-server-metadata.h"
#include "sc-url.h"

#define STATUS_UNAUTHORIZED 401
#define STATUS_FORBIDDEN 403
#define STATUS_NOT_FOUND 404
#define STATUS_TOO_MANY_REQUESTS 429
/* RFC 6585 §6: what a log-in page in the way may answer with, so that nobody takes it for ours. */
#define STATUS_NETWORK_AUTHENTICATION_REQUIRED 511

struct _ScCloudClient
{
  GObject parent_instance;

  ScHttp *http;
  char *cloud_url;
  gboolean has_clock_skew;
  gint64 clock_skew;
};

G_DEFINE_FINAL_TYPE (ScCloudClient, sc_cloud_client, G_TYPE_OBJECT)

/* Returns: (transfer full): what a good answer holds, or %NULL with @error set */
typedef gpointer (*ReadAnswer) (const ScHttpAnswer *answer, GError **error);

typedef struct
{
  ReadAnswer read;
  GDestroyNotify free_value;
  gint64 retry_after;
} Call;

static void
sc_cloud_client_finalize (GObject *object)
{
  ScCloudClient *self = SC_CLOUD_CLIENT (object);

  g_clear_object (&self->http);
  g_free (self->cloud_url);
  G_OBJECT_CLASS (sc_cloud_client_parent_class)->finalize (object);
}

static void
sc_cloud_client_class_init (ScCloudClientClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sc_cloud_client_finalize;
}

static void
sc_cloud_client_init (ScCloudClient *self)
{
}

ScCloudClient *
sc_cloud_client_new (ScHttp *http, const char *cloud_url)
{
  ScCloudClient *self = NULL;

  g_return_val_if_fail (SC_IS_HTTP (http), NULL);
  g_return_val_if_fail (cloud_url != NULL, NULL);

  self = g_object_new (SC_TYPE_CLOUD_CLIENT, NULL);
  self->http = g_object_ref (http);
  self->cloud_url = g_strdup (cloud_url);
  return self;
}

gboolean
sc_cloud_client_get_clock_skew (ScCloudClient *self, gint64 *skew)
{
  g_return_val_if_fail (SC_IS_CLOUD_CLIENT (self), FALSE);
  g_return_val_if_fail (skew != NULL, FALSE);

  if (self->has_clock_skew)
    *skew = self->clock_skew;
  return self->has_clock_skew;
}

static void
note_clock (ScCloudClient *self, const ScHttpAnswer *answer)
{
  if (answer->date < 0)
    return;
  self->has_clock_skew = TRUE;
  self->clock_skew = answer->received - answer->date;
}

static ScError
classify_status (guint status)
{
  if (status == STATUS_UNAUTHORIZED)
    return SC_ERROR_CLOUD_UNAUTHORIZED;
  if (status == STATUS_FORBIDDEN)
    return SC_ERROR_CLOUD_FORBIDDEN;
  if (status == STATUS_TOO_MANY_REQUESTS)
    return SC_ERROR_CLOUD_RATE_LIMITED;
  if (status >= 500)
    return SC_ERROR_CLOUD_UNAVAILABLE;
  if (status >= 400)
    return SC_ERROR_CLOUD_REJECTED;
  return SC_ERROR_CLOUD_ANSWER;
}

static gboolean
check_status (const ScHttpAnswer *answer, GError **error)
{
  if (answer->status / 100 == 2)
    return TRUE;
  g_set_error (error, SC_ERROR, classify_status (answer->status), "the cloud answered HTTP %u",
               answer->status);
  return FALSE;
}

static gpointer
read_status (const ScHttpAnswer *answer, GError **error)
{
  if (!check_status (answer, error))
    return NULL;
  return sc_cloud_status_parse (answer->body, answer->length, error);
}

static gpointer
read_setup (const ScHttpAnswer *answer, GError **error)
{
  if (!check_status (answer, error))
    return NULL;
  return sc_cloud_status_parse_setup (answer->body, answer->length, error);
}

static gpointer
read_report (const ScHttpAnswer *answer, GError **error)
{
  if (!check_status (answer, error))
    return NULL;
  return sc_cloud_status_parse_report (answer->body, answer->length, error);
}

/* A practice that is not connected (any more) is what was asked for. */
static gpointer
read_deletion (const ScHttpAnswer *answer, GError **error)
{
  if (answer->status != STATUS_NOT_FOUND && !check_status (answer, error))
    return NULL;
  return GINT_TO_POINTER (TRUE);
}

static gboolean
is_page (const ScHttpAnswer *answer)
{
  return g_strcmp0 (answer->content_type, "text/html") == 0 ||
         g_strcmp0 (answer->content_type, "application/xhtml+xml") == 0;
}

static gboolean
is_captive_portal (const ScHttpAnswer *answer)
{
  return answer->status / 100 == 3 || answer->status == STATUS_NETWORK_AUTHENTICATION_REQUIRED ||
         (answer->status / 100 == 2 && is_page (answer));
}

static gpointer
read_reach (const ScHttpAnswer *answer, GError **error)
{
  g_autoptr (JsonObject) metadata = NULL;
  g_autoptr (GError) cause = NULL;

  if (is_captive_portal (answer))
    {
      g_set_error (error, SC_ERROR, SC_ERROR_NET_CAPTIVE_PORTAL,
                   "a page or redirect (HTTP %u) answered in place of the cloud", answer->status);
      return NULL;
    }
  /* A cloud whose issuer is elsewhere has no metadata, and says so itself. */
  if (answer->status == STATUS_NOT_FOUND)
    return GINT_TO_POINTER (TRUE);
  if (!check_status (answer, error))
    return NULL;

  metadata = sc_json_parse_object (answer->body, answer->length, &cause);
  if (metadata != NULL)
    return GINT_TO_POINTER (TRUE);
  sc_error_set_cause (error, SC_ERROR_CLOUD_ANSWER, "server metadata", cause);
  return NULL;
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Call *call = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (ScHttpAnswer) answer = sc_http_send_finish (SC_HTTP (source), result, &error);
  gpointer value = NULL;

  if (answer != NULL)
    {
      note_clock (g_task_get_source_object (task), answer);
      call->retry_after = answer->retry_after;
      value = call->read (answer, &error);
    }
  if (value != NULL)
    g_task_return_pointer (task, value, call->free_value);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static GTask *
call_new (ScCloudClient *self,
          gpointer source_tag,
          ReadAnswer read,
          GDestroyNotify free_value,
          GCancellable *cancellable,
          GAsyncReadyCallback callback,
          gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Call *call = g_new0 (Call, 1);

  call->read = read;
  call->free_value = free_value;
  call->retry_after = -1;
  g_task_set_source_tag (task, source_tag);
  /* The client's own error for it is the one that callers know. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, call, g_free);
  return task;
}

static ScHttpRequest *
request_new (const char *method, const char *url)
{
  ScHttpRequest *request = sc_http_request_new (method, url);

  sc_http_request_set_header (request, "Accept", "application/json");
  return request;
}

static ScHttpRequest *
api_request_new (ScCloudClient *self,
                 const char *method,
                 const char *path,
                 ScSecretString *access_token)
{
  g_autofree char *url = sc_url_join (self->cloud_url, path);
  ScHttpRequest *request = request_new (method, url);

  sc_http_request_set_bearer (request, access_token);
  return request;
}

/* @task: (transfer full), @request: (transfer full) */
static void
send_call (GTask *task, ScHttpRequest *request)
{
  ScCloudClient *self = g_task_get_source_object (task);

  sc_http_send_async (self->http, request, g_task_get_cancellable (task), answered_cb, task);
}

static gpointer
finish_call (ScCloudClient *self, GAsyncResult *result, gpointer source_tag, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, source_tag), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
sc_cloud_client_reach_async (ScCloudClient *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autofree char *url = NULL;

  g_return_if_fail (SC_IS_CLOUD_CLIENT (self));

  url = sc_server_metadata_build_url (self->cloud_url);
  send_call (call_new (self, sc_cloud_client_reach_async, read_reach, NULL, cancellable, callback,
                       user_data),
             request_new ("GET", url));
}

gboolean
sc_cloud_client_reach_finish (ScCloudClient *self, GAsyncResult *result, GError **error)
{
  return finish_call (self, result, sc_cloud_client_reach_async, error) != NULL;
}

void
sc_cloud_client_get_status_async (ScCloudClient *self,
                                  ScSecretString *access_token,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_return_if_fail (SC_IS_CLOUD_CLIENT (self));
  g_return_if_fail (access_token != NULL);

  send_call (call_new (self, sc_cloud_client_get_status_async, read_status,
                       (GDestroyNotify) sc_cloud_status_free, cancellable, callback, user_data),
             api_request_new (self, "GET", "/api/pms/connection-status", access_token));
}

ScCloudStatus *
sc_cloud_client_get_status_finish (ScCloudClient *self, GAsyncResult *result, GError **error)
{
  return finish_call (self, result, sc_cloud_client_get_status_async, error);
}

/* The cloud shows times in the practice's zone; a system that names its zone by a file of its own
 * has nothing to tell. */
static char *
build_setup_body (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  const char *name = g_time_zone_get_identifier (zone);
  g_autoptr (JsonObject) body = json_object_new ();
  JsonObject *config = NULL;

  json_object_set_string_member (body, "provider", "SIKKA");
  if (name != NULL && *name != ':' && !g_path_is_absolute (name))
    {
      config = json_object_new ();
      json_object_set_string_member (config, "timezone", name);
      json_object_set_object_member (body, "config", config);
    }
  return sc_json_to_text (body);
}

void
sc_cloud_client_setup_async (ScCloudClient *self,
                             ScSecretString *access_token,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  ScHttpRequest *request = NULL;

  g_return_if_fail (SC_IS_CLOUD_CLIENT (self));
  g_return_if_fail (access_token != NULL);

  request = api_request_new (self, "POST", "/api/pms/setup", access_token);
  sc_http_request_take_body (request, "application/json", build_setup_body ());
  send_call (call_new (self, sc_cloud_client_setup_async, read_setup,
                       (GDestroyNotify) sc_cloud_status_free, cancellable, callback, user_data),
             request);
}

ScCloudStatus *
sc_cloud_client_setup_finish (ScCloudClient *self, GAsyncResult *result, GError **error)
{
  return finish_call (self, result, sc_cloud_client_setup_async, error);
}

void
sc_cloud_client_send_report_async (ScCloudClient *self,
                                   ScSecretString *access_token,
                                   const char *body,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  ScHttpRequest *request = NULL;

  g_return_if_fail (SC_IS_CLOUD_CLIENT (self));
  g_return_if_fail (access_token != NULL);
  g_return_if_fail (body != NULL);

  request = api_request_new (self, "POST", "/api/pms/companion/reports", access_token);
  sc_http_request_take_body (request, "application/json", g_strdup (body));
  send_call (call_new (self, sc_cloud_client_send_report_async, read_report,
                       (GDestroyNotify) sc_report_answer_free, cancellable, callback, user_data),
             request);
}

ScReportAnswer *
sc_cloud_client_send_report_finish (ScCloudClient *self,
                                    GAsyncResult *result,
                                    gint64 *retry_after,
                                    GError **error)
{
  if (retry_after != NULL)
    *retry_after = -1;
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  if (retry_after != NULL)
    *retry_after = ((Call *) g_task_get_task_data (G_TASK (result)))->retry_after;
  return finish_call (self, result, sc_cloud_client_send_report_async, error);
}

void
sc_cloud_client_delete_connection_async (ScCloudClient *self,
                                         ScSecretString *access_token,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data)
{
  g_return_if_fail (SC_IS_CLOUD_CLIENT (self));
  g_return_if_fail (access_token != NULL);

  send_call (call_new (self, sc_cloud_client_delete_connection_async, read_deletion, NULL,
                       cancellable, callback, user_data),
             api_request_new (self, "DELETE", "/api/pms/connection", access_token));
}

gboolean
sc_cloud_client_delete_connection_finish (ScCloudClient *self, GAsyncResult *result, GError **error)
{
  return finish_call (self, result, sc_cloud_client_delete_connection_async, error) != NULL;
}
