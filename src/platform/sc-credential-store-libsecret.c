// SPDX-License-Identifier: MIT
// Credentials in the Secret Service. libsecret's simple calls answer a dismissed prompt with "no such
// item", so every operation here goes the long way: search, unlock, search again, then act.

#define G_LOG_DOMAIN "sc-platform"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>
#include <libsecret/secret.h>

#include "sc-credential-store.h"

#include "sc-credential.h"
#include "sc-error.h"

#define ATTRIBUTE_VERSION "1"

/* The attributes lie unencrypted on the disk: nothing of the practice or the account in them. */
static const SecretSchema schema = {
  SC_APP_ID ".Credential",
  SECRET_SCHEMA_NONE,
  { { "slot", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "version", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 } },
};

/* What a person reads in a keyring manager. */
static const char *const labels[] = {
  N_ ("Sikka Companion: connection"),
  N_ ("Sikka Companion: permission to be withdrawn"),
  N_ ("Sikka Companion: reporting"),
  N_ ("Sikka Companion: self-test"),
};
G_STATIC_ASSERT (G_N_ELEMENTS (labels) == SC_N_CREDENTIAL_SLOTS);

#define SC_TYPE_CREDENTIAL_STORE_LIBSECRET (sc_credential_store_libsecret_get_type ())
G_DECLARE_FINAL_TYPE (ScCredentialStoreLibsecret,
                      sc_credential_store_libsecret,
                      SC,
                      CREDENTIAL_STORE_LIBSECRET,
                      GObject)

struct _ScCredentialStoreLibsecret
{
  GObject parent_instance;

  SecretService *service; /* (nullable): with a session that only its owner of then knows */
  char *owner;            /* (nullable): the unique bus name behind it */
};

static void sc_credential_store_libsecret_store_init (ScCredentialStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ScCredentialStoreLibsecret,
                               sc_credential_store_libsecret,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SC_TYPE_CREDENTIAL_STORE,
                                                      sc_credential_store_libsecret_store_init))

/* One store, lookup or clear: the data of its task.
 * begin: the first step with an open session
 * found: what follows when the items, all unlocked, are known; perhaps there are none */
typedef struct
{
  ScCredentialSlot slot;
  GHashTable *attributes;
  ScSecretString *value;
  void (*begin) (GTask *task);
  void (*found) (GTask *task);

  GDBusConnection *bus;
  SecretService *service;
  GList *items;
  gboolean tried_again;
  gboolean tried_unlock;
} Operation;

static void operation_start (GTask *task);

static void
operation_free (Operation *self)
{
  g_hash_table_unref (self->attributes);
  g_clear_pointer (&self->value, sc_secret_string_unref);
  g_clear_object (&self->service);
  g_clear_object (&self->bus);
  g_list_free_full (self->items, g_object_unref);
  g_free (self);
}

static void
forget_service (ScCredentialStoreLibsecret *self)
{
  g_clear_object (&self->service);
  g_clear_pointer (&self->owner, g_free);
}

static gboolean
is_unavailable (const GError *error)
{
  static const int bus_codes[] = {
    G_DBUS_ERROR_SERVICE_UNKNOWN,
    G_DBUS_ERROR_NAME_HAS_NO_OWNER,
    G_DBUS_ERROR_NO_SERVER,
    G_DBUS_ERROR_DISCONNECTED,
    G_DBUS_ERROR_ACCESS_DENIED,
    G_DBUS_ERROR_SPAWN_EXEC_FAILED,
    G_DBUS_ERROR_SPAWN_FORK_FAILED,
    G_DBUS_ERROR_SPAWN_CHILD_EXITED,
    G_DBUS_ERROR_SPAWN_CHILD_SIGNALED,
    G_DBUS_ERROR_SPAWN_FAILED,
    G_DBUS_ERROR_SPAWN_SERVICE_NOT_FOUND,
    /* On storing: a service without a single keyring, and no prompt that could make one. */
    G_DBUS_ERROR_UNKNOWN_METHOD,
    G_DBUS_ERROR_UNKNOWN_OBJECT,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bus_codes); i++)
    if (g_error_matches (error, G_DBUS_ERROR, bus_codes[i]))
      return TRUE;
  return g_error_matches (error, SECRET_ERROR, SECRET_ERROR_NO_SUCH_OBJECT) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static ScError
