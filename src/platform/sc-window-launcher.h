// SPDX-License-Identifier: MIT
// The window program, as others see it: whether it is installed, and asking it to the front.

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SC_TYPE_WINDOW_LAUNCHER (sc_window_launcher_get_type ())
G_DECLARE_FINAL_TYPE (ScWindowLauncher, sc_window_launcher, SC, WINDOW_LAUNCHER, GObject)

/** ScWindowLauncher::changed: sc_window_launcher_is_there() answers something else now */

/**
 * sc_window_launcher_new:
 * @bus: (nullable): the session's bus; not used where programs are not started over one
 *
 * Looks for the window program. What it finds comes as ScWindowLauncher::changed.
 */
ScWindowLauncher *sc_window_launcher_new (GDBusConnection *bus);

/** sc_window_launcher_is_there: whether it runs or can be started; %FALSE until it was found */
gboolean sc_window_launcher_is_there (ScWindowLauncher *self);

/**
 * sc_window_launcher_open:
 * @token: (nullable): an activation token
 *
 * Starts it, or brings it to the front. Nothing waits for it; that it could not be is logged.
 */
void sc_window_launcher_open (ScWindowLauncher *self, const char *token);

G_END_DECLS
