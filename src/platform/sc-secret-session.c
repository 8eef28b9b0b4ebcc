// SPDX-License-Identifier: MIT
// Private to the libsecret store: the Secret Service with an open session.

#define G_LOG_DOMAIN "sc-platform"

#include "sc-secret-session.h"

struct _ScSecretSession
{
  SecretService *service; /* (nullable): with a session that only its owner of then knows */
  char *owner;            /* (nullable): the unique bus name behind it */
};

ScSecretSession *
sc_secret_session_new (void)
{
  return g_new0 (ScSecretSession, 1);
}

void
sc_secret_session_forget (ScSecretSession *self)
{
  g_return_if_fail (self != NULL);

  g_clear_object (&self->service);
  g_clear_pointer (&self->owner, g_free);
}

void
sc_secret_session_free (ScSecretSession *self)
{
  g_return_if_fail (self != NULL);

  sc_secret_session_forget (self);
  g_free (self);
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
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bus_codes); i++)
    if (g_error_matches (error, G_DBUS_ERROR, bus_codes[i]))
      return TRUE;
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

ScError
sc_secret_error_map (const GError *error, GCancellable *cancellable)
{
  g_return_val_if_fail (error != NULL, SC_ERROR_FAILED);

  if (g_cancellable_is_cancelled (cancellable))
    return SC_ERROR_CANCELLED;
  if (error->domain == SC_ERROR)
    return error->code;
  /* We did not cancel, so a person did: at the prompt. */
  if (g_error_matches (error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return SC_ERROR_STORE_LOCKED;
  return is_unavailable (error) ? SC_ERROR_STORE_UNAVAILABLE : SC_ERROR_STORE_FAILED;
}

static void
service_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ScSecretSession *self = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr (SecretService) service = NULL;
  g_autoptr (GError) cause = NULL;
  GError *error = NULL;

  service = secret_service_open_finish (result, &cause);
  if (service == NULL)
    {
      sc_error_set_cause (&error, sc_secret_error_map (cause, cancellable), "keyring", cause);
      g_task_return_error (task, error);
      return;
    }
  sc_secret_session_forget (self);
  self->service = g_object_ref (service);
  self->owner = g_dbus_proxy_get_name_owner (G_DBUS_PROXY (service));
  g_task_return_pointer (task, g_steal_pointer (&service), g_object_unref);
}

static void
bus_connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GDBusConnection) bus = NULL;
  g_autoptr (GError) error = NULL;

  bus = g_bus_get_finish (result, &error);
  if (bus == NULL)
    g_task_return_new_error (task, SC_ERROR, SC_ERROR_STORE_UNAVAILABLE,
                             "keyring: no session bus: %s", error->message);
  else
    secret_service_open (SECRET_TYPE_SERVICE, NULL, SECRET_SERVICE_OPEN_SESSION,
                         g_task_get_cancellable (task), service_opened_cb, g_object_ref (task));
}

/* The session belongs to one process behind the name: a restarted keyring does not know it. */
static gboolean
is_open (ScSecretSession *self)
{
  g_autofree char *owner = NULL;

  if (self->service == NULL)
    return FALSE;
  owner = g_dbus_proxy_get_name_owner (G_DBUS_PROXY (self->service));
  return owner != NULL && g_strcmp0 (owner, self->owner) == 0;
}

void
sc_secret_session_open_async (ScSecretSession *self,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (self != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, sc_secret_session_open_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, self, NULL);
  if (is_open (self))
    g_task_return_pointer (task, g_object_ref (self->service), g_object_unref);
  else
    /* Without the cancellable: the connection is shared by the process, and cancelling its first
     * user would make it unusable for all the others. */
    g_bus_get (G_BUS_TYPE_SESSION, NULL, bus_connected_cb, g_object_ref (task));
}

SecretService *
sc_secret_session_open_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, sc_secret_session_open_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
