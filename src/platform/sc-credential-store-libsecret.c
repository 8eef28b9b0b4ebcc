// SPDX-License-Identifier: MIT
// Credentials in the Secret Service. libsecret's simple calls answer a dismissed prompt with "no
// such item", so every operation here goes the long way: search, unlock, search again, then act.

#define G_LOG_DOMAIN "sc-platform"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "sc-credential-store.h"

#include "sc-credential.h"
#include "sc-error.h"
#include "sc-secret-prompt.h"
#include "sc-secret-session.h"

#define SECRETS_NAME "org.freedesktop.secrets"
#define SECRETS_PATH "/org/freedesktop/secrets"
#define SECRETS_INTERFACE "org.freedesktop.Secret.Service"

#define ATTRIBUTE_VERSION "1"
/* Once for the items, once for the default keyring when they are in another one. */
#define MAX_UNLOCKS 2

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

  ScSecretSession *session;
};

static void sc_credential_store_libsecret_store_init (ScCredentialStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ScCredentialStoreLibsecret,
                               sc_credential_store_libsecret,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SC_TYPE_CREDENTIAL_STORE,
                                                      sc_credential_store_libsecret_store_init))

/* One store, lookup or clear: the data of its task. */
typedef struct
{
  ScCredentialSlot slot;
  GHashTable *attributes;
  ScSecretString *value;
  void (*found) (GTask *task); /* when the items, all unlocked, are known; perhaps none */

  SecretService *service;
  GList *items;
  gboolean tried_again;
  gboolean tried_create;
  guint n_unlocks;
} Operation;

static void operation_start (GTask *task);
static void write_value (GTask *task);

static void
operation_free (Operation *self)
{
  g_hash_table_unref (self->attributes);
  g_clear_pointer (&self->value, sc_secret_string_unref);
  g_clear_object (&self->service);
  g_list_free_full (self->items, g_object_unref);
  g_free (self);
}

static void
operation_fail (GTask *task, const GError *cause)
{
  ScCredentialStoreLibsecret *store = g_task_get_source_object (task);
  Operation *self = g_task_get_task_data (task);
  ScError code = sc_secret_error_map (cause, g_task_get_cancellable (task));
  GError *error = g_error_matches (cause, SC_ERROR, code) ? g_error_copy (cause) : NULL;

  if (code != SC_ERROR_STORE_LOCKED)
    sc_secret_session_forget (store->session);
  /* A keyring that was restarted a moment ago has forgotten our session. Every operation can be
   * repeated, so begin once more with a new one; but not after waiting for an answer in vain. */
  if (code == SC_ERROR_STORE_FAILED && !self->tried_again &&
      !g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    {
      self->tried_again = TRUE;
      g_clear_error (&error);
      operation_start (task);
      return;
    }
  if (error == NULL)
    sc_error_set_cause (&error, code, "keyring", cause);
  g_task_return_error (task, error);
}

/* ---- find the items ---- */

static void find_items (GTask *task);

/* What is about to be written goes to the default keyring. */
static gboolean
needs_collection (Operation *self)
{
  return self->found == write_value;
}

static const char *
get_path (gpointer proxy)
{
  return g_dbus_proxy_get_object_path (proxy);
}

static char **
list_locked (GList *items)
{
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();

  for (GList *l = items; l != NULL; l = l->next)
    if (secret_item_get_locked (l->data))
      g_strv_builder_add (paths, get_path (l->data));
  return g_strv_builder_end (paths);
}

static void
prompt_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Operation *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (sc_secret_prompt_run_finish (result, &error))
    find_items (task);
  /* Nothing is locked where there is nothing yet. */
  else if (self->tried_create && error->code == SC_ERROR_STORE_LOCKED)
    g_task_return_new_error (task, SC_ERROR, SC_ERROR_STORE_UNAVAILABLE,
                             "keyring: no default keyring was made");
  else
    operation_fail (task, error);
}

/* Unlock() and CreateCollection() answer with what is done already and the path of a prompt. */
static void
called_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Operation *self = g_task_get_task_data (task);
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *owner = NULL;
  const char *prompt = NULL;

  answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  if (answer == NULL)
    {
      operation_fail (task, error);
      return;
    }
  g_variant_get_child (answer, 1, "&o", &prompt);
  owner = g_dbus_proxy_get_name_owner (G_DBUS_PROXY (self->service));
  if (g_str_equal (prompt, "/"))
    find_items (task);
  else if (owner == NULL)
    g_task_return_new_error (task, SC_ERROR, SC_ERROR_STORE_UNAVAILABLE, "keyring: it went away");
  else
    sc_secret_prompt_run_async (G_DBUS_CONNECTION (source), owner, prompt,
                                g_task_get_cancellable (task), prompt_answered_cb,
                                g_object_ref (task));
}

