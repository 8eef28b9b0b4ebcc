// SPDX-License-Identifier: MIT
// Starting the agent when the person signs in.

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** sc_autostart_get: whether the agent starts at sign-in */
gboolean sc_autostart_get (void);
/**
 * sc_autostart_set:
 *
 * ~/.config/autostart, written atomically. Errors: %SC_ERROR_NOT_SUPPORTED (in a sandbox),
 * %SC_ERROR_FAILED.
 */
gboolean sc_autostart_set (gboolean enabled, GError **error);
/** sc_autostart_is_supported: whether sc_autostart_set() can work here at all */
gboolean sc_autostart_is_supported (void);

G_END_DECLS
