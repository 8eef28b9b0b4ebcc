// SPDX-License-Identifier: MIT
// A panel for a test.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-watcher.h"

#include "sc-test-wait.h"

#define WATCHER "org.kde.StatusNotifierWatcher"
#define WATCHER_PATH "/StatusNotifierWatcher"
#define ITEM "org.kde.StatusNotifierItem"
#define ITEM_PATH "/StatusNotifierItem"
#define MENU "com.canonical.dbusmenu"
#define PROPERTIES "org.freedesktop.DBus.Properties"

struct _ScTestWatcher
{
  GDBusConnection *bus;
  guint registration;
  guint signals;
  guint name;
  gboolean owned;
  gboolean with_host;
  GPtrArray *items;    /* of char: as registered */
  GHashTable *emitted; /* names of signals */
};

static const char introspection[] =
  "<node><interface name='" WATCHER "'>"
  "<method name='RegisterStatusNotifierItem'><arg type='s' direction='in'/></method>"
  "<property name='IsStatusNotifierHostRegistered' type='b' access='read'/>"
  "<signal name='StatusNotifierHostRegistered'/><signal name='StatusNotifierHostUnregistered'/>"
  "</interface></node>";

static void
method_called_cb (GDBusConnection *bus,
                  const char *sender,
                  const char *path,
                  const char *interface,
                  const char *method,
                  GVariant *arguments,
                  GDBusMethodInvocation *invocation,
                  gpointer user_data)
{
  ScTestWatcher *self = user_data;
  const char *service = NULL;

  g_variant_get (arguments, "(&s)", &service);
  g_assert_cmpstr (service, ==, sender);
  g_ptr_array_add (self->items, g_strdup (service));
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static GVariant *
property_read_cb (GDBusConnection *bus,
                  const char *sender,
                  const char *path,
                  const char *interface,
                  const char *property,
                  GError **error,
                  gpointer user_data)
{
  ScTestWatcher *self = user_data;

  return g_variant_new_boolean (self->with_host);
}

static void
emitted_cb (GDBusConnection *bus,
            const char *sender,
            const char *path,
            const char *interface,
            const char *signal,
            GVariant *arguments,
            gpointer user_data)
{
  ScTestWatcher *self = user_data;

  if (g_str_equal (interface, ITEM) || g_str_equal (interface, MENU))
    g_hash_table_add (self->emitted, g_strdup (signal));
}

static void
name_owned_cb (GDBusConnection *bus, const char *name, gpointer user_data)
{
  ScTestWatcher *self = user_data;

  self->owned = TRUE;
}

static gboolean
is_owned (gpointer user_data)
{
  return ((ScTestWatcher *) user_data)->owned;
}

GDBusConnection *
sc_test_watcher_connect (ScTestDesktop *desktop)
{
  const char *address =
    g_environ_getenv (sc_test_desktop_get_environment (desktop), "DBUS_SESSION_BUS_ADDRESS");
  g_autoptr (GError) error = NULL;
  GDBusConnection *bus = g_dbus_connection_new_for_address_sync (
    address,
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
    NULL, NULL, &error);

  g_assert_no_error (error);
  return bus;
}

ScTestWatcher *
sc_test_watcher_start (ScTestDesktop *desktop, gboolean with_host)
{
  static const GDBusInterfaceVTable vtable = { method_called_cb, property_read_cb, NULL };
  ScTestWatcher *self = g_new0 (ScTestWatcher, 1);
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (introspection, NULL);
  g_autoptr (GError) error = NULL;

  self->items = g_ptr_array_new_with_free_func (g_free);
  self->emitted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->with_host = with_host;
  self->bus = sc_test_watcher_connect (desktop);
  self->registration = g_dbus_connection_register_object (
    self->bus, WATCHER_PATH, node->interfaces[0], &vtable, self, NULL, &error);
  g_assert_no_error (error);
  self->signals = g_dbus_connection_signal_subscribe (
    self->bus, NULL, NULL, NULL, NULL, NULL, G_DBUS_SIGNAL_FLAGS_NONE, emitted_cb, self, NULL);
  self->name = g_bus_own_name_on_connection (self->bus, WATCHER, G_BUS_NAME_OWNER_FLAGS_NONE,
                                             name_owned_cb, NULL, self, NULL);
  sc_test_wait_until (is_owned, self);
  return self;
}

void
sc_test_watcher_stop (ScTestWatcher *self)
{
  if (self == NULL)
    return;
  g_bus_unown_name (self->name);
  g_dbus_connection_signal_unsubscribe (self->bus, self->signals);
  g_dbus_connection_unregister_object (self->bus, self->registration);
  g_dbus_connection_close_sync (self->bus, NULL, NULL);
  g_object_unref (self->bus);
  g_ptr_array_unref (self->items);
  g_hash_table_unref (self->emitted);
  g_free (self);
}

void
sc_test_watcher_set_host (ScTestWatcher *self, gboolean with_host)
{
  self->with_host = with_host;
  g_dbus_connection_emit_signal (
    self->bus, NULL, WATCHER_PATH, WATCHER,
    with_host ? "StatusNotifierHostRegistered" : "StatusNotifierHostUnregistered", NULL, NULL);
}

static gboolean
has_item (gpointer user_data)
{
  return ((ScTestWatcher *) user_data)->items->len > 0;
}

const char *
sc_test_watcher_wait_item (ScTestWatcher *self)
{
  sc_test_wait_until (has_item, self);
  g_assert_cmpuint (self->items->len, ==, 1);
  return g_ptr_array_index (self->items, 0);
}

guint
sc_test_watcher_count_items (ScTestWatcher *self)
{
  return self->items->len;
}

static GVariant *
call (ScTestWatcher *self,
      const char *path,
      const char *interface,
      const char *method,
      GVariant *arguments,
      GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *place = NULL;

  g_dbus_connection_call (self->bus, sc_test_watcher_wait_item (self), path, interface, method,
                          arguments, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, sc_test_result_cb,
                          &place);
  result = sc_test_wait_result (&place);
  return g_dbus_connection_call_finish (self->bus, result, error);
}

/* A call and its answer come after every signal that was sent before. */
char *
sc_test_watcher_take_signals (ScTestWatcher *self)
{
  g_autoptr (GVariant) title = sc_test_watcher_read (self, "Title");
  g_autoptr (GList) names =
    g_list_sort (g_hash_table_get_keys (self->emitted), (GCompareFunc) g_strcmp0);
  g_autoptr (GString) text = g_string_new (NULL);

  for (GList *node = names; node != NULL; node = node->next)
    g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", (char *) node->data);
  g_hash_table_remove_all (self->emitted);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

GVariant *
sc_test_watcher_read (ScTestWatcher *self, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    call (self, ITEM_PATH, PROPERTIES, "Get", g_variant_new ("(ss)", ITEM, name), &error);
  GVariant *value = NULL;

  g_assert_no_error (error);
  g_variant_get (answer, "(v)", &value);
  return value;
}

GVariant *
sc_test_watcher_read_all (ScTestWatcher *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    call (self, ITEM_PATH, PROPERTIES, "GetAll", g_variant_new ("(s)", ITEM), &error);

  g_assert_no_error (error);
  return g_variant_get_child_value (answer, 0);
}

GVariant *
sc_test_watcher_call (ScTestWatcher *self, const char *method, GVariant *arguments, GError **error)
{
  return call (self, ITEM_PATH, ITEM, method, arguments, error);
}

GVariant *
sc_test_watcher_call_menu (ScTestWatcher *self,
                           const char *method,
                           GVariant *arguments,
                           GError **error)
{
  g_autoptr (GVariant) path = sc_test_watcher_read (self, "Menu");

  return call (self, g_variant_get_string (path, NULL), MENU, method, arguments, error);
}

static void
append_line (GString *text, GVariant *item)
{
  g_autoptr (GVariant) properties = g_variant_get_child_value (item, 1);
  const char *label = NULL;
  gboolean enabled = TRUE;
  gboolean visible = TRUE;
  int id = 0;

  g_variant_get_child (item, 0, "i", &id);
  g_variant_lookup (properties, "enabled", "b", &enabled);
  g_variant_lookup (properties, "visible", "b", &visible);
  if (visible && g_variant_lookup (properties, "label", "&s", &label))
    g_string_append_printf (text, enabled ? "%d %s\n" : "[%d %s]\n", id, label);
}

char *
sc_test_watcher_read_menu (ScTestWatcher *self)
{
  static const char *const every_name[] = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = sc_test_watcher_call_menu (
    self, "GetLayout", g_variant_new ("(ii^as)", 0, -1, every_name), &error);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GVariantIter) children = NULL;
  GVariant *child = NULL;

  g_assert_no_error (error);
  g_variant_get (answer, "(u(ia{sv}av))", NULL, NULL, NULL, &children);
  while (g_variant_iter_next (children, "v", &child))
    {
      append_line (text, child);
      g_variant_unref (child);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

void
sc_test_watcher_click (ScTestWatcher *self, int id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = sc_test_watcher_call_menu (
    self, "Event", g_variant_new ("(isvu)", id, "clicked", g_variant_new_int32 (0), 0), &error);

  g_assert_no_error (error);
}