map_error (const GError *error, GCancellable *cancellable)
{
  if (g_cancellable_is_cancelled (cancellable))
    return SC_ERROR_CANCELLED;
  /* We did not cancel, so a person did: at the prompt. */
  if (g_error_matches (error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return SC_ERROR_STORE_LOCKED;
  return is_unavailable (error) ? SC_ERROR_STORE_UNAVAILABLE : SC_ERROR_STORE_FAILED;
}

static void
operation_fail (GTask *task, const GError *cause)
{
  Operation *self = g_task_get_task_data (task);
  ScError code = map_error (cause, g_task_get_cancellable (task));
  GError *error = NULL;

  if (code != SC_ERROR_STORE_LOCKED)
    forget_service (g_task_get_source_object (task));
  /* A keyring that was restarted a moment ago has forgotten our session. Every operation can be
   * repeated, so begin once more with a new one; but not after waiting for an answer in vain. */
  if (code == SC_ERROR_STORE_FAILED && !self->tried_again &&
      !g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    {
      self->tried_again = TRUE;
      operation_start (task);
      return;
    }
  sc_error_set_cause (&error, code, "keyring", cause);
  g_task_return_error (task, error);
}

static void
return_locked (GTask *task)
{
  g_autoptr (GError) error = g_error_new_literal (SECRET_ERROR, SECRET_ERROR_IS_LOCKED, "it stayed locked");

  operation_fail (task, error);
}

/* ---- find the items ---- */

static void find_items (GTask *task);

static GList *
list_locked (GList *items)
{
  GList *locked = NULL;

  for (GList *l = items; l != NULL; l = l->next)
    if (secret_item_get_locked (l->data))
      locked = g_list_prepend (locked, l->data);
  return locked;
}

static void
unlocked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  int n_unlocked = secret_service_unlock_finish (SECRET_SERVICE (source), result, NULL, &error);

  /* A prompt that was taken back may also end as if a person had dismissed it. */
  if (error == NULL)
    g_cancellable_set_error_if_cancelled (g_task_get_cancellable (task), &error);
  if (error != NULL)
    operation_fail (task, error);
  else if (n_unlocked == 0)
    return_locked (task);
  else
    find_items (task);
}

static void
unlock (GTask *task, GList *objects)
{
  Operation *self = g_task_get_task_data (task);

  if (self->tried_unlock)
    {
      return_locked (task);
      return;
    }
  self->tried_unlock = TRUE;
  secret_service_unlock (self->service, objects, g_task_get_cancellable (task), unlocked_cb,
                         g_object_ref (task));
}

static void
default_collection_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Operation *self = g_task_get_task_data (task);
  g_autoptr (SecretCollection) collection = NULL;
  g_autoptr (GError) error = NULL;

  collection = secret_collection_for_alias_finish (result, &error);
  if (error != NULL)
    {
      operation_fail (task, error);
      return;
    }
  if (collection != NULL && secret_collection_get_locked (collection))
    {
      g_autoptr (GList) collections = g_list_append (NULL, collection);

      unlock (task, collections);
      return;
    }
  self->found (task);
}

static void
searched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Operation *self = g_task_get_task_data (task);
  g_autoptr (GList) locked = NULL;
  g_autoptr (GError) error = NULL;

  self->items = secret_service_search_finish (SECRET_SERVICE (source), result, &error);
  locked = list_locked (self->items);
  if (error != NULL)
    operation_fail (task, error);
  else if (locked != NULL)
    unlock (task, locked);
  else if (self->items != NULL)
    self->found (task);
  else
    /* Not every keyring tells what is in it while it is locked. */
    secret_collection_for_alias (self->service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE,
                                 g_task_get_cancellable (task), default_collection_cb,
                                 g_object_ref (task));
}

static void
find_items (GTask *task)
{
  Operation *self = g_task_get_task_data (task);

  g_list_free_full (g_steal_pointer (&self->items), g_object_unref);
  secret_service_search (self->service, &schema, self->attributes, SECRET_SEARCH_ALL,
                         g_task_get_cancellable (task), searched_cb, g_object_ref (task));
}

/* ---- read the newest of them ---- */

/* More than one is possible when the person made another keyring the default one. */
static SecretItem *
find_newest (GList *items)
{
  SecretItem *newest = items->data;

  for (GList *l = items->next; l != NULL; l = l->next)
    if (secret_item_get_modified (l->data) > secret_item_get_modified (newest))
      newest = l->data;
  return newest;
}

