// SPDX-License-Identifier: MIT
// The controller on D-Bus: ca.parlae.SikkaCompanion.Agent1.

#pragma once

#include "sc-controller.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/** SC_BUS_SERVICE_PATH: where the interface is. */
#define SC_BUS_SERVICE_PATH "/ca/parlae/SikkaCompanion/Agent"
/** SC_BUS_SERVICE_API_VERSION: grows when the interface changes incompatibly. */
#define SC_BUS_SERVICE_API_VERSION 1

#define SC_TYPE_BUS_SERVICE (sc_bus_service_get_type ())
G_DECLARE_FINAL_TYPE (ScBusService, sc_bus_service, SC, BUS_SERVICE, GObject)

/** ScBusService::quit: somebody asked the agent to quit; the answer has been sent */

/** sc_bus_service_new: Returns: (transfer full): @controller on the bus, not exported yet */
ScBusService *sc_bus_service_new (ScController *controller);

/** sc_bus_service_export: Errors: those of g_dbus_interface_skeleton_export() */
gboolean sc_bus_service_export (ScBusService *self, GDBusConnection *connection, GError **error);

/** sc_bus_service_unexport: flushes what was to be told, and leaves the bus */
void sc_bus_service_unexport (ScBusService *self);

G_END_DECLS
