// SPDX-License-Identifier: MIT
// The tray on Linux: org.kde.StatusNotifierItem on the session's bus, registered with whoever is
// the watcher. The connection's unique name is the item's: a well-known one could not be had in a
// sandbox.

#define G_LOG_DOMAIN "sc-platform"

#include "sc-tray.h"

#include "config.h"
#include "sc-error.h"
#include "sc-tray-menu.h"

#include <glib/gi18n.h>

#define ITEM_INTERFACE "org.kde.StatusNotifierItem"
#define ITEM_PATH "/StatusNotifierItem"
#define MENU_PATH ITEM_PATH "/Menu"
#define WATCHER "org.kde.StatusNotifierWatcher"
#define WATCHER_PATH "/StatusNotifierWatcher"
#define HOST_PROPERTY "IsStatusNotifierHostRegistered"
/* Characters of an activation token; real ones have some dozens. */
#define MAX_TOKEN 255

#define SC_TYPE_TRAY_SNI (sc_tray_sni_get_type ())
G_DECLARE_FINAL_TYPE (ScTraySni, sc_tray_sni, SC, TRAY_SNI, GObject)

struct _ScTraySni
{
  GObject parent_instance;

  GDBusConnection *bus; /* (nullable) */
  ScTrayView *view;
  ScTrayMenu *menu;
  char *token; /* (nullable): came before the click that it belongs to */

  guint registration;
  guint watch;
  guint host_signals;
  char *watcher;             /* (nullable): its unique name while there is one */
  GCancellable *cancellable; /* of what this watcher was asked */
  gboolean available;
};

static void sc_tray_sni_iface_init (ScTrayInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ScTraySni,
                               sc_tray_sni,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SC_TYPE_TRAY, sc_tray_sni_iface_init))

static const char introspection[] =
  "<node><interface name='" ITEM_INTERFACE "'>"
  "<property name='Category' type='s' access='read'/>"
  "<property name='Id' type='s' access='read'/>"
  "<property name='Title' type='s' access='read'/>"
  "<property name='Status' type='s' access='read'/>"
  "<property name='WindowId' type='i' access='read'/>"
  "<property name='IconName' type='s' access='read'/>"
  "<property name='IconThemePath' type='s' access='read'/>"
  "<property name='IconPixmap' type='a(iiay)' access='read'/>"
  "<property name='OverlayIconName' type='s' access='read'/>"
  "<property name='OverlayIconPixmap' type='a(iiay)' access='read'/>"
  "<property name='AttentionIconName' type='s' access='read'/>"
  "<property name='AttentionIconPixmap' type='a(iiay)' access='read'/>"
  "<property name='AttentionMovieName' type='s' access='read'/>"
  "<property name='ToolTip' type='(sa(iiay)ss)' access='read'/>"
  "<property name='ItemIsMenu' type='b' access='read'/>"
  "<property name='Menu' type='o' access='read'/>"
  "<method name='Activate'><arg type='i' direction='in'/><arg type='i' direction='in'/></method>"
  "<method name='SecondaryActivate'><arg type='i' direction='in'/>"
  "<arg type='i' direction='in'/></method>"
  "<method name='ContextMenu'><arg type='i' direction='in'/><arg type='i' direction='in'/></method>"
  "<method name='Scroll'><arg type='i' direction='in'/><arg type='s' direction='in'/></method>"
  "<method name='ProvideXdgActivationToken'><arg type='s' direction='in'/></method>"
  "<signal name='NewTitle'/><signal name='NewIcon'/><signal name='NewAttentionIcon'/>"
  "<signal name='NewToolTip'/><signal name='NewStatus'><arg type='s'/></signal>"
  "</interface></node>";

/* ---- what the desktop reads ---- */

/* Panels that hide icons show those that need attention. */
static const char *
get_status (ScTrayShape shape)
{
  gboolean needs_someone = shape == SC_TRAY_SHAPE_ATTENTION || shape == SC_TRAY_SHAPE_FAILED;

  return needs_someone ? "NeedsAttention" : "Active";
}

