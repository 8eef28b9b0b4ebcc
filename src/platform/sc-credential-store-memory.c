// SPDX-License-Identifier: MIT
// Credentials kept until the program ends, for a computer without a keyring.

#define G_LOG_DOMAIN "sc-platform"

#include "sc-credential-store.h"

#include "sc-error.h"

#define SC_TYPE_CREDENTIAL_STORE_MEMORY (sc_credential_store_memory_get_type ())
G_DECLARE_FINAL_TYPE (ScCredentialStoreMemory,
                      sc_credential_store_memory,
                      SC,
                      CREDENTIAL_STORE_MEMORY,
                      GObject)

struct _ScCredentialStoreMemory
{
  GObject parent_instance;

  ScSecretString *values[SC_N_CREDENTIAL_SLOTS];
};

static void sc_credential_store_memory_store_init (ScCredentialStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ScCredentialStoreMemory,
                               sc_credential_store_memory,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SC_TYPE_CREDENTIAL_STORE,
                                                      sc_credential_store_memory_store_init))

static GTask *
create_task (ScCredentialStore *store,
             GCancellable *cancellable,
             gpointer tag,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  GTask *task = g_task_new (store, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  /* The contract's error for it is ours, not GIO's. */
  g_task_set_check_cancellable (task, FALSE);
  return task;
}

static gboolean
return_if_cancelled (GTask *task)
{
  if (!g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    return FALSE;
  g_task_return_new_error (task, SC_ERROR, SC_ERROR_CANCELLED, "cancelled");
  return TRUE;
}

static void
set_value (ScCredentialStoreMemory *self, ScCredentialSlot slot, ScSecretString *value)
{
  g_clear_pointer (&self->values[slot], sc_secret_string_unref);
  self->values[slot] = value == NULL ? NULL : sc_secret_string_ref (value);
}

static void
sc_credential_store_memory_store_async (ScCredentialStore *store,
                                        ScCredentialSlot slot,
                                        ScSecretString *value,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  g_autoptr (GTask) task =
    create_task (store, cancellable, sc_credential_store_memory_store_async, callback, user_data);

  if (return_if_cancelled (task))
    return;
  set_value (SC_CREDENTIAL_STORE_MEMORY (store), slot, value);
  g_task_return_boolean (task, TRUE);
}

static gboolean
sc_credential_store_memory_store_finish (ScCredentialStore *store,
                                         GAsyncResult *result,
                                         GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, sc_credential_store_memory_store_async),
                        FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
sc_credential_store_memory_lookup_async (ScCredentialStore *store,
                                         ScCredentialSlot slot,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data)
{
  ScCredentialStoreMemory *self = SC_CREDENTIAL_STORE_MEMORY (store);
  g_autoptr (GTask) task =
    create_task (store, cancellable, sc_credential_store_memory_lookup_async, callback, user_data);

  if (return_if_cancelled (task))
    return;
  if (self->values[slot] == NULL)
    g_task_return_new_error (task, SC_ERROR, SC_ERROR_STORE_ABSENT, "no item \"%s\" in memory",
                             sc_credential_slot_get_name (slot));
  else
    g_task_return_pointer (task, sc_secret_string_ref (self->values[slot]),
                           (GDestroyNotify) sc_secret_string_unref);
}

static ScSecretString *
sc_credential_store_memory_lookup_finish (ScCredentialStore *store,
                                          GAsyncResult *result,
                                          GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, sc_credential_store_memory_lookup_async),
                        NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
sc_credential_store_memory_clear_async (ScCredentialStore *store,
                                        ScCredentialSlot slot,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  g_autoptr (GTask) task =
    create_task (store, cancellable, sc_credential_store_memory_clear_async, callback, user_data);

  if (return_if_cancelled (task))
    return;
  set_value (SC_CREDENTIAL_STORE_MEMORY (store), slot, NULL);
  g_task_return_boolean (task, TRUE);
}

static gboolean
sc_credential_store_memory_clear_finish (ScCredentialStore *store,
                                         GAsyncResult *result,
                                         GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, sc_credential_store_memory_clear_async),
                        FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

ScCredentialStore *
sc_credential_store_new_memory (void)
{
  return g_object_new (SC_TYPE_CREDENTIAL_STORE_MEMORY, NULL);
}

static void
sc_credential_store_memory_finalize (GObject *object)
{
  for (guint slot = 0; slot < SC_N_CREDENTIAL_SLOTS; slot++)
    set_value (SC_CREDENTIAL_STORE_MEMORY (object), slot, NULL);
  G_OBJECT_CLASS (sc_credential_store_memory_parent_class)->finalize (object);
}

static void
sc_credential_store_memory_class_init (ScCredentialStoreMemoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sc_credential_store_memory_finalize;
}

static void
sc_credential_store_memory_store_init (ScCredentialStoreInterface *iface)
{
  iface->is_persistent = FALSE;
  iface->store_async = sc_credential_store_memory_store_async;
  iface->store_finish = sc_credential_store_memory_store_finish;
  iface->lookup_async = sc_credential_store_memory_lookup_async;
  iface->lookup_finish = sc_credential_store_memory_lookup_finish;
  iface->clear_async = sc_credential_store_memory_clear_async;
  iface->clear_finish = sc_credential_store_memory_clear_finish;
}

static void
sc_credential_store_memory_init (ScCredentialStoreMemory *self)
{
}
