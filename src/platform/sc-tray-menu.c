// SPDX-License-Identifier: MIT
// The tray's menu on D-Bus: com.canonical.dbusmenu, version 3.

#define G_LOG_DOMAIN "sc-platform"

#include "sc-tray-menu.h"

#include "config.h"

#include <glib/gi18n.h>

#define INTERFACE "com.canonical.dbusmenu"
#define ROOT 0

struct _ScTrayMenu
{
  GObject parent_instance;

  const ScTrayView *view; /* the tray's */
  GDBusConnection *bus;
  char *path;
  guint registration;
  guint revision;
};

G_DEFINE_FINAL_TYPE (ScTrayMenu, sc_tray_menu, G_TYPE_OBJECT)

enum
{
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char introspection[] =
  "<node><interface name='" INTERFACE "'>"
  "<property name='Version' type='u' access='read'/>"
  "<property name='TextDirection' type='s' access='read'/>"
  "<property name='Status' type='s' access='read'/>"
  "<property name='IconThemePath' type='as' access='read'/>"
  "<method name='GetLayout'><arg type='i' direction='in'/><arg type='i' direction='in'/>"
  "<arg type='as' direction='in'/><arg type='u' direction='out'/>"
  "<arg type='(ia{sv}av)' direction='out'/></method>"
  "<method name='GetGroupProperties'><arg type='ai' direction='in'/>"
  "<arg type='as' direction='in'/><arg type='a(ia{sv})' direction='out'/></method>"
  "<method name='GetProperty'><arg type='i' direction='in'/><arg type='s' direction='in'/>"
  "<arg type='v' direction='out'/></method>"
  "<method name='Event'><arg type='i' direction='in'/><arg type='s' direction='in'/>"
  "<arg type='v' direction='in'/><arg type='u' direction='in'/></method>"
  "<method name='EventGroup'><arg type='a(isvu)' direction='in'/>"
  "<arg type='ai' direction='out'/></method>"
  "<method name='AboutToShow'><arg type='i' direction='in'/><arg type='b' direction='out'/>"
  "</method>"
  "<method name='AboutToShowGroup'><arg type='ai' direction='in'/>"
  "<arg type='ai' direction='out'/><arg type='ai' direction='out'/></method>"
  "<signal name='ItemsPropertiesUpdated'><arg type='a(ia{sv})'/><arg type='a(ias)'/></signal>"
  "<signal name='LayoutUpdated'><arg type='u'/><arg type='i'/></signal>"
  "<signal name='ItemActivationRequested'><arg type='i'/><arg type='u'/></signal>"
  "</interface></node>";

/* ---- items as properties ---- */

static gboolean
is_known (ScTrayMenu *self, int id)
{
  return id == ROOT || sc_tray_view_find_item (self->view, id) != NULL;
}

/* An underscore marks the key of the next letter; two are one that is shown. Labels hold names of
 * practices, so none of ours is a mark. */
static char *
escape_label (const char *label)
{
  g_autoptr (GString) escaped = g_string_new (label);

  g_string_replace (escaped, "_", "__", 0);
  return g_string_free (g_steal_pointer (&escaped), FALSE);
}

static gboolean
is_wanted (const char *const *names, const char *name)
{
  return *names == NULL || g_strv_contains (names, name);
}

static void
add_item (GVariantDict *properties, const ScTrayItem *item)
{
  g_autofree char *label = item->label != NULL ? escape_label (item->label) : NULL;

  if (label != NULL)
    g_variant_dict_insert (properties, "label", "s", label);
  else
    g_variant_dict_insert (properties, "type", "s", "separator");
  g_variant_dict_insert (properties, "enabled", "b", item->enabled);
  g_variant_dict_insert (properties, "visible", "b", item->visible);
}

/* @names: those that are asked for, all when there are none. Returns: (transfer floating) */
static GVariant *
build_properties (ScTrayMenu *self, int id, const char *const *names)
{
  static const char *const known[] = { "children-display", "enabled", "label", "type", "visible" };
  g_auto (GVariantDict) properties = G_VARIANT_DICT_INIT (NULL);

  if (id == ROOT)
    g_variant_dict_insert (&properties, "children-display", "s", "submenu");
  else
    add_item (&properties, sc_tray_view_find_item (self->view, id));
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (!is_wanted (names, known[i]))
      g_variant_dict_remove (&properties, known[i]);
  return g_variant_dict_end (&properties);
}

static GVariant *
build_layout (ScTrayMenu *self, int id, int depth, const char *const *names)
{
  GVariantBuilder children = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("av"));