static GVariant *
read_category (ScTraySni *self)
{
  return g_variant_new_string ("ApplicationStatus");
}

static GVariant *
read_id (ScTraySni *self)
{
  return g_variant_new_string (SC_APP_ID);
}

static GVariant *
read_title (ScTraySni *self)
{
  return g_variant_new_string (_ ("Sikka Companion"));
}

static GVariant *
read_status (ScTraySni *self)
{
  return g_variant_new_string (get_status (self->view->shape));
}

static GVariant *
read_window (ScTraySni *self)
{
  return g_variant_new_int32 (0);
}

static GVariant *
read_icon (ScTraySni *self)
{
  return g_variant_new_printf (SC_APP_ID "-%s-symbolic", sc_tray_shape_get_id (self->view->shape));
}

static GVariant *
read_no_text (ScTraySni *self)
{
  return g_variant_new_string ("");
}

static GVariant *
read_no_pixmap (ScTraySni *self)
{
  return g_variant_new_array (G_VARIANT_TYPE ("(iiay)"), NULL, 0);
}

/* Its second text may have markup, which a practice's name must not become: all is in the first. */
static GVariant *
read_tooltip (ScTraySni *self)
{
  return g_variant_new ("(s@a(iiay)ss)", "", read_no_pixmap (self), self->view->tooltip, "");
}

static GVariant *
read_is_menu (ScTraySni *self)
{
  return g_variant_new_boolean (FALSE);
}

static GVariant *
read_menu (ScTraySni *self)
{
  return g_variant_new_object_path (MENU_PATH);
}

static const struct
{
  const char *name;
  GVariant *(*read) (ScTraySni *self);
} properties[] = {
  { "AttentionIconName", read_icon },
  { "AttentionIconPixmap", read_no_pixmap },
  { "AttentionMovieName", read_no_text },
  { "Category", read_category },
  { "IconName", read_icon },
  { "IconPixmap", read_no_pixmap },
  { "IconThemePath", read_no_text },
  { "Id", read_id },
  { "ItemIsMenu", read_is_menu },
  { "Menu", read_menu },
  { "OverlayIconName", read_no_text },
  { "OverlayIconPixmap", read_no_pixmap },
  { "Status", read_status },
  { "Title", read_title },
  { "ToolTip", read_tooltip },
  { "WindowId", read_window },
};

static GVariant *
property_read_cb (GDBusConnection *bus,
                  const char *sender,
                  const char *path,
                  const char *interface,
                  const char *property,
                  GError **error,
                  gpointer user_data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (properties); i++)
    if (g_str_equal (property, properties[i].name))
      return properties[i].read (user_data);
  g_assert_not_reached ();
}

/* ---- what the desktop does ---- */

/* It becomes part of another program's environment. */
static gboolean
is_token (const char *text)
{
  gsize length = 0;

  while (length <= MAX_TOKEN && g_ascii_isgraph (text[length]))
    length++;
  return length > 0 && length <= MAX_TOKEN && text[length] == '\0';
}

static void
provide_token (ScTraySni *self, GVariant *arguments, GDBusMethodInvocation *invocation)
{
  const char *token = NULL;

  g_variant_get (arguments, "(&s)", &token);
  g_clear_pointer (&self->token, g_free);
  if (!is_token (token))
    {
      g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
                                             "this is no activation token");
      return;
    }
  self->token = g_strdup (token);
  g_dbus_method_invocation_return_value (invocation, NULL);
}

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
  g_autoptr (ScTraySni) self = g_object_ref (user_data);

  if (g_str_equal (method, "ProvideXdgActivationToken"))
    {
      provide_token (self, arguments, invocation);
      return;
    }
  /* The menu is drawn by the desktop, and there is nothing to scroll. */
  g_dbus_method_invocation_return_value (invocation, NULL);
  if (g_str_equal (method, "Activate") || g_str_equal (method, "SecondaryActivate"))
    {
      g_autofree char *token = g_steal_pointer (&self->token);

      sc_tray_emit_activated (SC_TRAY (self), token);
    }
}

