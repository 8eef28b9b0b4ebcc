// SPDX-License-Identifier: MIT
// Provider "sikka": Sikka's portal and API v4 directly. The keys that it holds stand for one
// practice, but asking about it takes the partner's app key.

#define G_LOG_DOMAIN "sc-net"

#include "sc-provider-sikka.h"

#include "sc-error.h"
#include "sc-sikka-client.h"
#include "sc-url.h"

struct _ScProviderSikka
{
  GObject parent_instance;

  ScSikkaClient *client;
  char *authorize_url;
  char *api_url;
  ScSecretString *app_id;
};

static void provider_iface_init (ScProviderInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ScProviderSikka,
                               sc_provider_sikka,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SC_TYPE_PROVIDER, provider_iface_init))

/**
 * Call: task data of what takes more than one step.
 * @credential: what an exchange or refresh fills; for a status: whose it is
 * @token: (nullable): what an exchange or refresh got
 */
typedef struct
{
  ScCredential *credential;
  ScToken *token;
} Call;

static void
call_free (Call *self)
{
  sc_credential_free (self->credential);
  sc_token_free (self->token);
  g_free (self);
}

/* @credential: (nullable) (transfer full) */
static GTask *
call_new (ScProvider *provider,
          gpointer source_tag,
          ScCredential *credential,
          GCancellable *cancellable,
          GAsyncReadyCallback callback,
          gpointer user_data)
{
  GTask *task = g_task_new (provider, cancellable, callback, user_data);
  Call *call = g_new0 (Call, 1);

  call->credential = credential;
  g_task_set_source_tag (task, source_tag);
  /* The client's own error for it is the one that callers know. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, call, (GDestroyNotify) call_free);
  return task;
}

static gint64
get_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static const char *
get_id (ScProvider *provider)
{
  return "sikka";
}

static const char *
get_issuer (ScProvider *provider)
{
  return SC_PROVIDER_SIKKA (provider)->api_url;
}

/* The app's keys go to the configured API only. */
static gboolean
check_issuer (ScProvider *provider, const ScCredential *credential, GError **error)
{
  if (g_str_equal (credential->issuer, SC_PROVIDER_SIKKA (provider)->api_url))
    return TRUE;
  g_set_error (error, SC_ERROR, SC_ERROR_OAUTH_ISSUER, "the credential belongs to another API");
  return FALSE;
}

static gboolean
check_configuration (ScProviderSikka *self, GError **error)
{
  g_autoptr (GError) cause = NULL;

  if (!sc_url_check (self->authorize_url, &cause))
    sc_error_set_cause (error, SC_ERROR_CONFIG, "sikka.authorize_url", cause);
  else if (!sc_url_check (self->api_url, &cause))
    sc_error_set_cause (error, SC_ERROR_CONFIG, "sikka.api_url", cause);
  return cause == NULL;
}

static void
begin_async (ScProvider *provider,
             ScTransaction *transaction,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  ScProviderSikka *self = SC_PROVIDER_SIKKA (provider);
  g_autoptr (GTask) task = call_new (provider, begin_async, NULL, cancellable, callback, user_data);
  g_autoptr (GError) error = NULL;

  if (!check_configuration (self, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  sc_secret_free (transaction->authorization_url);
  transaction->authorization_url = sc_url_add_query (
    self->authorize_url, "app_id", sc_secret_string_peek (self->app_id), "redirect_uri",
    transaction->redirect_uri, "state", sc_secret_string_peek (transaction->state), NULL);
  g_free (transaction->issuer);
  transaction->issuer = g_strdup (self->api_url);
  transaction->iss_required = FALSE;
  g_task_return_boolean (task, TRUE);
}

/* A refresh answer without a new refresh key leaves the old one in place. */
static void
move_to_credential (ScSikkaKey *key, ScCredential *credential)
{
  gint64 now = get_now ();

  if (key->refresh_key != NULL)
    {
      g_clear_pointer (&credential->refresh_token, sc_secret_string_unref);
      credential->refresh_token = g_steal_pointer (&key->refresh_key);
    }
  g_clear_pointer (&credential->request_key, sc_secret_string_unref);
  credential->request_key = g_steal_pointer (&key->request_key);
  credential->request_key_expires = now + MAX (key->expires_in, 0);
  credential->obtained = now;
}

static ScToken *
token_new (const ScCredential *credential)
{
  ScToken *token = g_new0 (ScToken, 1);

  token->access_token = sc_secret_string_ref (credential->request_key);
  token->expires_at = credential->request_key_expires;
  return token;
}

static void
return_grant (GTask *task)
{
  Call *call = g_task_get_task_data (task);

  g_task_return_pointer (
    task, sc_grant_new (g_steal_pointer (&call->credential), g_steal_pointer (&call->token)),
    (GDestroyNotify) sc_grant_free);
}

/* Nobody is told of these keys, so nobody else will delete them. Neither waits for an answer nor
 * ends with the person's cancelling. */
static void
abandon_grant (ScProviderSikka *self, const ScCredential *credential)
{
  sc_sikka_client_delete_keys_async (self->client, credential->request_key,
                                     credential->refresh_token, NULL, NULL, NULL);
}

static void
practice_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Call *call = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (ScSikkaPractice) found =
    sc_sikka_client_find_practice_finish (SC_SIKKA_CLIENT (source), result, &error);

  if (found != NULL)
    {
      call->credential->practice = g_steal_pointer (&found->practice);
      return_grant (task);
      return;
    }
  abandon_grant (g_task_get_source_object (task), call->credential);
  if (g_error_matches (error, SC_ERROR, SC_ERROR_SIKKA_NOT_GRANTED))
    g_task_return_new_error (task, SC_ERROR, SC_ERROR_PRACTICE_UNKNOWN, "%s", error->message);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static gboolean
take_key (Call *call, ScSikkaKey *key, GError **error)
{
  move_to_credential (key, call->credential);
  if (call->credential->refresh_token == NULL)
    {
      g_set_error (error, SC_ERROR, SC_ERROR_OAUTH_TOKEN, "sikka gave no refresh_key");
      return FALSE;
    }
  call->token = token_new (call->credential);
  return TRUE;
}

static void
code_exchanged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Call *call = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (ScSikkaKey) key =
    sc_sikka_client_finish_key (SC_SIKKA_CLIENT (source), result, &error);

  if (key != NULL && take_key (call, key, &error))
    sc_sikka_client_find_practice_async (SC_SIKKA_CLIENT (source), key->office_id, cancellable,
                                         practice_found_cb, g_steal_pointer (&task));
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
exchange_async (ScProvider *provider,
                const ScTransaction *transaction,
                const ScRedirect *redirect,
                GCancellable *cancellable,
                GAsyncReadyCallback callback,
                gpointer user_data)
{
  ScProviderSikka *self = SC_PROVIDER_SIKKA (provider);
  g_autoptr (GTask) task =
    call_new (provider, exchange_async,
              sc_credential_new (transaction->credential_id, "sikka", self->api_url), cancellable,
              callback, user_data);
  g_autoptr (GError) error = NULL;

  /* Sikka sends no iss; one that comes is of another server. */
  if (!sc_redirect_check_issuer (redirect, transaction->issuer, transaction->iss_required,
                                 &error) ||
      !sc_redirect_check_answer (redirect, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    sc_sikka_client_grant_async (self->client, "authorization_code", "code", redirect->code,
                                 cancellable, code_exchanged_cb, g_steal_pointer (&task));
}

/* Sikka names the practice in every key. One of another practice is never stored or shown. */
static gboolean
check_practice (const ScCredential *credential, const ScSikkaKey *key, GError **error)
{
  if (credential->practice == NULL || g_str_equal (credential->practice->office_id, key->office_id))
    return TRUE;
  g_set_error (error, SC_ERROR, SC_ERROR_SIKKA_REJECTED, "the key is of another practice");
  return FALSE;
}

static void
key_refreshed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Call *call = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (ScSikkaKey) key =
    sc_sikka_client_finish_key (SC_SIKKA_CLIENT (source), result, &error);

  if (key != NULL && check_practice (call->credential, key, &error) && take_key (call, key, &error))
    return_grant (task);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
refresh_async (ScProvider *provider,
               const ScCredential *credential,
               GCancellable *cancellable,
               GAsyncReadyCallback callback,
               gpointer user_data)
{
  g_autoptr (GTask) task = call_new (provider, refresh_async, sc_credential_copy (credential),
                                     cancellable, callback, user_data);
  g_autoptr (GError) error = NULL;

  if (!check_issuer (provider, credential, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    sc_sikka_client_grant_async (SC_PROVIDER_SIKKA (provider)->client, "refresh_key", "refresh_key",
                                 credential->refresh_token, cancellable, key_refreshed_cb,
                                 g_steal_pointer (&task));
}

static void
keys_deleted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (sc_sikka_client_delete_keys_finish (SC_SIKKA_CLIENT (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
revoke_async (ScProvider *provider,
              const ScCredential *credential,
              GCancellable *cancellable,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
  g_autoptr (GTask) task =
    call_new (provider, revoke_async, NULL, cancellable, callback, user_data);
  g_autoptr (GError) error = NULL;

  if (!check_issuer (provider, credential, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    sc_sikka_client_delete_keys_async (SC_PROVIDER_SIKKA (provider)->client,
                                       credential->request_key, credential->refresh_token,
                                       cancellable, keys_deleted_cb, g_steal_pointer (&task));
}

static ScToken *
restore_token (ScProvider *provider, const ScCredential *credential)
{
  g_autoptr (ScToken) token = NULL;

  if (credential->request_key == NULL || !check_issuer (provider, credential, NULL))
    return NULL;
  token = token_new (credential);
  return sc_token_is_fresh (token, get_now ()) ? g_steal_pointer (&token) : NULL;
}

/* Sikka writes the practice's local time without a zone; this PC stands in the practice.
 * Returns: seconds since 1970, -1 for none and for Sikka's "never", the year 1111 */
static gint64
parse_local_time (const char *text)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (GDateTime) time = text != NULL ? g_date_time_new_from_iso8601 (text, zone) : NULL;

  if (time == NULL || g_date_time_get_year (time) < 1970)
    return -1;
  return g_date_time_to_unix (time);
}

static ScDataSync *
data_sync_new (const ScSikkaPractice *practice)
{
  ScDataSync *data_sync = g_new0 (ScDataSync, 1);

  data_sync->status = g_strdup ("");
  data_sync->last_data_at = parse_local_time (practice->data_synchronization_date);
  data_sync->next_data_at = -1;
  data_sync->warnings = g_new0 (char *, 1);
  return data_sync;
}

static ScCloudStatus *
status_new (const ScCredential *credential, ScSikkaPractice *found)
{
  ScCloudStatus *status = sc_cloud_status_new (SC_CLOUD_STATE_CONNECTED);

  status->provider = g_strdup ("SIKKA");
  if (found != NULL)
    {
      status->data_sync = data_sync_new (found);
      status->practice = g_steal_pointer (&found->practice);
    }
  else if (credential->practice != NULL)
    status->practice = sc_practice_copy (credential->practice);
  return status;
}

/* The key is good, so trouble on the way to the details leaves them out; a refusal counts. */
static void
details_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Call *call = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (ScSikkaPractice) found =
    sc_sikka_client_find_practice_finish (SC_SIKKA_CLIENT (source), result, &error);

  if (found != NULL || sc_error_is_transport (error->code))
    g_task_return_pointer (task, status_new (call->credential, found),
                           (GDestroyNotify) sc_cloud_status_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static gboolean
check_active (const ScSikkaKey *key, GError **error)
{
  if (key->is_active)
    return TRUE;
  g_set_error (error, SC_ERROR, SC_ERROR_SIKKA_KEY_EXPIRED, "the request key is not active");
  return FALSE;
}

static void
key_info_received_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Call *call = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (ScSikkaKey) key =
    sc_sikka_client_finish_key (SC_SIKKA_CLIENT (source), result, &error);

  if (key != NULL && check_active (key, &error) && check_practice (call->credential, key, &error))
    sc_sikka_client_find_practice_async (SC_SIKKA_CLIENT (source), key->office_id, cancellable,
                                         details_found_cb, g_steal_pointer (&task));
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
get_status_async (ScProvider *provider,
                  const ScCredential *credential,
                  const ScToken *token,
                  GCancellable *cancellable,
                  GAsyncReadyCallback callback,
                  gpointer user_data)
{
  sc_sikka_client_get_key_info_async (
    SC_PROVIDER_SIKKA (provider)->client, token->access_token, cancellable, key_info_received_cb,
    call_new (provider, get_status_async, sc_credential_copy (credential), cancellable, callback,
              user_data));
}

static void
disconnect_practice_async (ScProvider *provider,
                           const ScToken *token,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task =
    call_new (provider, disconnect_practice_async, NULL, cancellable, callback, user_data);

  g_task_return_new_error (task, SC_ERROR, SC_ERROR_NOT_SUPPORTED,
                           "only the partner's portal disconnects a practice from Sikka");
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
  iface->restore_token = restore_token;
  iface->get_status_async = get_status_async;
  iface->disconnect_practice_async = disconnect_practice_async;
}

static void
sc_provider_sikka_finalize (GObject *object)
{
  ScProviderSikka *self = SC_PROVIDER_SIKKA (object);

  g_clear_object (&self->client);
  g_free (self->authorize_url);
  g_free (self->api_url);
  g_clear_pointer (&self->app_id, sc_secret_string_unref);
  G_OBJECT_CLASS (sc_provider_sikka_parent_class)->finalize (object);
}

static void
sc_provider_sikka_class_init (ScProviderSikkaClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sc_provider_sikka_finalize;
}

static void
sc_provider_sikka_init (ScProviderSikka *self)
{
}

ScProvider *
sc_provider_sikka_new (ScHttp *http,
                       const char *authorize_url,
                       const char *api_url,
                       ScSecretString *app_id,
                       ScSecretString *app_key)
{
  ScProviderSikka *self = NULL;

  g_return_val_if_fail (SC_IS_HTTP (http), NULL);
  g_return_val_if_fail (authorize_url != NULL, NULL);
  g_return_val_if_fail (api_url != NULL, NULL);
  g_return_val_if_fail (app_id != NULL, NULL);
  g_return_val_if_fail (app_key != NULL, NULL);

  self = g_object_new (SC_TYPE_PROVIDER_SIKKA, NULL);
  self->client = sc_sikka_client_new (http, api_url, app_id, app_key);
  self->authorize_url = g_strdup (authorize_url);
  self->api_url = g_strdup (api_url);
  self->app_id = sc_secret_string_ref (app_id);
  return SC_PROVIDER (self);
}
