// SPDX-License-Identifier: MIT
// The OS keyring: the interface; what is the same for every store.

#define G_LOG_DOMAIN "sc-platform"

#include "sc-credential-store.h"

#include "sc-credential.h"
#include "sc-error.h"

static const char *const slot_names[] = {
  "connection",
  "pending-revocation",
  "cloud-token",
  "self-test",
};
G_STATIC_ASSERT (G_N_ELEMENTS (slot_names) == SC_N_CREDENTIAL_SLOTS);

G_DEFINE_INTERFACE (ScCredentialStore, sc_credential_store, G_TYPE_OBJECT)

static void
sc_credential_store_default_init (ScCredentialStoreInterface *iface)
{
}

const char *
sc_credential_slot_get_name (ScCredentialSlot slot)
{
  g_return_val_if_fail (slot < SC_N_CREDENTIAL_SLOTS, NULL);

  return slot_names[slot];
}

gboolean
sc_credential_store_is_persistent (ScCredentialStore *self)
{
  g_return_val_if_fail (SC_IS_CREDENTIAL_STORE (self), FALSE);

  return SC_CREDENTIAL_STORE_GET_IFACE (self)->is_persistent;
}

void
sc_credential_store_store_async (ScCredentialStore *self,
                                 ScCredentialSlot slot,
                                 ScSecretString *value,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  gsize size = 0;

  g_return_if_fail (SC_IS_CREDENTIAL_STORE (self));
  g_return_if_fail (slot < SC_N_CREDENTIAL_SLOTS);
  g_return_if_fail (value != NULL);

  size = sc_secret_string_get_length (value);
  if (size > SC_CREDENTIAL_MAX_SIZE)
    {
      /* The smallest keyring's limit holds for all, so that nothing depends on where it runs. */
      g_task_report_new_error (self, callback, user_data, sc_credential_store_store_async, SC_ERROR,
                               SC_ERROR_STORE_TOO_LARGE,
                               "keyring item of %" G_GSIZE_FORMAT " bytes, the limit is %d", size,
                               SC_CREDENTIAL_MAX_SIZE);
      return;
    }
  SC_CREDENTIAL_STORE_GET_IFACE (self)->store_async (self, slot, value, cancellable, callback,
                                                     user_data);
}

gboolean
sc_credential_store_store_finish (ScCredentialStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (SC_IS_CREDENTIAL_STORE (self), FALSE);

  if (g_async_result_is_tagged (result, sc_credential_store_store_async))
    return g_task_propagate_boolean (G_TASK (result), error);
  return SC_CREDENTIAL_STORE_GET_IFACE (self)->store_finish (self, result, error);
}

void
sc_credential_store_lookup_async (ScCredentialStore *self,
                                  ScCredentialSlot slot,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_return_if_fail (SC_IS_CREDENTIAL_STORE (self));
  g_return_if_fail (slot < SC_N_CREDENTIAL_SLOTS);

  SC_CREDENTIAL_STORE_GET_IFACE (self)->lookup_async (self, slot, cancellable, callback, user_data);
}

ScSecretString *
sc_credential_store_lookup_finish (ScCredentialStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (SC_IS_CREDENTIAL_STORE (self), NULL);

  return SC_CREDENTIAL_STORE_GET_IFACE (self)->lookup_finish (self, result, error);
}

void
sc_credential_store_clear_async (ScCredentialStore *self,
                                 ScCredentialSlot slot,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_return_if_fail (SC_IS_CREDENTIAL_STORE (self));
  g_return_if_fail (slot < SC_N_CREDENTIAL_SLOTS);

  SC_CREDENTIAL_STORE_GET_IFACE (self)->clear_async (self, slot, cancellable, callback, user_data);
}

gboolean
sc_credential_store_clear_finish (ScCredentialStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (SC_IS_CREDENTIAL_STORE (self), FALSE);

  return SC_CREDENTIAL_STORE_GET_IFACE (self)->clear_finish (self, result, error);
}
