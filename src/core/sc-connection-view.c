// SPDX-License-Identifier: MIT
// What a connection shows: phase, step, status, message, buttons. Computed from the state.

#define G_LOG_DOMAIN "sc-core"

#include "sc-connection.h"

#include "sc-connection-flags.h"

const char *
sc_connection_get_phase (const ScConnection *self)
{
  static const char *const phases[SC_N_STATES] = {
    [SC_STATE_PENDING] = "pending",     [SC_STATE_BROWSER_OPEN] = "connecting",
    [SC_STATE_RETURNED] = "connecting", [SC_STATE_CONNECTED] = "connected",
    [SC_STATE_FAILED] = "failed",
  };

  g_return_val_if_fail (self != NULL && (guint) self->state < SC_N_STATES, "failed");

  return phases[self->state];
}

const char *
sc_connection_get_step (const ScConnection *self)
{
  g_return_val_if_fail (self != NULL, "");

  if (self->state == SC_STATE_RETURNED)
    return "returned";
  if (self->state != SC_STATE_BROWSER_OPEN)
    return "";
  return self->confirming ? "confirm-practice" : "browser-open";
}

const char *
sc_connection_get_status (const ScConnection *self)
{
  g_return_val_if_fail (self != NULL, "unknown");

  /* That a browser is open is known, whatever was not known before. */
  if (self->unknown && self->state != SC_STATE_BROWSER_OPEN)
    return "unknown";
  return sc_connection_get_phase (self);
}

/* @state is SC_N_STATES for any; @error is read when @when has SC_FLAG_ERROR. */
typedef struct
{
  ScConnectionState state;
  ScConnectionFlags when;
  ScError error;
  const char *id;
} MessageRow;

/* The first row that fits counts: what goes on now, how Connect ended, then how it is. */
static const MessageRow messages[] = {
  { SC_STATE_BROWSER_OPEN, SC_FLAG_CONFIRMING, 0, "confirm-practice" },
  { SC_STATE_BROWSER_OPEN, 0, 0, "waiting-for-browser" },
  { SC_STATE_CONNECTED, SC_FLAG_UNDOING, 0, "disconnecting" },
  { SC_N_STATES, SC_FLAG_ERROR, SC_ERROR_CANCELLED, "authorization-cancelled" },
  { SC_N_STATES, SC_FLAG_ERROR, SC_ERROR_OAUTH_DENIED, "authorization-denied" },
  { SC_N_STATES, SC_FLAG_ERROR, SC_ERROR_OAUTH_TIMED_OUT, "authorization-timed-out" },
  { SC_N_STATES, SC_FLAG_ERROR, SC_ERROR_PRACTICE_DECLINED, "practice-declined" },
  { SC_N_STATES, SC_FLAG_UNKNOWN | SC_FLAG_OUTDATED, 0, "too-old" },
  { SC_N_STATES, SC_FLAG_UNKNOWN, 0, "value-unknown" },
  { SC_STATE_PENDING, 0, 0, "connect-first" },
  { SC_STATE_RETURNED, SC_FLAG_PREPARING, 0, "preparing" },
  { SC_STATE_RETURNED, 0, 0, "check-to-verify" },
  { SC_STATE_CONNECTED, SC_FLAG_ATTENTION, 0, "attention" },
  { SC_STATE_CONNECTED, 0, 0, "connected" },
  { SC_STATE_FAILED, SC_FLAG_WITHDRAWN | SC_FLAG_ERROR, SC_ERROR_STORE_ABSENT, "not-held" },
  { SC_STATE_FAILED, SC_FLAG_WITHDRAWN, 0, "withdrawn" },
};

static gboolean
message_fits (const MessageRow *row, const ScConnection *self, ScConnectionFlags flags)
{
  if (row->state != SC_N_STATES && row->state != self->state)
    return FALSE;
  if ((row->when & SC_FLAG_ERROR) && row->error != self->error)
    return FALSE;
  return sc_connection_has_flags (flags, row->when);
}

const char *
sc_connection_get_message (const ScConnection *self)
{
  ScConnectionFlags flags;

  g_return_val_if_fail (self != NULL, "failed");

  flags = sc_connection_get_flags (self);
  for (gsize i = 0; i < G_N_ELEMENTS (messages); i++)
    if (message_fits (&messages[i], self, flags))
      return messages[i].id;
  return "failed";
}

/* @shown when every flag of @needs is set and none of @unless, else hidden. */
typedef struct
{
  ScButtonState shown;
  ScConnectionFlags needs;
  ScConnectionFlags unless;
} ButtonCell;

/* Check and Reconnect of a connected practice are in the menu. A button that is not named is
 * hidden. */
