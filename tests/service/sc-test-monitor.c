// SPDX-License-Identifier: MIT
// Everything that is said on a bus, as a monitor of it hears it.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-monitor.h"

#include "sc-test-wait.h"

#define FLAGS \
  (G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION)
#define MARK "ca.parlae.SikkaCompanion.Test.Mark"

struct _ScTestMonitor
{
  GDBusConnection *connection;
  guint filter;
  GMutex mutex;
  GPtrArray *messages; /* (element-type GBytes), guarded by @mutex */
  guint marks;         /* heard, guarded by @mutex */
  guint marks_sent;
};

/* In GDBus's own thread. Nothing goes on to the connection, which would answer what is not meant
 * for it. */
static GDBusMessage *
heard_cb (GDBusConnection *connection, GDBusMessage *message, gboolean incoming, gpointer user_data)
{
  ScTestMonitor *self = user_data;
  gsize length;
  guint8 *blob;

  if (!incoming)
    return message;
  blob = g_dbus_message_to_blob (message, &length, G_DBUS_CAPABILITY_FLAGS_UNIX_FD_PASSING, NULL);
  g_mutex_lock (&self->mutex);
  g_ptr_array_add (self->messages, g_bytes_new_take (blob, length));
  if (g_strcmp0 (g_dbus_message_get_interface (message), MARK) == 0)
    self->marks++;
  g_mutex_unlock (&self->mutex);
  g_object_unref (message);
  g_main_context_wakeup (NULL);
  return NULL;
}

ScTestMonitor *
sc_test_monitor_start (const char *address)
{
  ScTestMonitor *self = g_new0 (ScTestMonitor, 1);
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;

  g_mutex_init (&self->mutex);
  self->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->connection = g_dbus_connection_new_for_address_sync (address, FLAGS, NULL, NULL, &error);
  g_assert_no_error (error);
  answer = g_dbus_connection_call_sync (self->connection, "org.freedesktop.DBus",
                                        "/org/freedesktop/DBus", "org.freedesktop.DBus.Monitoring",
                                        "BecomeMonitor", g_variant_new ("(asu)", NULL, 0), NULL,
                                        G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
  self->filter = g_dbus_connection_add_filter (self->connection, heard_cb, self, NULL);
  return self;
}

void
sc_test_monitor_stop (ScTestMonitor *self)
{
  g_dbus_connection_close_sync (self->connection, NULL, NULL);
  g_dbus_connection_remove_filter (self->connection, self->filter);
  g_object_unref (self->connection);
  g_ptr_array_unref (self->messages);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

static gboolean
has_marks (gpointer user_data)
{
  ScTestMonitor *self = user_data;
  gboolean result;

  g_mutex_lock (&self->mutex);
  result = self->marks == self->marks_sent;
  g_mutex_unlock (&self->mutex);
  return result;
}

void
sc_test_monitor_wait (ScTestMonitor *self, GDBusConnection *bus)
{
  g_autoptr (GError) error = NULL;

  self->marks_sent++;
  g_dbus_connection_emit_signal (bus, NULL, "/", MARK, "Mark", NULL, &error);
  g_assert_no_error (error);
  sc_test_wait_until (has_marks, self);
}

void
sc_test_monitor_foreach (ScTestMonitor *self, ScTestMonitorFunc func, gpointer user_data)
{
  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->messages->len; i++)
    {
      gsize length;
      const guint8 *message = g_bytes_get_data (g_ptr_array_index (self->messages, i), &length);

      func (message, length, user_data);
    }
  g_mutex_unlock (&self->mutex);
}