static void
chosen_cb (ScTrayMenu *menu, int id, ScTraySni *self)
{
  g_autofree char *token = g_steal_pointer (&self->token);

  sc_tray_emit_item_chosen (SC_TRAY (self), id, token);
}

/* ---- the watcher ---- */

static void
set_available (ScTraySni *self, gboolean available)
{
  if (self->available == available)
    return;
  self->available = available;
  sc_tray_emit_available_changed (SC_TRAY (self));
}

static void
host_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ScTraySni) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (GVariant) value = NULL;

  if (answer == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_info ("the tray's watcher does not say whether it has a host: %s", error->message);
      return;
    }
  g_variant_get (answer, "(v)", &value);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    set_available (self, g_variant_get_boolean (value));
}

static void
ask_for_host (ScTraySni *self)
{
  g_dbus_connection_call (self->bus, self->watcher, WATCHER_PATH, "org.freedesktop.DBus.Properties",
                          "Get", g_variant_new ("(ss)", WATCHER, HOST_PROPERTY),
                          G_VARIANT_TYPE ("(v)"), G_DBUS_CALL_FLAGS_NO_AUTO_START, -1,
                          self->cancellable, host_read_cb, g_object_ref (self));
}

static void
registered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ScTraySni) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (answer != NULL)
    ask_for_host (self);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_info ("the tray's watcher does not take the icon: %s", error->message);
}

/* Only that a host is registered says that somebody draws the icon. */
static void
host_changed_cb (GDBusConnection *bus,
                 const char *sender,
                 const char *path,
                 const char *interface,
                 const char *signal,
                 GVariant *arguments,
                 gpointer user_data)
{
  ScTraySni *self = user_data;

  if (g_strcmp0 (sender, self->watcher) == 0 &&
      (g_str_equal (signal, "StatusNotifierHostRegistered") ||
       g_str_equal (signal, "StatusNotifierHostUnregistered")))
    ask_for_host (self);
}

static void
forget_watcher (ScTraySni *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->watcher, g_free);
}

static void
watcher_appeared_cb (GDBusConnection *bus, const char *name, const char *owner, gpointer user_data)
{
  ScTraySni *self = user_data;

  forget_watcher (self);
  self->watcher = g_strdup (owner);
  self->cancellable = g_cancellable_new ();
  g_dbus_connection_call (bus, owner, WATCHER_PATH, WATCHER, "RegisterStatusNotifierItem",
                          g_variant_new ("(s)", g_dbus_connection_get_unique_name (bus)), NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, self->cancellable, registered_cb,
                          g_object_ref (self));
}

static void
watcher_vanished_cb (GDBusConnection *bus, const char *name, gpointer user_data)
{
  ScTraySni *self = user_data;

  forget_watcher (self);
  set_available (self, FALSE);
}

/* ---- the tray ---- */

static gboolean export(ScTraySni *self, GError **error)
{
  static const GDBusInterfaceVTable vtable = { method_called_cb, property_read_cb, NULL };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (introspection, NULL);

  if (!sc_tray_menu_export (self->menu, self->bus, MENU_PATH, error))
    return FALSE;
  self->registration = g_dbus_connection_register_object (self->bus, ITEM_PATH, node->interfaces[0],
                                                          &vtable, self, NULL, error);
  return self->registration != 0;
}

static gboolean
sc_tray_sni_start (ScTray *tray, GError **error)
{
  ScTraySni *self = SC_TRAY_SNI (tray);
  g_autoptr (GError) cause = NULL;

  g_return_val_if_fail (self->view != NULL && self->watch == 0, FALSE);

  if (self->bus == NULL)
    {
      g_set_error (error, SC_ERROR, SC_ERROR_NOT_SUPPORTED, "there is no session bus for the tray");
      return FALSE;
    }
  if (!export(self, &cause))
    {
      sc_error_set_cause (error, SC_ERROR_NOT_SUPPORTED, "tray", cause);
      return FALSE;
    }
  self->host_signals =
    g_dbus_connection_signal_subscribe (self->bus, WATCHER, WATCHER, NULL, WATCHER_PATH, NULL,
                                        G_DBUS_SIGNAL_FLAGS_NONE, host_changed_cb, self, NULL);
  self->watch =
    g_bus_watch_name_on_connection (self->bus, WATCHER, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                    watcher_appeared_cb, watcher_vanished_cb, self, NULL);
  return TRUE;
}

