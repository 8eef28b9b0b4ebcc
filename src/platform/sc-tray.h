// SPDX-License-Identifier: MIT
// An icon in the notification area of the desktop, with a menu.

#pragma once

#include "sc-tray-view.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define SC_TYPE_TRAY (sc_tray_get_type ())
G_DECLARE_INTERFACE (ScTray, sc_tray, SC, TRAY, GObject)

/**
 * ScTray::activated: the icon was clicked
 * @token: (nullable): lets a window come to the front
 *
 * ScTray::item-chosen: an item that is enabled and visible was chosen
 * @id: the item's
 * @token: (nullable): as above
 *
 * ScTray::available-changed: sc_tray_is_available() answers something else now
 */

struct _ScTrayInterface
{
  GTypeInterface parent_interface;

  gboolean (*start) (ScTray *self, GError **error);
  void (*stop) (ScTray *self);
  void (*show) (ScTray *self, ScTrayView *view);
  gboolean (*is_available) (ScTray *self);
};

/**
 * sc_tray_new_system:
 * @bus: (nullable): the session's bus; not used where the desktop's tray is not on one
 *
 * Returns: (transfer full): the tray of this system, not started
 */
ScTray *sc_tray_new_system (GDBusConnection *bus);

/**
 * sc_tray_start:
 *
 * Puts the icon where the desktop shows it, now or as soon as there is such a place, and again
 * whenever that place comes back. Not to be called before the first sc_tray_show().
 *
 * Returns: %FALSE with %SC_ERROR_NOT_SUPPORTED when there can be none in this session
 */
gboolean sc_tray_start (ScTray *self, GError **error);
/** sc_tray_stop: the icon is gone; nothing is emitted any more */
void sc_tray_stop (ScTray *self);

/** sc_tray_show: @view: (transfer full): from now on; the desktop hears of what is different */
void sc_tray_show (ScTray *self, ScTrayView *view);

/** sc_tray_is_available: whether something draws the icon, so that a person can see it */
gboolean sc_tray_is_available (ScTray *self);

/* For implementations */

/** sc_tray_emit_activated: @token: (nullable) */
void sc_tray_emit_activated (ScTray *self, const char *token);
/** sc_tray_emit_item_chosen: @token: (nullable) */
void sc_tray_emit_item_chosen (ScTray *self, int id, const char *token);
void sc_tray_emit_available_changed (ScTray *self);

G_END_DECLS