  for (guint i = 0; id == ROOT && depth != 0 && i < self->view->items->len; i++)
    {
      const ScTrayItem *item = g_ptr_array_index (self->view->items, i);

      g_variant_builder_add (&children, "v", build_layout (self, item->id, 0, names));
    }
  return g_variant_new ("(i@a{sv}av)", id, build_properties (self, id, names), &children);
}

/* ---- methods; every id comes from outside ---- */

static void
return_unknown (GDBusMethodInvocation *invocation, int id)
{
  g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
                                         "there is no item %d", id);
}

static void
get_layout (ScTrayMenu *self, GVariant *arguments, GDBusMethodInvocation *invocation)
{
  g_autofree const char **names = NULL;
  int id = 0;
  int depth = 0;

  g_variant_get (arguments, "(ii^a&s)", &id, &depth, &names);
  if (!is_known (self, id))
    return_unknown (invocation, id);
  else if (depth < -1)
    g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
                                           "the depth is -1, 0 or more");
  else
    g_dbus_method_invocation_return_value (
      invocation,
      g_variant_new ("(u@(ia{sv}av))", self->revision, build_layout (self, id, depth, names)));
}

/* Ids that are not known are left out: the desktop asks about what it saw a moment ago. */
static void
get_group_properties (ScTrayMenu *self, GVariant *arguments, GDBusMethodInvocation *invocation)
{
  GVariantBuilder rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ia{sv})"));
  g_autoptr (GVariantIter) ids = NULL;
  g_autofree const char **names = NULL;
  gboolean all = FALSE;
  int id = 0;

  g_variant_get (arguments, "(ai^a&s)", &ids, &names);
  all = g_variant_iter_n_children (ids) == 0;
  while (g_variant_iter_next (ids, "i", &id))
    if (is_known (self, id))
      g_variant_builder_add (&rows, "(i@a{sv})", id, build_properties (self, id, names));
  for (guint i = 0; all && i < self->view->items->len; i++)
    {
      const ScTrayItem *item = g_ptr_array_index (self->view->items, i);

      g_variant_builder_add (&rows, "(i@a{sv})", item->id,
                             build_properties (self, item->id, names));
    }
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(a(ia{sv}))", &rows));
}

static void
get_item_property (ScTrayMenu *self, GVariant *arguments, GDBusMethodInvocation *invocation)
{
  g_autoptr (GVariant) properties = NULL;
  g_autoptr (GVariant) value = NULL;
  const char *name = NULL;
  int id = 0;

  g_variant_get (arguments, "(i&s)", &id, &name);
  if (!is_known (self, id))
    {
      return_unknown (invocation, id);
      return;
    }
  properties = g_variant_ref_sink (build_properties (self, id, (const char *[]){ NULL }));
  value = g_variant_lookup_value (properties, name, NULL);
  if (value == NULL)
    g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
                                           "the item has no such property");
  else
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(v)", value));
}

/* Returns: whether there is such an item. Other events ("opened", "hovered") need no answer. */
static gboolean
take_event (ScTrayMenu *self, int id, const char *event)
{
  const ScTrayItem *item = sc_tray_view_find_item (self->view, id);

  if (item == NULL)
    return id == ROOT;
  if (g_str_equal (event, "clicked") && item->enabled && item->visible)
    g_signal_emit (self, signals[CHOSEN], 0, id);
  return TRUE;
}

static void
handle_event (ScTrayMenu *self, GVariant *arguments, GDBusMethodInvocation *invocation)
{
  const char *event = NULL;
  int id = 0;

  g_variant_get (arguments, "(i&svu)", &id, &event, NULL, NULL);
  if (!is_known (self, id))
    {
      return_unknown (invocation, id);
      return;
    }
  g_dbus_method_invocation_return_value (invocation, NULL);
  take_event (self, id, event);
}

static void
handle_event_group (ScTrayMenu *self, GVariant *arguments, GDBusMethodInvocation *invocation)
{
  GVariantBuilder unknown = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("ai"));
  g_autoptr (GVariantIter) events = NULL;
  gboolean any = FALSE;
  const char *event = NULL;
  int id = 0;

  g_variant_get (arguments, "(a(isvu))", &events);
  any = g_variant_iter_n_children (events) == 0;
  while (g_variant_iter_next (events, "(i&svu)", &id, &event, NULL, NULL))
    {
      if (take_event (self, id, event))
        any = TRUE;
      else
        g_variant_builder_add (&unknown, "i", id);
    }
  if (!any)
    {
      g_variant_builder_clear (&unknown);
      g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
                                             "none of the items is there");
      return;
    }
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(ai)", &unknown));
}

