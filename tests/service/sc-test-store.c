// SPDX-License-Identifier: MIT
// A keyring of a test: keeps items as a real one does, and fails or waits as it is told to.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-store.h"

#define NO_ERROR (-1)

struct _ScTestStore
{
  GObject parent_instance;

  ScSecretString *items[SC_N_CREDENTIAL_SLOTS];
  int errors[SC_TEST_STORE_N_CALLS][SC_N_CREDENTIAL_SLOTS];
  guint counts[SC_TEST_STORE_N_CALLS][SC_N_CREDENTIAL_SLOTS];
  gboolean holding;
  GPtrArray *held; /* of GTask */
};

/* What a held call is going to do. */
typedef struct
{
  ScTestStoreCall call;
  ScCredentialSlot slot;
  ScSecretString *value;
} Call;

static void sc_test_store_store_init (ScCredentialStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ScTestStore,
                               sc_test_store,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SC_TYPE_CREDENTIAL_STORE,
                                                      sc_test_store_store_init))

static void
call_free (Call *self)
{
  g_clear_pointer (&self->value, sc_secret_string_unref);
  g_free (self);
}

static void
set_item (ScTestStore *self, ScCredentialSlot slot, ScSecretString *value)
{
  g_clear_pointer (&self->items[slot], sc_secret_string_unref);
  self->items[slot] = value != NULL ? sc_secret_string_ref (value) : NULL;
}

static void
answer_lookup (ScTestStore *self, GTask *task, ScCredentialSlot slot)
{
  if (self->items[slot] == NULL)
    g_task_return_new_error (task, SC_ERROR, SC_ERROR_STORE_ABSENT, "no such item");
  else
    g_task_return_pointer (task, sc_secret_string_ref (self->items[slot]),
                           (GDestroyNotify) sc_secret_string_unref);
}

static void
answer (GTask *task)
{
  ScTestStore *self = g_task_get_source_object (task);
  const Call *call = g_task_get_task_data (task);
  int error = self->errors[call->call][call->slot];

  if (g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    error = SC_ERROR_CANCELLED;
  if (error != NO_ERROR)
    {
      g_task_return_new_error (task, SC_ERROR, error, "the test wants %s", sc_error_to_id (error));
      return;
    }
  if (call->call == SC_TEST_STORE_LOOKUP)
    {
      answer_lookup (self, task, call->slot);
      return;
    }
  set_item (self, call->slot, call->value);
  g_task_return_boolean (task, TRUE);
}

static void
begin_call (ScCredentialStore *store,
            ScTestStoreCall kind,
            ScCredentialSlot slot,
            ScSecretString *value,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
  ScTestStore *self = SC_TEST_STORE (store);
  GTask *task = g_task_new (store, cancellable, callback, user_data);
  Call *call = g_new0 (Call, 1);

  call->call = kind;
  call->slot = slot;
  call->value = value != NULL ? sc_secret_string_ref (value) : NULL;
  g_task_set_task_data (task, call, (GDestroyNotify) call_free);
  g_task_set_check_cancellable (task, FALSE);
  self->counts[kind][slot]++;
  if (self->holding)
    {
      g_ptr_array_add (self->held, task);
      return;
    }
  answer (task);
  g_object_unref (task);
}

static void
sc_test_store_store_async (ScCredentialStore *store,
                           ScCredentialSlot slot,
                           ScSecretString *value,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  begin_call (store, SC_TEST_STORE_STORE, slot, value, cancellable, callback, user_data);
}

static void
sc_test_store_lookup_async (ScCredentialStore *store,
                            ScCredentialSlot slot,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  begin_call (store, SC_TEST_STORE_LOOKUP, slot, NULL, cancellable, callback, user_data);
}

static void
sc_test_store_clear_async (ScCredentialStore *store,
                           ScCredentialSlot slot,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  begin_call (store, SC_TEST_STORE_CLEAR, slot, NULL, cancellable, callback, user_data);
}

static gboolean
sc_test_store_done_finish (ScCredentialStore *store, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static ScSecretString *
sc_test_store_lookup_finish (ScCredentialStore *store, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
sc_test_store_fail (ScTestStore *self, ScTestStoreCall call, ScCredentialSlot slot, ScError error)
{
  for (guint i = 0; i < SC_TEST_STORE_N_CALLS; i++)
    for (guint j = 0; j < SC_N_CREDENTIAL_SLOTS; j++)
      if ((call == SC_TEST_STORE_N_CALLS || call == i) &&
          (slot == SC_N_CREDENTIAL_SLOTS || slot == j))
        self->errors[i][j] = error;
}

void
sc_test_store_work (ScTestStore *self)
{
  sc_test_store_fail (self, SC_TEST_STORE_N_CALLS, SC_N_CREDENTIAL_SLOTS, NO_ERROR);
}

void
sc_test_store_hold (ScTestStore *self)
{
  self->holding = TRUE;
}

void
sc_test_store_release (ScTestStore *self, gboolean newest_first)
{
  g_autoptr (GPtrArray) held = g_steal_pointer (&self->held);

  self->held = g_ptr_array_new_with_free_func (g_object_unref);
  self->holding = FALSE;
  for (guint i = 0; i < held->len; i++)
    answer (g_ptr_array_index (held, newest_first ? held->len - 1 - i : i));
}

guint
sc_test_store_count_held (ScTestStore *self)
{
  return self->held->len;
}

guint
sc_test_store_count (ScTestStore *self, ScTestStoreCall call, ScCredentialSlot slot)
{
  return self->counts[call][slot];
}

const char *
sc_test_store_peek (ScTestStore *self, ScCredentialSlot slot)
{
  return self->items[slot] != NULL ? sc_secret_string_peek (self->items[slot]) : NULL;
}

void
sc_test_store_put (ScTestStore *self, ScCredentialSlot slot, const char *text)
{
  g_autoptr (ScSecretString) value = text != NULL ? sc_secret_string_new (text) : NULL;

  set_item (self, slot, value);
}

static void
sc_test_store_finalize (GObject *object)
{
  ScTestStore *self = SC_TEST_STORE (object);

  for (guint slot = 0; slot < SC_N_CREDENTIAL_SLOTS; slot++)
    set_item (self, slot, NULL);
  g_ptr_array_unref (self->held);
  G_OBJECT_CLASS (sc_test_store_parent_class)->finalize (object);
}

static void
sc_test_store_class_init (ScTestStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sc_test_store_finalize;
}

static void
sc_test_store_store_init (ScCredentialStoreInterface *iface)
{
  iface->is_persistent = TRUE;
  iface->store_async = sc_test_store_store_async;
  iface->store_finish = sc_test_store_done_finish;
  iface->lookup_async = sc_test_store_lookup_async;
  iface->lookup_finish = sc_test_store_lookup_finish;
  iface->clear_async = sc_test_store_clear_async;
  iface->clear_finish = sc_test_store_done_finish;
}

static void
sc_test_store_init (ScTestStore *self)
{
  self->held = g_ptr_array_new_with_free_func (g_object_unref);
  sc_test_store_work (self);
}

ScTestStore *
sc_test_store_new (void)
{
  return g_object_new (SC_TYPE_TEST_STORE, NULL);
}
