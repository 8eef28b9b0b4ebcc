// SPDX-License-Identifier: MIT
// The provider interface: dispatch, and the values that go in and come out.

#define G_LOG_DOMAIN "sc-net"

#include "sc-provider.h"

#include "sc-error.h"

G_DEFINE_INTERFACE (ScProvider, sc_provider, G_TYPE_OBJECT)

/* Providers answer with a GTask of their own, unless they say otherwise. */

static gboolean
finish_done (ScProvider *provider, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, provider), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static ScGrant *
finish_grant (ScProvider *provider, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, provider), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static ScCloudStatus *
finish_status (ScProvider *provider, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, provider), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
sc_provider_default_init (ScProviderInterface *iface)
{
  iface->begin_finish = finish_done;
  iface->exchange_finish = finish_grant;
  iface->refresh_finish = finish_grant;
  iface->revoke_finish = finish_done;
  iface->get_status_finish = finish_status;
  iface->setup_finish = finish_status;
  iface->disconnect_practice_finish = finish_done;
}

ScTransaction *
sc_transaction_new (const char *redirect_uri,
                    const char *credential_id,
                    ScSecretString *state,
                    ScSecretString *code_verifier)
{
  ScTransaction *self;

  g_return_val_if_fail (redirect_uri != NULL, NULL);
  g_return_val_if_fail (credential_id != NULL, NULL);
  g_return_val_if_fail (state != NULL, NULL);
  g_return_val_if_fail (code_verifier != NULL, NULL);

  self = g_new0 (ScTransaction, 1);
  self->redirect_uri = g_strdup (redirect_uri);
  self->credential_id = g_strdup (credential_id);
  self->state = sc_secret_string_ref (state);
  self->code_verifier = sc_secret_string_ref (code_verifier);
  return self;
}

void
sc_transaction_free (ScTransaction *self)
{
  if (self == NULL)
    return;

  g_free (self->redirect_uri);
  g_free (self->credential_id);
  sc_secret_string_unref (self->state);
  sc_secret_string_unref (self->code_verifier);
  /* It carries the state value. */
  sc_secret_free (self->authorization_url);
  g_free (self->issuer);
  g_free (self);
}

ScGrant *
sc_grant_new (ScCredential *credential, ScToken *token)
{
  ScGrant *self;

  g_return_val_if_fail (credential != NULL, NULL);
  g_return_val_if_fail (token != NULL, NULL);

  self = g_new0 (ScGrant, 1);
  self->credential = credential;
  self->token = token;
  return self;
}

void
sc_grant_free (ScGrant *self)
{
  if (self == NULL)
    return;

  sc_credential_free (self->credential);
  sc_token_free (self->token);
  g_free (self);
}

const char *
sc_provider_get_id (ScProvider *self)
{
  g_return_val_if_fail (SC_IS_PROVIDER (self), NULL);

  return SC_PROVIDER_GET_IFACE (self)->get_id (self);
}

const char *
sc_provider_get_issuer (ScProvider *self)
{
  g_return_val_if_fail (SC_IS_PROVIDER (self), NULL);

  return SC_PROVIDER_GET_IFACE (self)->get_issuer (self);
}

void
sc_provider_begin_async (ScProvider *self,
                         ScTransaction *transaction,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_return_if_fail (SC_IS_PROVIDER (self));
  g_return_if_fail (transaction != NULL);

  SC_PROVIDER_GET_IFACE (self)->begin_async (self, transaction, cancellable, callback, user_data);
}

gboolean
sc_provider_begin_finish (ScProvider *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (SC_IS_PROVIDER (self), FALSE);

  return SC_PROVIDER_GET_IFACE (self)->begin_finish (self, result, error);
}

void
sc_provider_exchange_async (ScProvider *self,
                            const ScTransaction *transaction,
                            const ScRedirect *redirect,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_return_if_fail (SC_IS_PROVIDER (self));
  g_return_if_fail (transaction != NULL && transaction->issuer != NULL);
  g_return_if_fail (redirect != NULL);

  SC_PROVIDER_GET_IFACE (self)->exchange_async (self, transaction, redirect, cancellable, callback,
                                                user_data);
}