/* What is shown is always current. */
static void
handle_about_to_show (ScTrayMenu *self, GVariant *arguments, GDBusMethodInvocation *invocation)
{
  int id = 0;

  g_variant_get (arguments, "(i)", &id);
  if (is_known (self, id))
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(b)", FALSE));
  else
    return_unknown (invocation, id);
}

static void
handle_about_to_show_group (ScTrayMenu *self,
                            GVariant *arguments,
                            GDBusMethodInvocation *invocation)
{
  GVariantBuilder updates = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("ai"));
  GVariantBuilder unknown = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("ai"));
  g_autoptr (GVariantIter) ids = NULL;
  int id = 0;

  g_variant_get (arguments, "(ai)", &ids);
  while (g_variant_iter_next (ids, "i", &id))
    if (!is_known (self, id))
      g_variant_builder_add (&unknown, "i", id);
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(aiai)", &updates, &unknown));
}

static const struct
{
  const char *name;
  void (*handle) (ScTrayMenu *self, GVariant *arguments, GDBusMethodInvocation *invocation);
} methods[] = {
  { "AboutToShow", handle_about_to_show },
  { "AboutToShowGroup", handle_about_to_show_group },
  { "Event", handle_event },
  { "EventGroup", handle_event_group },
  { "GetGroupProperties", get_group_properties },
  { "GetLayout", get_layout },
  { "GetProperty", get_item_property },
};

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
  g_autoptr (ScTrayMenu) self = g_object_ref (user_data);

  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    if (g_str_equal (method, methods[i].name))
      {
        methods[i].handle (self, arguments, invocation);
        return;
      }
  g_assert_not_reached ();
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
  if (g_str_equal (property, "Version"))
    return g_variant_new_uint32 (3);
  if (g_str_equal (property, "TextDirection"))
    /* Translators: "default:RTL" where the language is written from right to left */
    return g_variant_new_string (g_str_equal (_ ("default:LTR"), "default:RTL") ? "rtl" : "ltr");
  if (g_str_equal (property, "Status"))
    return g_variant_new_string ("normal");
  return g_variant_new_strv (NULL, 0);
}

/* ---- the object ---- */

gboolean
sc_tray_menu_export (ScTrayMenu *self, GDBusConnection *bus, const char *path, GError **error)
{
  static const GDBusInterfaceVTable vtable = { method_called_cb, property_read_cb, NULL };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (introspection, NULL);

  g_return_val_if_fail (SC_IS_TRAY_MENU (self), FALSE);
  g_return_val_if_fail (self->registration == 0, FALSE);

  self->registration =
    g_dbus_connection_register_object (bus, path, node->interfaces[0], &vtable, self, NULL, error);
  if (self->registration == 0)
    return FALSE;
  self->bus = g_object_ref (bus);
  self->path = g_strdup (path);
  return TRUE;
}

void
sc_tray_menu_unexport (ScTrayMenu *self)
{
  g_return_if_fail (SC_IS_TRAY_MENU (self));

  if (self->registration != 0)
    g_dbus_connection_unregister_object (self->bus, self->registration);
  self->registration = 0;
  g_clear_object (&self->bus);
  g_clear_pointer (&self->path, g_free);
}

void
sc_tray_menu_set_view (ScTrayMenu *self, const ScTrayView *view, gboolean changed)
{
  g_return_if_fail (SC_IS_TRAY_MENU (self));
  g_return_if_fail (view != NULL);

  self->view = view;
  if (!changed)
    return;
  self->revision++;
  if (self->bus != NULL)
    g_dbus_connection_emit_signal (self->bus, NULL, self->path, INTERFACE, "LayoutUpdated",
                                   g_variant_new ("(ui)", self->revision, ROOT), NULL);
}

static void
sc_tray_menu_dispose (GObject *object)
{
  sc_tray_menu_unexport (SC_TRAY_MENU (object));
  G_OBJECT_CLASS (sc_tray_menu_parent_class)->dispose (object);
}

static void
sc_tray_menu_class_init (ScTrayMenuClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = sc_tray_menu_dispose;
  signals[CHOSEN] = g_signal_new ("chosen", SC_TYPE_TRAY_MENU, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
sc_tray_menu_init (ScTrayMenu *self)
{
  self->revision = 1;
}

ScTrayMenu *
sc_tray_menu_new (const ScTrayView *view)
{
  ScTrayMenu *self = NULL;

  g_return_val_if_fail (view != NULL, NULL);

  self = g_object_new (SC_TYPE_TRAY_MENU, NULL);
  self->view = view;
  return self;
}