static void
sc_tray_sni_stop (ScTray *tray)
{
  ScTraySni *self = SC_TRAY_SNI (tray);

  if (self->watch != 0)
    {
      g_bus_unwatch_name (self->watch);
      g_dbus_connection_signal_unsubscribe (self->bus, self->host_signals);
    }
  self->watch = 0;
  forget_watcher (self);
  if (self->registration != 0)
    g_dbus_connection_unregister_object (self->bus, self->registration);
  self->registration = 0;
  if (self->menu != NULL)
    sc_tray_menu_unexport (self->menu);
  self->available = FALSE;
}

static void
emit (ScTraySni *self, const char *signal, GVariant *arguments)
{
  g_dbus_connection_emit_signal (self->bus, NULL, ITEM_PATH, ITEM_INTERFACE, signal, arguments,
                                 NULL);
}

static void
tell_changes (ScTraySni *self, const ScTrayView *before)
{
  const char *status = get_status (self->view->shape);

  if (before->shape != self->view->shape)
    {
      emit (self, "NewIcon", NULL);
      emit (self, "NewAttentionIcon", NULL);
    }
  if (!g_str_equal (status, get_status (before->shape)))
    emit (self, "NewStatus", g_variant_new ("(s)", status));
  if (!g_str_equal (before->tooltip, self->view->tooltip))
    emit (self, "NewToolTip", NULL);
}

static void
sc_tray_sni_show (ScTray *tray, ScTrayView *view)
{
  ScTraySni *self = SC_TRAY_SNI (tray);
  g_autoptr (ScTrayView) before = g_steal_pointer (&self->view);

  self->view = view;
  if (before == NULL)
    {
      self->menu = sc_tray_menu_new (view);
      g_signal_connect (self->menu, "chosen", G_CALLBACK (chosen_cb), self);
      return;
    }
  sc_tray_menu_set_view (self->menu, view, !sc_tray_view_has_same_items (before, view));
  if (self->registration != 0)
    tell_changes (self, before);
}

static gboolean
sc_tray_sni_is_available (ScTray *tray)
{
  return SC_TRAY_SNI (tray)->available;
}

static void
sc_tray_sni_iface_init (ScTrayInterface *iface)
{
  iface->start = sc_tray_sni_start;
  iface->stop = sc_tray_sni_stop;
  iface->show = sc_tray_sni_show;
  iface->is_available = sc_tray_sni_is_available;
}

static void
sc_tray_sni_dispose (GObject *object)
{
  ScTraySni *self = SC_TRAY_SNI (object);

  sc_tray_sni_stop (SC_TRAY (self));
  if (self->menu != NULL)
    g_signal_handlers_disconnect_by_data (self->menu, self);
  g_clear_object (&self->menu);
  g_clear_object (&self->bus);
  G_OBJECT_CLASS (sc_tray_sni_parent_class)->dispose (object);
}

static void
sc_tray_sni_finalize (GObject *object)
{
  ScTraySni *self = SC_TRAY_SNI (object);

  g_clear_pointer (&self->view, sc_tray_view_free);
  g_free (self->token);
  G_OBJECT_CLASS (sc_tray_sni_parent_class)->finalize (object);
}

static void
sc_tray_sni_class_init (ScTraySniClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = sc_tray_sni_dispose;
  G_OBJECT_CLASS (klass)->finalize = sc_tray_sni_finalize;
}

static void
sc_tray_sni_init (ScTraySni *self)
{
}

ScTray *
sc_tray_new_system (GDBusConnection *bus)
{
  ScTraySni *self = g_object_new (SC_TYPE_TRAY_SNI, NULL);

  g_set_object (&self->bus, bus);
  return SC_TRAY (self);
}