static const ButtonCell buttons[SC_N_STATES][SC_N_BUTTONS] = {
  [SC_STATE_PENDING] = {
    [SC_BUTTON_CONNECT] = { SC_BUTTON_ENABLED },
    [SC_BUTTON_BACK] = { SC_BUTTON_ENABLED },
    [SC_BUTTON_CONTINUE] = { SC_BUTTON_DISABLED },
    [SC_BUTTON_SKIP] = { SC_BUTTON_ENABLED },
  },
  [SC_STATE_BROWSER_OPEN] = {
    [SC_BUTTON_BACK] = { SC_BUTTON_ENABLED },
    [SC_BUTTON_CONTINUE] = { SC_BUTTON_DISABLED },
    [SC_BUTTON_SKIP] = { SC_BUTTON_ENABLED },
    [SC_BUTTON_CANCEL] = { SC_BUTTON_ENABLED },
  },
  [SC_STATE_RETURNED] = {
    [SC_BUTTON_CONNECT] = { SC_BUTTON_ENABLED },
    [SC_BUTTON_CHECK] = { SC_BUTTON_ENABLED },
    [SC_BUTTON_DISCONNECT] = { SC_BUTTON_ENABLED },
    [SC_BUTTON_BACK] = { SC_BUTTON_ENABLED },
    [SC_BUTTON_CONTINUE] = { SC_BUTTON_DISABLED },
    [SC_BUTTON_SKIP] = { SC_BUTTON_ENABLED },
  },
  [SC_STATE_CONNECTED] = {
    [SC_BUTTON_RECONNECT] = { SC_BUTTON_ENABLED },
    [SC_BUTTON_DISCONNECT] = { SC_BUTTON_ENABLED, .unless = SC_FLAG_UNDOING },
    [SC_BUTTON_BACK] = { SC_BUTTON_ENABLED },
    [SC_BUTTON_CONTINUE] = { SC_BUTTON_ENABLED },
    [SC_BUTTON_UNDO] = { SC_BUTTON_ENABLED, .needs = SC_FLAG_UNDOING },
  },
  [SC_STATE_FAILED] = {
    [SC_BUTTON_CONNECT] = { SC_BUTTON_ENABLED },
    [SC_BUTTON_CHECK] = { SC_BUTTON_ENABLED, .needs = SC_FLAG_HELD },
    [SC_BUTTON_DISCONNECT] = { SC_BUTTON_ENABLED, .needs = SC_FLAG_HELD },
    [SC_BUTTON_BACK] = { SC_BUTTON_ENABLED },
    [SC_BUTTON_CONTINUE] = { SC_BUTTON_DISABLED },
    [SC_BUTTON_SKIP] = { SC_BUTTON_ENABLED },
  },
};

ScButtonState
sc_connection_get_button (const ScConnection *self, ScButton button)
{
  const ButtonCell *cell;
  ScConnectionFlags flags;

  g_return_val_if_fail (self != NULL && (guint) self->state < SC_N_STATES, SC_BUTTON_HIDDEN);
  g_return_val_if_fail ((guint) button < SC_N_BUTTONS, SC_BUTTON_HIDDEN);

  cell = &buttons[self->state][button];
  flags = sc_connection_get_flags (self);
  if (!sc_connection_has_flags (flags, cell->needs) || (flags & cell->unless) != 0)
    return SC_BUTTON_HIDDEN;
  return cell->shown;
}

const char *
sc_button_get_id (ScButton button)
{
  static const char *const ids[SC_N_BUTTONS] = {
    [SC_BUTTON_CONNECT] = "connect",     [SC_BUTTON_CHECK] = "check",
    [SC_BUTTON_RECONNECT] = "reconnect", [SC_BUTTON_DISCONNECT] = "disconnect",
    [SC_BUTTON_BACK] = "back",           [SC_BUTTON_CONTINUE] = "continue",
    [SC_BUTTON_SKIP] = "skip",           [SC_BUTTON_CANCEL] = "cancel",
    [SC_BUTTON_UNDO] = "undo",
  };

  g_return_val_if_fail ((guint) button < SC_N_BUTTONS, "");

  return ids[button];
}

const char *
sc_button_state_get_id (ScButtonState state)
{
  static const char *const ids[] = {
    [SC_BUTTON_HIDDEN] = "hidden",
    [SC_BUTTON_DISABLED] = "disabled",
    [SC_BUTTON_ENABLED] = "enabled",
  };

  g_return_val_if_fail ((guint) state < G_N_ELEMENTS (ids), "hidden");

  return ids[state];
}

static const char *const state_ids[SC_N_STATES] = {
  [SC_STATE_PENDING] = "pending",   [SC_STATE_BROWSER_OPEN] = "browser-open",
  [SC_STATE_RETURNED] = "returned", [SC_STATE_CONNECTED] = "connected",
  [SC_STATE_FAILED] = "failed",
};

const char *
sc_connection_state_get_id (ScConnectionState state)
{
  g_return_val_if_fail ((guint) state < SC_N_STATES, "");

  return state_ids[state];
}

ScConnectionState
sc_connection_state_from_id (const char *id)
{
  for (gsize i = 0; i < SC_N_STATES; i++)
    if (g_strcmp0 (id, state_ids[i]) == 0)
      return (ScConnectionState) i;
  return SC_STATE_PENDING;
}
