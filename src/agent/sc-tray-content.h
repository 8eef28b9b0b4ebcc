// SPDX-License-Identifier: MIT
// What the tray shows about a connection: shape, tooltip, menu. A pure function of the state.

#pragma once

#include "sc-connection.h"
#include "sc-practice.h"
#include "sc-tray-view.h"

G_BEGIN_DECLS

/** ScTrayCommand: ids of the menu's items */
typedef enum
{
  SC_TRAY_COMMAND_STATUS = 1, /* the status line, which does nothing */
  SC_TRAY_COMMAND_CHECK,
  SC_TRAY_COMMAND_OPEN,
  SC_TRAY_COMMAND_CONNECT, /* or Reconnect */
  SC_TRAY_COMMAND_QUIT,
} ScTrayCommand;

/**
 * ScTrayFacts: what there is to show.
 * @busy: as sc_controller_get_busy()
 * @practice: (nullable): of the connection
 * @last_checked: seconds since 1970, 0 when never
 * @has_window: whether the window program can be opened
 */
typedef struct
{
  const ScConnection *connection;
  const char *busy;
  const ScPractice *practice;
  gint64 last_checked;
  gboolean has_window;
} ScTrayFacts;

/**
 * sc_tray_content_create:
 *
 * Nothing in it gets wrong by waiting: the time of the last check is said with the day's name while
 * the status is fresh, which its age alarm ends, and with the date otherwise; never as "today".
 *
 * Returns: (transfer full): for sc_tray_show()
 */
ScTrayView *sc_tray_content_create (const ScTrayFacts *facts);

/** sc_tray_content_has_message: whether the message id of sc_connection_get_message() has words */
gboolean sc_tray_content_has_message (const char *id);

G_END_DECLS