static ScSecretString *
get_value (SecretItem *item, GError **error)
{
  g_autoptr (SecretValue) secret = secret_item_get_secret (item);
  const char *bytes = NULL;
  gsize length = 0;

  if (secret != NULL)
    bytes = secret_value_get (secret, &length);
  if (bytes == NULL || length > SC_CREDENTIAL_MAX_SIZE || memchr (bytes, '\0', length) != NULL)
    {
      g_set_error_literal (error, SC_ERROR, SC_ERROR_STORE_FAILED,
                           "keyring: the item holds nothing that was written by this program");
      return NULL;
    }
  return sc_secret_string_new_len (bytes, length);
}

static void
return_value (GTask *task, SecretItem *item)
{
  Operation *self = g_task_get_task_data (task);
  g_autoptr (ScSecretString) value = NULL;
  GError *error = NULL;

  value = get_value (item, &error);
  if (value == NULL)
    g_task_return_error (task, error);
  else if (self->value == NULL)
    g_task_return_pointer (task, g_steal_pointer (&value),
                           (GDestroyNotify) sc_secret_string_unref);
  else if (sc_secret_string_equal (self->value, sc_secret_string_peek (value)))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, SC_ERROR, SC_ERROR_STORE_FAILED,
                             "keyring: the item reads back differently");
}

static void
secret_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (secret_item_load_secret_finish (SECRET_ITEM (source), result, &error))
    return_value (task, SECRET_ITEM (source));
  else
    operation_fail (task, error);
}

static void
read_found (GTask *task)
{
  Operation *self = g_task_get_task_data (task);

  if (self->items == NULL)
    g_task_return_new_error (task, SC_ERROR,
                             self->value == NULL ? SC_ERROR_STORE_ABSENT : SC_ERROR_STORE_FAILED,
                             "keyring: no item \"%s\"", sc_credential_slot_get_name (self->slot));
  else
    secret_item_load_secret (find_newest (self->items), g_task_get_cancellable (task),
                             secret_loaded_cb, g_object_ref (task));
}

/* ---- write ---- */

static void
stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (secret_service_store_finish (SECRET_SERVICE (source), result, &error))
    find_items (task);
  else
    operation_fail (task, error);
}

static void
write_value (GTask *task)
{
  Operation *self = g_task_get_task_data (task);
  g_autoptr (SecretValue) secret = NULL;

  secret = secret_value_new (sc_secret_string_peek (self->value),
                             sc_secret_string_get_length (self->value), "text/plain");
  secret_service_store (self->service, &schema, self->attributes, SECRET_COLLECTION_DEFAULT,
                        g_dgettext (SC_GETTEXT_PACKAGE, labels[self->slot]), secret,
                        g_task_get_cancellable (task), stored_cb, g_object_ref (task));
}

/* ---- delete ---- */

static void delete_found (GTask *task);

static void
deleted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Operation *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!secret_item_delete_finish (SECRET_ITEM (source), result, &error))
    {
      operation_fail (task, error);
      return;
    }
  self->items = g_list_remove (self->items, source);
  g_object_unref (source);
  delete_found (task);
}

static void
delete_found (GTask *task)
{
  Operation *self = g_task_get_task_data (task);

  if (self->items == NULL)
    g_task_return_boolean (task, TRUE);
  else
    secret_item_delete (self->items->data, g_task_get_cancellable (task), deleted_cb,
                        g_object_ref (task));
}

/* ---- open a session ---- */

static void
service_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ScCredentialStoreLibsecret *self = g_task_get_source_object (task);
  Operation *operation = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  operation->service = secret_service_open_finish (result, &error);
  if (operation->service == NULL)
    {
      operation_fail (task, error);
      return;
    }
  forget_service (self);
  self->service = g_object_ref (operation->service);
  self->owner = g_dbus_proxy_get_name_owner (G_DBUS_PROXY (self->service));
  operation->begin (task);
}

static void
bus_connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Operation *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  self->bus = g_bus_get_finish (result, &error);
  if (self->bus == NULL)
    g_task_return_new_error (task, SC_ERROR, SC_ERROR_STORE_UNAVAILABLE,
                             "keyring: no session bus: %s", error->message);
  else
    secret_service_open (SECRET_TYPE_SERVICE, NULL, SECRET_SERVICE_OPEN_SESSION,
                         g_task_get_cancellable (task), service_opened_cb, g_object_ref (task));
}

static gboolean
has_session (ScCredentialStoreLibsecret *self)
{
  g_autofree char *owner = NULL;

  if (self->service == NULL)
    return FALSE;
  owner = g_dbus_proxy_get_name_owner (G_DBUS_PROXY (self->service));
  return owner != NULL && g_strcmp0 (owner, self->owner) == 0;
}

