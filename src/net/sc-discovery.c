// SPDX-License-Identifier: MIT
// Reading an authorization server's metadata (RFC 8414).

#define G_LOG_DOMAIN "sc-net"

#include "sc-discovery.h"

#include "sc-error.h"
#include "sc-url.h"

#define STATUS_OK 200
#define STATUS_NOT_FOUND 404
#define STATUS_TOO_MANY_REQUESTS 429
#define OPENID_PATH "/.well-known/openid-configuration"

typedef struct
{
  char *issuer;
  gboolean is_second_place;
} Discovery;

static void
discovery_free (Discovery *self)
{
  g_free (self->issuer);
  g_free (self);
}

static ScServerMetadata *
read_answer (const ScHttpAnswer *answer, const char *issuer, GError **error)
{
  if (answer->status == STATUS_OK)
    return sc_server_metadata_parse (answer->body, answer->length, issuer, error);
  if (answer->status == STATUS_TOO_MANY_REQUESTS)
    g_set_error (error, SC_ERROR, SC_ERROR_CLOUD_RATE_LIMITED, "server metadata: HTTP %u",
                 answer->status);
  else if (answer->status >= 500)
    g_set_error (error, SC_ERROR, SC_ERROR_CLOUD_UNAVAILABLE, "server metadata: HTTP %u",
                 answer->status);
  else
    g_set_error (error, SC_ERROR, SC_ERROR_OAUTH_METADATA, "server metadata: HTTP %u",
                 answer->status);
  return NULL;
}

static void ask (GTask *task);

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Discovery *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (ScHttpAnswer) answer = sc_http_send_finish (SC_HTTP (source), result, &error);
  g_autoptr (ScServerMetadata) metadata = NULL;

  if (answer != NULL && answer->status == STATUS_NOT_FOUND && !self->is_second_place)
    {
      self->is_second_place = TRUE;
      ask (g_steal_pointer (&task));
      return;
    }

  if (answer != NULL)
    metadata = read_answer (answer, self->issuer, &error);
  if (metadata != NULL)
    g_task_return_pointer (task, g_steal_pointer (&metadata),
                           (GDestroyNotify) sc_server_metadata_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* @task: (transfer full) */
static void
ask (GTask *task)
{
  Discovery *self = g_task_get_task_data (task);
  g_autofree char *url = self->is_second_place ? sc_url_join (self->issuer, OPENID_PATH)
                                               : sc_server_metadata_build_url (self->issuer);
  ScHttpRequest *request = sc_http_request_new ("GET", url);

  sc_http_request_set_header (request, "Accept", "application/json");
  sc_http_send_async (g_task_get_source_object (task), request, g_task_get_cancellable (task),
                      answered_cb, task);
}

void
sc_discovery_read_async (ScHttp *http,
                         const char *issuer,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GTask *task = NULL;
  Discovery *self = NULL;

  g_return_if_fail (SC_IS_HTTP (http));
  g_return_if_fail (issuer != NULL);

  task = g_task_new (http, cancellable, callback, user_data);
  g_task_set_source_tag (task, sc_discovery_read_async);
  g_task_set_check_cancellable (task, FALSE);
  self = g_new0 (Discovery, 1);
  self->issuer = g_strdup (issuer);
  g_task_set_task_data (task, self, (GDestroyNotify) discovery_free);
  ask (task);
}

ScServerMetadata *
sc_discovery_read_finish (ScHttp *http, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, http), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, sc_discovery_read_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