ScGrant *
sc_provider_exchange_finish (ScProvider *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (SC_IS_PROVIDER (self), NULL);

  return SC_PROVIDER_GET_IFACE (self)->exchange_finish (self, result, error);
}

void
sc_provider_refresh_async (ScProvider *self,
                           const ScCredential *credential,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (SC_IS_PROVIDER (self));
  g_return_if_fail (credential != NULL && credential->refresh_token != NULL);

  SC_PROVIDER_GET_IFACE (self)->refresh_async (self, credential, cancellable, callback, user_data);
}

ScGrant *
sc_provider_refresh_finish (ScProvider *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (SC_IS_PROVIDER (self), NULL);

  return SC_PROVIDER_GET_IFACE (self)->refresh_finish (self, result, error);
}

void
sc_provider_revoke_async (ScProvider *self,
                          const ScCredential *credential,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_return_if_fail (SC_IS_PROVIDER (self));
  g_return_if_fail (credential != NULL && credential->refresh_token != NULL);

  SC_PROVIDER_GET_IFACE (self)->revoke_async (self, credential, cancellable, callback, user_data);
}

gboolean
sc_provider_revoke_finish (ScProvider *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (SC_IS_PROVIDER (self), FALSE);

  return SC_PROVIDER_GET_IFACE (self)->revoke_finish (self, result, error);
}

ScToken *
sc_provider_restore_token (ScProvider *self, const ScCredential *credential)
{
  ScProviderInterface *iface;

  g_return_val_if_fail (SC_IS_PROVIDER (self), NULL);
  g_return_val_if_fail (credential != NULL, NULL);

  iface = SC_PROVIDER_GET_IFACE (self);
  return iface->restore_token != NULL ? iface->restore_token (self, credential) : NULL;
}

void
sc_provider_get_status_async (ScProvider *self,
                              const ScCredential *credential,
                              const ScToken *token,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_return_if_fail (SC_IS_PROVIDER (self));
  g_return_if_fail (credential != NULL);
  g_return_if_fail (token != NULL);

  SC_PROVIDER_GET_IFACE (self)->get_status_async (self, credential, token, cancellable, callback,
                                                  user_data);
}

ScCloudStatus *
sc_provider_get_status_finish (ScProvider *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (SC_IS_PROVIDER (self), NULL);

  return SC_PROVIDER_GET_IFACE (self)->get_status_finish (self, result, error);
}

gboolean
sc_provider_can_setup (ScProvider *self)
{
  g_return_val_if_fail (SC_IS_PROVIDER (self), FALSE);

  return SC_PROVIDER_GET_IFACE (self)->setup_async != NULL;
}

void
sc_provider_setup_async (ScProvider *self,
                         const ScToken *token,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_return_if_fail (SC_IS_PROVIDER (self));
  g_return_if_fail (token != NULL);

  if (sc_provider_can_setup (self))
    SC_PROVIDER_GET_IFACE (self)->setup_async (self, token, cancellable, callback, user_data);
  else
    g_task_report_new_error (self, callback, user_data, sc_provider_setup_async, SC_ERROR,
                             SC_ERROR_NOT_SUPPORTED, "provider %s has no setup",
                             sc_provider_get_id (self));
}

ScCloudStatus *
sc_provider_setup_finish (ScProvider *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (SC_IS_PROVIDER (self), NULL);

  if (g_async_result_is_tagged (result, sc_provider_setup_async))
    return g_task_propagate_pointer (G_TASK (result), error);
  return SC_PROVIDER_GET_IFACE (self)->setup_finish (self, result, error);
}

void
sc_provider_disconnect_practice_async (ScProvider *self,
                                       const ScToken *token,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  g_return_if_fail (SC_IS_PROVIDER (self));
  g_return_if_fail (token != NULL);

  SC_PROVIDER_GET_IFACE (self)->disconnect_practice_async (self, token, cancellable, callback,
                                                           user_data);
}

gboolean
sc_provider_disconnect_practice_finish (ScProvider *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (SC_IS_PROVIDER (self), FALSE);

  return SC_PROVIDER_GET_IFACE (self)->disconnect_practice_finish (self, result, error);
}
