// SPDX-License-Identifier: MIT
// Provider "cloud": a standard authorization server as a public client.

#define G_LOG_DOMAIN "sc-net"

#include "sc-provider-cloud.h"

#include "sc-discovery.h"
#include "sc-error.h"
#include "sc-oauth.h"

#define STATUS_OK 200

struct _ScProviderCloud
{
  GObject parent_instance;

  ScHttp *http;
  ScCloudClient *cloud;
  char *issuer;
  char *client_id;
  char *scope;
  ScServerMetadata *metadata; /* (nullable): of @issuer */
};

static void provider_iface_init (ScProviderInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ScProviderCloud,
                               sc_provider_cloud,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SC_TYPE_PROVIDER, provider_iface_init))

/* Goes on with @task (transfer full) once the metadata of its issuer is known. */
typedef void (*MetadataReady) (GTask *task, const ScServerMetadata *metadata);

/**
 * Call: task data of everything that talks to the authorization server.
 * @issuer: which one
 * @ready: what comes after its metadata
 * @form: (nullable): body of the token or revocation request; wiped
 * @credential: (nullable): what an exchange or refresh fills
 * @token: (nullable): what it got
 * @transaction: (nullable) (transfer none): what begin fills
 */
typedef struct
{
  char *issuer;
  MetadataReady ready;
  char *form;
  ScCredential *credential;
  ScToken *token;
  ScTransaction *transaction;
} Call;

static void
call_free (Call *self)
{
  g_free (self->issuer);
  sc_secret_free (self->form);
  sc_credential_free (self->credential);
  sc_token_free (self->token);
  g_free (self);
}

static GTask *
call_new (ScProvider *provider,
          gpointer source_tag,
          const char *issuer,
          MetadataReady ready,
          GCancellable *cancellable,
          GAsyncReadyCallback callback,
          gpointer user_data)
{
  GTask *task = g_task_new (provider, cancellable, callback, user_data);
  Call *call = g_new0 (Call, 1);

  call->issuer = g_strdup (issuer);
  call->ready = ready;
  g_task_set_source_tag (task, source_tag);
  /* The client's own error for it is the one that callers know. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, call, (GDestroyNotify) call_free);
  return task;
}

static gboolean
is_own_issuer (ScProviderCloud *self, const char *issuer)
{
  return g_str_equal (issuer, self->issuer);
}

static void
metadata_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ScProviderCloud *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (ScServerMetadata) metadata = NULL;
  const ScServerMetadata *read = NULL;

  read = metadata = sc_discovery_read_finish (SC_HTTP (source), result, &error);
  if (metadata == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (is_own_issuer (self, call->issuer))
    {
      g_clear_pointer (&self->metadata, sc_server_metadata_free);
      self->metadata = g_steal_pointer (&metadata);
    }
  call->ready (g_steal_pointer (&task), read);
}

/* @task: (transfer full) */
static void
read_metadata (GTask *task)
{
  ScProviderCloud *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);

  sc_discovery_read_async (self->http, call->issuer, g_task_get_cancellable (task),
                           metadata_read_cb, task);
}

/* @task: (transfer full) */
static void
need_metadata (GTask *task)
{
  ScProviderCloud *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);

  if (self->metadata != NULL && is_own_issuer (self, call->issuer))
    call->ready (task, self->metadata);
  else
    read_metadata (task);
}

/* @form: (transfer full) */
static ScHttpRequest *
form_request_new (const char *url, char *form)
{
  ScHttpRequest *request = sc_http_request_new ("POST", url);

  sc_http_request_set_header (request, "Accept", "application/json");
  sc_http_request_take_body (request, SC_OAUTH_FORM_TYPE, form);
  return request;
}

/* @task: (transfer full) */
static void
post_form (GTask *task, const char *url, GAsyncReadyCallback answered)
{
  ScProviderCloud *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);

  sc_http_send_async (self->http, form_request_new (url, g_steal_pointer (&call->form)),
                      g_task_get_cancellable (task), answered, task);
}

static const char *
get_id (ScProvider *provider)
{
  return "cloud";
}

static const char *
get_issuer (ScProvider *provider)
{
  return SC_PROVIDER_CLOUD (provider)->issuer;
}

static void
begin_ready (GTask *task, const ScServerMetadata *metadata)
{
  g_autoptr (GTask) owned = task;
  ScProviderCloud *self = g_task_get_source_object (task);
  ScTransaction *transaction = ((Call *) g_task_get_task_data (task))->transaction;

  sc_secret_free (transaction->authorization_url);
  transaction->authorization_url = sc_oauth_build_authorization_url (
    metadata->authorization_endpoint, self->client_id, self->scope, transaction);
  g_free (transaction->issuer);
  transaction->issuer = g_strdup (metadata->issuer);
  transaction->iss_required = metadata->iss_supported;
  g_task_return_boolean (task, TRUE);
}

static void
begin_async (ScProvider *provider,
             ScTransaction *transaction,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  GTask *task = call_new (provider, begin_async, SC_PROVIDER_CLOUD (provider)->issuer, begin_ready,
                          cancellable, callback, user_data);

  ((Call *) g_task_get_task_data (task))->transaction = transaction;
  read_metadata (task);
}

