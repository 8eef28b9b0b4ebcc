// SPDX-License-Identifier: MIT
// Everything that is said on a bus, as a monitor of it hears it.

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _ScTestMonitor ScTestMonitor;

/** sc_test_monitor_start: @address: of the bus. Returns: (transfer full): a monitor that listens */
ScTestMonitor *sc_test_monitor_start (const char *address);
void sc_test_monitor_stop (ScTestMonitor *self);

/** sc_test_monitor_wait: until it has heard all that was said so far; @bus: another connection */
void sc_test_monitor_wait (ScTestMonitor *self, GDBusConnection *bus);

/** ScTestMonitorFunc: @message: its bytes on the wire */
typedef void (*ScTestMonitorFunc) (const guint8 *message, gsize length, gpointer user_data);

/** sc_test_monitor_foreach: calls @func for each message so far */
void sc_test_monitor_foreach (ScTestMonitor *self, ScTestMonitorFunc func, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScTestMonitor, sc_test_monitor_stop)

G_END_DECLS