static void
operation_start (GTask *task)
{
  ScCredentialStoreLibsecret *self = g_task_get_source_object (task);
  Operation *operation = g_task_get_task_data (task);

  g_clear_object (&operation->service);
  g_clear_object (&operation->bus);
  if (has_session (self))
    {
      operation->service = g_object_ref (self->service);
      operation->begin (task);
      return;
    }
  /* Without the cancellable: the connection is shared by the process, and cancelling its first user
   * would make it unusable for all the others. */
  g_bus_get (G_BUS_TYPE_SESSION, NULL, bus_connected_cb, g_object_ref (task));
}

static Operation *
operation_new (ScCredentialSlot slot, void (*begin) (GTask *), void (*found) (GTask *))
{
  Operation *self = g_new0 (Operation, 1);

  self->slot = slot;
  self->begin = begin;
  self->found = found;
  self->attributes = secret_attributes_build (&schema, "slot", sc_credential_slot_get_name (slot),
                                              "version", ATTRIBUTE_VERSION, NULL);
  return self;
}

static void
operation_run (Operation *operation, GTask *task)
{
  g_task_set_task_data (task, operation, (GDestroyNotify) operation_free);
  /* The contract's error for it is ours, not GIO's. */
  g_task_set_check_cancellable (task, FALSE);
  operation_start (task);
}

/* ---- the interface ---- */

static void
sc_credential_store_libsecret_store_async (ScCredentialStore *store,
                                           ScCredentialSlot slot,
                                           ScSecretString *value,
                                           GCancellable *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (store, cancellable, callback, user_data);
  Operation *operation = operation_new (slot, write_value, read_found);

  g_task_set_source_tag (task, sc_credential_store_libsecret_store_async);
  operation->value = sc_secret_string_ref (value);
  operation_run (operation, task);
}

static gboolean
sc_credential_store_libsecret_store_finish (ScCredentialStore *store,
                                            GAsyncResult *result,
                                            GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), FALSE);
  g_return_val_if_fail (
    g_async_result_is_tagged (result, sc_credential_store_libsecret_store_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
sc_credential_store_libsecret_lookup_async (ScCredentialStore *store,
                                            ScCredentialSlot slot,
                                            GCancellable *cancellable,
                                            GAsyncReadyCallback callback,
                                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (store, cancellable, callback, user_data);

  g_task_set_source_tag (task, sc_credential_store_libsecret_lookup_async);
  operation_run (operation_new (slot, find_items, read_found), task);
}

static ScSecretString *
sc_credential_store_libsecret_lookup_finish (ScCredentialStore *store,
                                             GAsyncResult *result,
                                             GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), NULL);
  g_return_val_if_fail (
    g_async_result_is_tagged (result, sc_credential_store_libsecret_lookup_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
sc_credential_store_libsecret_clear_async (ScCredentialStore *store,
                                           ScCredentialSlot slot,
                                           GCancellable *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (store, cancellable, callback, user_data);

  g_task_set_source_tag (task, sc_credential_store_libsecret_clear_async);
  operation_run (operation_new (slot, find_items, delete_found), task);
}

static gboolean
sc_credential_store_libsecret_clear_finish (ScCredentialStore *store,
                                            GAsyncResult *result,
                                            GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), FALSE);
  g_return_val_if_fail (
    g_async_result_is_tagged (result, sc_credential_store_libsecret_clear_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

ScCredentialStore *
sc_credential_store_new_system (void)
{
  return g_object_new (SC_TYPE_CREDENTIAL_STORE_LIBSECRET, NULL);
}

static void
sc_credential_store_libsecret_finalize (GObject *object)
{
  forget_service (SC_CREDENTIAL_STORE_LIBSECRET (object));
  G_OBJECT_CLASS (sc_credential_store_libsecret_parent_class)->finalize (object);
}

static void
sc_credential_store_libsecret_class_init (ScCredentialStoreLibsecretClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sc_credential_store_libsecret_finalize;
}

static void
sc_credential_store_libsecret_store_init (ScCredentialStoreInterface *iface)
{
  iface->is_persistent = TRUE;
  iface->store_async = sc_credential_store_libsecret_store_async;
  iface->store_finish = sc_credential_store_libsecret_store_finish;
  iface->lookup_async = sc_credential_store_libsecret_lookup_async;
  iface->lookup_finish = sc_credential_store_libsecret_lookup_finish;
  iface->clear_async = sc_credential_store_libsecret_clear_async;
  iface->clear_finish = sc_credential_store_libsecret_clear_finish;
}

static void
sc_credential_store_libsecret_init (ScCredentialStoreLibsecret *self)
{
}