/* Nobody is told of this grant, so nobody else will end it. Neither waits for an answer nor ends
 * with the person's cancelling. */
static void
abandon_grant (ScProviderCloud *self, const ScCredential *credential)
{
  ScHttpRequest *request = NULL;

  if (self->metadata == NULL || self->metadata->revocation_endpoint == NULL)
    return;
  request = form_request_new (self->metadata->revocation_endpoint,
                              sc_oauth_build_revocation_form (credential));
  sc_http_send_async (self->http, request, NULL, NULL, NULL);
}

static gboolean
is_known (const ScPractice *practice)
{
  return practice != NULL && *practice->office_id != '\0';
}

static void
return_grant (GTask *task)
{
  Call *call = g_task_get_task_data (task);

  g_task_return_pointer (
    task, sc_grant_new (g_steal_pointer (&call->credential), g_steal_pointer (&call->token)),
    (GDestroyNotify) sc_grant_free);
}

static void
practice_asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Call *call = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (ScCloudStatus) status =
    sc_cloud_client_get_status_finish (SC_CLOUD_CLIENT (source), result, &error);

  if (status != NULL && !is_known (status->practice))
    g_set_error (&error, SC_ERROR, SC_ERROR_PRACTICE_UNKNOWN,
                 "neither the token answer nor the connection status names the practice");
  if (error != NULL)
    {
      abandon_grant (g_task_get_source_object (task), call->credential);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  call->credential->practice = g_steal_pointer (&status->practice);
  return_grant (task);
}

/* @task: (transfer full) */
static void
settle_practice (GTask *task)
{
  g_autoptr (GTask) owned = task;
  ScProviderCloud *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);

  if (is_known (call->token->practice))
    {
      call->credential->practice = sc_practice_copy (call->token->practice);
      return_grant (task);
      return;
    }
  sc_cloud_client_get_status_async (self->cloud, call->token->access_token,
                                    g_task_get_cancellable (task), practice_asked_cb,
                                    g_steal_pointer (&owned));
}

static gboolean
finish_token (Call *call, GObject *http, GAsyncResult *result, GError **error)
{
  g_autoptr (ScHttpAnswer) answer = sc_http_send_finish (SC_HTTP (http), result, error);

  if (answer != NULL)
    call->token = sc_oauth_read_token (answer, call->credential, error);
  return call->token != NULL;
}

static void
code_exchanged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (finish_token (g_task_get_task_data (task), source, result, &error))
    settle_practice (g_steal_pointer (&task));
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
exchange_ready (GTask *task, const ScServerMetadata *metadata)
{
  post_form (task, metadata->token_endpoint, code_exchanged_cb);
}

static void
prepare_exchange (ScProviderCloud *self,
                  Call *call,
                  const ScTransaction *transaction,
                  const ScRedirect *redirect)
{
  call->form = sc_oauth_build_exchange_form (self->client_id, transaction, redirect);
  call->credential = sc_credential_new (transaction->credential_id, "cloud", transaction->issuer);
  g_free (call->credential->client_id);
  call->credential->client_id = g_strdup (self->client_id);
  call->credential->scope = g_strdup (self->scope);
}

static void
exchange_async (ScProvider *provider,
                const ScTransaction *transaction,
                const ScRedirect *redirect,
                GCancellable *cancellable,
                GAsyncReadyCallback callback,
                gpointer user_data)
{
  g_autoptr (GTask) task = call_new (provider, exchange_async, transaction->issuer, exchange_ready,
                                     cancellable, callback, user_data);
  g_autoptr (GError) error = NULL;

  if (!sc_redirect_check_issuer (redirect, transaction->issuer, transaction->iss_required,
                                 &error) ||
      !sc_redirect_check_answer (redirect, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  prepare_exchange (SC_PROVIDER_CLOUD (provider), g_task_get_task_data (task), transaction,
                    redirect);
  need_metadata (g_steal_pointer (&task));
}

static void
token_refreshed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (finish_token (g_task_get_task_data (task), source, result, &error))
    return_grant (task);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
refresh_ready (GTask *task, const ScServerMetadata *metadata)
{
  post_form (task, metadata->token_endpoint, token_refreshed_cb);
}

static void
refresh_async (ScProvider *provider,
               const ScCredential *credential,
               GCancellable *cancellable,
               GAsyncReadyCallback callback,
               gpointer user_data)
{
  g_autoptr (GTask) task = call_new (provider, refresh_async, credential->issuer, refresh_ready,
                                     cancellable, callback, user_data);
  Call *call = g_task_get_task_data (task);

  /* The access token would go to the configured cloud, which this issuer does not vouch for. */
  if (!is_own_issuer (SC_PROVIDER_CLOUD (provider), credential->issuer))
    {
      g_task_return_new_error (task, SC_ERROR, SC_ERROR_OAUTH_ISSUER,
                               "the credential belongs to another issuer");
      return;
    }
  call->credential = sc_credential_copy (credential);
  call->form = sc_oauth_build_refresh_form (credential);
  need_metadata (g_steal_pointer (&task));
}

static void
token_revoked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ScHttpAnswer) answer = sc_http_send_finish (SC_HTTP (source), result, &error);

  if (answer != NULL && answer->status != STATUS_OK)
    error = sc_token_parse_error (answer->body, answer->length, answer->status);
  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
revoke_ready (GTask *task, const ScServerMetadata *metadata)
{
  g_autoptr (GTask) owned = task;

  if (metadata->revocation_endpoint == NULL)
    {
      g_info ("the server has no revocation endpoint, the grant ends by its age");
      g_task_return_boolean (task, TRUE);
      return;
    }
  post_form (g_steal_pointer (&owned), metadata->revocation_endpoint, token_revoked_cb);
}

static void
revoke_async (ScProvider *provider,
              const ScCredential *credential,
              GCancellable *cancellable,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
  GTask *task = call_new (provider, revoke_async, credential->issuer, revoke_ready, cancellable,
                          callback, user_data);

  ((Call *) g_task_get_task_data (task))->form = sc_oauth_build_revocation_form (credential);
  need_metadata (task);
}

/* What the cloud's own API answers is handed on as it is. */

static void
return_status (GTask *task, ScCloudStatus *status, GError *error)
{
  if (status != NULL)
    g_task_return_pointer (task, status, (GDestroyNotify) sc_cloud_status_free);
  else
    g_task_return_error (task, error);
}

static void
status_received_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  ScCloudStatus *status =
    sc_cloud_client_get_status_finish (SC_CLOUD_CLIENT (source), result, &error);

  return_status (task, status, error);
}

