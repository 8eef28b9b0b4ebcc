// SPDX-License-Identifier: MIT
// Private to the libsecret store: a prompt of the Secret Service that need not be waited for.

#define G_LOG_DOMAIN "sc-platform"

#include "sc-secret-prompt.h"

#include "sc-error.h"

#define PROMPT_INTERFACE "org.freedesktop.Secret.Prompt"

typedef struct
{
  GDBusConnection *bus;
  guint completed;
  guint vanished;
  GSource *cancelled;
  gboolean ended;
} Prompt;

/* Whatever ends it comes first here, so that nothing ends it twice. */
static void
prompt_end (Prompt *self)
{
  self->ended = TRUE;
  if (self->completed != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->completed);
  self->completed = 0;
  g_clear_handle_id (&self->vanished, g_bus_unwatch_name);
  if (self->cancelled != NULL)
    g_source_destroy (self->cancelled);
  g_clear_pointer (&self->cancelled, g_source_unref);
}

static void
prompt_free (Prompt *self)
{
  g_object_unref (self->bus);
  g_free (self);
}

static void
completed_cb (GDBusConnection *bus,
              const char *sender,
              const char *path,
              const char *interface,
              const char *signal,
              GVariant *arguments,
              gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  gboolean dismissed = TRUE;

  prompt_end (g_task_get_task_data (task));
  if (g_variant_is_of_type (arguments, G_VARIANT_TYPE ("(bv)")))
    g_variant_get (arguments, "(bv)", &dismissed, NULL);
  if (dismissed)
    g_task_return_new_error (task, SC_ERROR, SC_ERROR_STORE_LOCKED,
                             "keyring: the prompt was dismissed or could not be shown");
  else
    g_task_return_boolean (task, TRUE);
}

static void
vanished_cb (GDBusConnection *bus, const char *name, gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);

  prompt_end (g_task_get_task_data (task));
  g_task_return_new_error (task, SC_ERROR, SC_ERROR_STORE_UNAVAILABLE,
                           "keyring: it went away during the prompt");
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);

  prompt_end (g_task_get_task_data (task));
  g_task_return_new_error (task, SC_ERROR, SC_ERROR_CANCELLED, "keyring: cancelled");
  return G_SOURCE_REMOVE;
}

static void
prompted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) cause = NULL;
  GError *error = NULL;
  Prompt *self = g_task_get_task_data (task);

  answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &cause);
  if (answer != NULL || self->ended)
    return;
  prompt_end (self);
  sc_error_set_cause (&error, SC_ERROR_STORE_FAILED, "keyring prompt", cause);
  g_task_return_error (task, error);
}

void
sc_secret_prompt_run_async (GDBusConnection *bus,
                            const char *owner,
                            const char *path,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Prompt *self = g_new0 (Prompt, 1);

  g_task_set_source_tag (task, sc_secret_prompt_run_async);
  g_task_set_check_cancellable (task, FALSE);
  self->bus = g_object_ref (bus);
  g_task_set_task_data (task, self, (GDestroyNotify) prompt_free);

  self->completed = g_dbus_connection_signal_subscribe (
    bus, owner, PROMPT_INTERFACE, "Completed", path, NULL, G_DBUS_SIGNAL_FLAGS_NONE, completed_cb,
    g_object_ref (task), g_object_unref);
  self->vanished =
    g_bus_watch_name_on_connection (bus, owner, G_BUS_NAME_WATCHER_FLAGS_NONE, NULL, vanished_cb,
                                    g_object_ref (task), g_object_unref);
  if (cancellable != NULL)
    {
      self->cancelled = g_cancellable_source_new (cancellable);
      g_task_attach_source (task, self->cancelled, G_SOURCE_FUNC (cancelled_cb));
    }
  /* The window that it should stay above is not known: the agent has none. */
  g_dbus_connection_call (bus, owner, path, PROMPT_INTERFACE, "Prompt", g_variant_new ("(s)", ""),
                          NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, G_MAXINT, NULL, prompted_cb,
                          g_object_ref (task));
}

gboolean
sc_secret_prompt_run_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, sc_secret_prompt_run_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
