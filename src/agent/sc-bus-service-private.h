// SPDX-License-Identifier: MIT
// What sc-bus-service.c (commands) and sc-bus-state.c (properties) share.

#pragma once

#include "sc-agent1.h"
#include "sc-bus-service.h"

G_BEGIN_DECLS

struct _ScBusService
{
  GObject parent_instance;

  ScController *controller;
  ScAgent1 *agent;
};

/** sc_bus_state_set_constants: the properties that stay while the agent runs */
void sc_bus_state_set_constants (ScBusService *self);
/** sc_bus_state_update: all others from the controller; GDBus tells the bus what has changed */
void sc_bus_state_update (ScBusService *self);
/** sc_bus_state_build_spu: Returns: (transfer floating): ProbeSpu's answer */
GVariant *sc_bus_state_build_spu (const ScSpuFindings *findings, gboolean elsewhere);

G_END_DECLS
