// SPDX-License-Identifier: MIT
// A panel for a test: org.kde.StatusNotifierWatcher on a connection of its own, and the calls that
// a host makes of an icon.

#pragma once

#include "sc-test-desktop.h"

G_BEGIN_DECLS

typedef struct _ScTestWatcher ScTestWatcher;

/** sc_test_watcher_connect: Returns: (transfer full): another connection to the session's bus */
GDBusConnection *sc_test_watcher_connect (ScTestDesktop *desktop);

/**
 * sc_test_watcher_start:
 * @with_host: whether it says that a host is registered
 *
 * Returns: (transfer full): a watcher that owns its name
 */
ScTestWatcher *sc_test_watcher_start (ScTestDesktop *desktop, gboolean with_host);
/** sc_test_watcher_stop: @self: (nullable) (transfer full): its connection ends */
void sc_test_watcher_stop (ScTestWatcher *self);

/** sc_test_watcher_set_host: a host comes or goes */
void sc_test_watcher_set_host (ScTestWatcher *self, gboolean with_host);
/** sc_test_watcher_wait_item: Returns: (transfer none): what the one icon registered as */
const char *sc_test_watcher_wait_item (ScTestWatcher *self);
/** sc_test_watcher_count_items: Returns: how often something was registered */
guint sc_test_watcher_count_items (ScTestWatcher *self);

/** sc_test_watcher_take_signals: Returns: (transfer full): names of the icon's and the menu's
 *  signals since the last time, each once, sorted, blanks between */
char *sc_test_watcher_take_signals (ScTestWatcher *self);

/** sc_test_watcher_read: Returns: (transfer full): property @name of the icon */
GVariant *sc_test_watcher_read (ScTestWatcher *self, const char *name);
/** sc_test_watcher_read_all: Returns: (transfer full): all of them, a{sv} */
GVariant *sc_test_watcher_read_all (ScTestWatcher *self);
/** sc_test_watcher_call: a method of the icon. Returns: (transfer full) (nullable) */
GVariant *
sc_test_watcher_call (ScTestWatcher *self, const char *method, GVariant *arguments, GError **error);
/** sc_test_watcher_call_menu: one of its menu. Returns: (transfer full) (nullable) */
GVariant *sc_test_watcher_call_menu (ScTestWatcher *self,
                                     const char *method,
                                     GVariant *arguments,
                                     GError **error);
/** sc_test_watcher_read_menu: Returns: (transfer full): visible lines from the top, "ID LABEL" and
 *  line ends, those that are disabled in brackets, separators left out */
char *sc_test_watcher_read_menu (ScTestWatcher *self);
/** sc_test_watcher_click: an item of the menu, which has to be known */
void sc_test_watcher_click (ScTestWatcher *self, int id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScTestWatcher, sc_test_watcher_stop)

G_END_DECLS
