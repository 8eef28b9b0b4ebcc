// SPDX-License-Identifier: MIT
// Tells a person what needs one: a single notification, replaced by the next, withdrawn when it is
// solved. Never what the person has just brought about and sees anyway.

#pragma once

#include "sc-controller.h"

G_BEGIN_DECLS

/** SC_NOTIFIER_OPEN: the application's action that opens the window */
#define SC_NOTIFIER_OPEN "open"

#define SC_TYPE_NOTIFIER (sc_notifier_get_type ())
G_DECLARE_FINAL_TYPE (ScNotifier, sc_notifier, SC, NOTIFIER, GObject)

/**
 * sc_notifier_new:
 * @controller: not started yet: how it is at its start is no news
 * @application: (not nullable): sends the notification; outlives the notifier
 */
ScNotifier *sc_notifier_new (ScController *controller, GApplication *application);

/** sc_notifier_tell_connect_failed: Connect was chosen where there is no place for an answer */
void sc_notifier_tell_connect_failed (ScNotifier *self);

G_END_DECLS
