// SPDX-License-Identifier: MIT
// The tray and the controller: what the tray shows is the controller's state, what it is told the
// controller does. It keeps no state of its own and has no timer.

#pragma once

#include "sc-controller.h"
#include "sc-tray.h"
#include "sc-window-launcher.h"

G_BEGIN_DECLS

#define SC_TYPE_TRAY_PRESENTER (sc_tray_presenter_get_type ())
G_DECLARE_FINAL_TYPE (ScTrayPresenter, sc_tray_presenter, SC, TRAY_PRESENTER, GObject)

/**
 * ScTrayPresenter::connect-failed: Connect was chosen and did not begin, and there is no window to
 * show why
 * ScTrayPresenter::quit: Quit was chosen
 */

/**
 * sc_tray_presenter_new:
 *
 * Starts @tray, showing @controller. That there can be no tray is logged and changes nothing else.
 */
ScTrayPresenter *
sc_tray_presenter_new (ScController *controller, ScTray *tray, ScWindowLauncher *window);

G_END_DECLS