static void
call_service (GTask *task, const char *method, GVariant *arguments, const char *answer_type)
{
  Operation *self = g_task_get_task_data (task);

  g_dbus_connection_call (g_dbus_proxy_get_connection (G_DBUS_PROXY (self->service)), SECRETS_NAME,
                          SECRETS_PATH, SECRETS_INTERFACE, method, arguments,
                          G_VARIANT_TYPE (answer_type), G_DBUS_CALL_FLAGS_NONE, -1,
                          g_task_get_cancellable (task), called_cb, g_object_ref (task));
}

static void
unlock (GTask *task, const char *const *paths)
{
  Operation *self = g_task_get_task_data (task);

  if (self->n_unlocks++ < MAX_UNLOCKS)
    {
      call_service (task, "Unlock", g_variant_new ("(^ao)", paths), "(aoo)");
      return;
    }
  g_task_return_new_error (task, SC_ERROR, SC_ERROR_STORE_LOCKED, "keyring: it stayed locked");
}

/* A first keyring: the person is asked for its password. */
static void
create_collection (GTask *task)
{
  Operation *self = g_task_get_task_data (task);
  GVariantDict properties;

  if (self->tried_create)
    {
      g_task_return_new_error (task, SC_ERROR, SC_ERROR_STORE_UNAVAILABLE,
                               "keyring: it has no default keyring");
      return;
    }
  self->tried_create = TRUE;
  g_variant_dict_init (&properties, NULL);
  /* Translators: the name of a keyring that the person will see in a password manager. */
  g_variant_dict_insert (&properties, "org.freedesktop.Secret.Collection.Label", "s",
                         g_dgettext (SC_GETTEXT_PACKAGE, N_ ("Default keyring")));
  call_service (
    task, "CreateCollection",
    g_variant_new ("(@a{sv}s)", g_variant_dict_end (&properties), SECRET_COLLECTION_DEFAULT),
    "(oo)");
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
    operation_fail (task, error);
  else if (collection != NULL && secret_collection_get_locked (collection))
    unlock (task, (const char *[]){ get_path (collection), NULL });
  else if (collection == NULL && needs_collection (self))
    create_collection (task);
  else
    self->found (task);
}

static void
searched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Operation *self = g_task_get_task_data (task);
  g_auto (GStrv) locked = NULL;
  g_autoptr (GError) error = NULL;

  self->items = secret_service_search_finish (SECRET_SERVICE (source), result, &error);
  locked = list_locked (self->items);
  if (error != NULL)
    operation_fail (task, error);
  else if (*locked != NULL)
    unlock (task, (const char *const *) locked);
  else if (self->items != NULL && !needs_collection (self))
    self->found (task);
  else
    /* Also before it is said that there is no such item: not every keyring tells what is in it
     * while it is locked. */
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
    g_task_return_pointer (task, g_steal_pointer (&value), (GDestroyNotify) sc_secret_string_unref);
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
  Operation *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!secret_service_store_finish (SECRET_SERVICE (source), result, &error))
    {
      operation_fail (task, error);
      return;
    }
  self->found = read_found;
  find_items (task);
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

/* ---- the operation as a whole ---- */

static void
session_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Operation *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  self->service = sc_secret_session_open_finish (result, &error);
  if (self->service != NULL)
    find_items (task);
  else
    operation_fail (task, error);
}

static void
operation_start (GTask *task)
{
  ScCredentialStoreLibsecret *self = g_task_get_source_object (task);
  Operation *operation = g_task_get_task_data (task);

  g_clear_object (&operation->service);
  sc_secret_session_open_async (self->session, g_task_get_cancellable (task), session_opened_cb,
                                g_object_ref (task));
}

static Operation *
operation_new (ScCredentialSlot slot, void (*found) (GTask *))
{
  Operation *self = g_new0 (Operation, 1);

  self->slot = slot;
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
  Operation *operation = operation_new (slot, write_value);

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
  operation_run (operation_new (slot, read_found), task);
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
  operation_run (operation_new (slot, delete_found), task);
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
  sc_secret_session_free (SC_CREDENTIAL_STORE_LIBSECRET (object)->session);
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
  self->session = sc_secret_session_new ();
}
