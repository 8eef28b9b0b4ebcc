// SPDX-License-Identifier: MIT
// The tray's menu on D-Bus: com.canonical.dbusmenu, version 3. Drawn by the desktop.

#pragma once

#include "sc-tray-view.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define SC_TYPE_TRAY_MENU (sc_tray_menu_get_type ())
G_DECLARE_FINAL_TYPE (ScTrayMenu, sc_tray_menu, SC, TRAY_MENU, GObject)

/** ScTrayMenu::chosen: the item with this id, which is enabled and visible, was clicked */

/**
 * sc_tray_menu_new:
 * @view: (transfer none): whose items it shows; stays valid until the next sc_tray_menu_set_view()
 */
ScTrayMenu *sc_tray_menu_new (const ScTrayView *view);

/** sc_tray_menu_export: on @bus at @path. Errors: those of g_dbus_connection_register_object() */
gboolean
sc_tray_menu_export (ScTrayMenu *self, GDBusConnection *bus, const char *path, GError **error);
/** sc_tray_menu_unexport: nothing when it was not exported */
void sc_tray_menu_unexport (ScTrayMenu *self);

/** sc_tray_menu_set_view: @changed: whether the desktop has to ask again */
void sc_tray_menu_set_view (ScTrayMenu *self, const ScTrayView *view, gboolean changed);

G_END_DECLS