static void
get_status_async (ScProvider *provider,
                  const ScCredential *credential,
                  const ScToken *token,
                  GCancellable *cancellable,
                  GAsyncReadyCallback callback,
                  gpointer user_data)
{
  sc_cloud_client_get_status_async (
    SC_PROVIDER_CLOUD (provider)->cloud, token->access_token, cancellable, status_received_cb,
    call_new (provider, get_status_async, NULL, NULL, cancellable, callback, user_data));
}

static void
set_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  ScCloudStatus *status = sc_cloud_client_setup_finish (SC_CLOUD_CLIENT (source), result, &error);

  return_status (task, status, error);
}

static void
setup_async (ScProvider *provider,
             const ScToken *token,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  sc_cloud_client_setup_async (
    SC_PROVIDER_CLOUD (provider)->cloud, token->access_token, cancellable, set_up_cb,
    call_new (provider, setup_async, NULL, NULL, cancellable, callback, user_data));
}

static void
practice_disconnected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (sc_cloud_client_delete_connection_finish (SC_CLOUD_CLIENT (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
disconnect_practice_async (ScProvider *provider,
                           const ScToken *token,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  sc_cloud_client_delete_connection_async (
    SC_PROVIDER_CLOUD (provider)->cloud, token->access_token, cancellable, practice_disconnected_cb,
    call_new (provider, disconnect_practice_async, NULL, NULL, cancellable, callback, user_data));
}

static void
provider_iface_init (ScProviderInterface *iface)
{
  iface->get_id = get_id;
  iface->get_issuer = get_issuer;
  iface->begin_async = begin_async;
  iface->exchange_async = exchange_async;
  iface->refresh_async = refresh_async;
  iface->revoke_async = revoke_async;
  iface->get_status_async = get_status_async;
  iface->setup_async = setup_async;
  iface->disconnect_practice_async = disconnect_practice_async;
}

static void
sc_provider_cloud_finalize (GObject *object)
{
  ScProviderCloud *self = SC_PROVIDER_CLOUD (object);

  g_clear_object (&self->http);
  g_clear_object (&self->cloud);
  g_free (self->issuer);
  g_free (self->client_id);
  g_free (self->scope);
  g_clear_pointer (&self->metadata, sc_server_metadata_free);
  G_OBJECT_CLASS (sc_provider_cloud_parent_class)->finalize (object);
}

static void
sc_provider_cloud_class_init (ScProviderCloudClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sc_provider_cloud_finalize;
}

static void
sc_provider_cloud_init (ScProviderCloud *self)
{
}

ScProvider *
sc_provider_cloud_new (ScHttp *http,
                       ScCloudClient *cloud,
                       const char *issuer,
                       const char *client_id,
                       const char *scope)
{
  ScProviderCloud *self = NULL;

  g_return_val_if_fail (SC_IS_HTTP (http), NULL);
  g_return_val_if_fail (SC_IS_CLOUD_CLIENT (cloud), NULL);
  g_return_val_if_fail (issuer != NULL, NULL);
  g_return_val_if_fail (client_id != NULL, NULL);
  g_return_val_if_fail (scope != NULL, NULL);

  self = g_object_new (SC_TYPE_PROVIDER_CLOUD, NULL);
  self->http = g_object_ref (http);
  self->cloud = g_object_ref (cloud);
  self->issuer = g_strdup (issuer);
  self->client_id = g_strdup (client_id);
  self->scope = g_strdup (scope);
  return SC_PROVIDER (self);
}
