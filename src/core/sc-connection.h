// SPDX-License-Identifier: MIT
// The connection's state machine: a pure, table-driven function (state, event) → (state, effects).
// Everything that shows something (buttons, tray, report, D-Bus) is computed from here.

#pragma once

#include "sc-error.h"

G_BEGIN_DECLS

typedef enum
{
  SC_STATE_PENDING,
  SC_STATE_BROWSER_OPEN, /* connecting: a browser is open */
  SC_STATE_RETURNED,     /* connecting: authorized and stored, not verified yet */
  SC_STATE_CONNECTED,
  SC_STATE_FAILED,
  SC_N_STATES
} ScConnectionState;

typedef enum
{
  SC_EVENT_CONNECT, /* Connect clicked */
  SC_EVENT_PREFLIGHT_PASSED,
  SC_EVENT_PREFLIGHT_FAILED, /* with the error */
  SC_EVENT_GRANT_SAME,       /* code exchanged; same practice as before, or the first */
  SC_EVENT_GRANT_DIFFERENT,  /* code exchanged; another practice than before */
  SC_EVENT_PRACTICE_ACCEPTED,
  SC_EVENT_PRACTICE_DECLINED,
  SC_EVENT_STORED, /* the new credential is in the keyring (or held in memory) */
  SC_EVENT_DENIED,
  SC_EVENT_CANCELLED,
  SC_EVENT_TIMED_OUT,
  SC_EVENT_AUTHORIZATION_FAILED, /* opening, exchange or storing failed, with the error */
  SC_EVENT_CHECK_CONNECTED,
  SC_EVENT_CHECK_CONNECTING, /* the cloud's row is SETUP_REQUIRED */
  SC_EVENT_CHECK_FAILED,     /* with the error */
  SC_EVENT_CHECK_PENDING,    /* the cloud has no active row */
  SC_EVENT_CHECK_UNKNOWN,    /* a status value that is not known */
  SC_EVENT_GRANT_GONE,       /* the refresh token was refused: invalid_grant */
  SC_EVENT_TRANSPORT_ERROR,  /* nothing is known about the connection, with the error */
  SC_EVENT_DISCONNECT,       /* Disconnect this PC clicked */
  SC_EVENT_DISCONNECT_NOW,   /* the same without Undo */
  SC_EVENT_UNDO,
  SC_EVENT_UNDO_EXPIRED,
  SC_EVENT_PRACTICE_DISCONNECTED, /* the cloud has disconnected the whole practice */
  SC_EVENT_AGE_EXPIRED,           /* the last check is older than SC_STATUS_MAX_AGE */
  SC_N_EVENTS
} ScConnectionEvent;

/**
 * ScConnectionEffects: what the controller has to do after a transition, in this order.
 */
typedef enum
{
  SC_EFFECT_NONE = 0,
  SC_EFFECT_CLOSE_BROWSER = 1 << 0, /* end the transaction: listener closed, codes forgotten */
  SC_EFFECT_REVOKE_NEW = 1 << 1,    /* revoke the grant that was not stored */
  SC_EFFECT_REPORT = 1 << 2,        /* queue a report; goes before a revocation */
  SC_EFFECT_RETIRE_GRANT =
    1 << 3, /* move the held credential to pending-revocation and revoke it */
  SC_EFFECT_PREFLIGHT = 1 << 4,
  SC_EFFECT_OPEN_BROWSER = 1 << 5, /* new transaction */
  SC_EFFECT_REOPEN_BROWSER =
    1 << 6, /* same transaction's page; a new one when older than a minute */
  SC_EFFECT_ASK_PRACTICE = 1 << 7,
  SC_EFFECT_STORE_GRANT = 1 << 8, /* then STORED or AUTHORIZATION_FAILED; the replaced grant, if
                                     any, is retired by the storing itself */
  SC_EFFECT_SYNC = 1 << 9,        /* read dataSync once */
  SC_EFFECT_SETUP = 1 << 10,      /* call setup once, then CHECK_* by its answer */
  SC_EFFECT_START_UNDO = 1 << 11,
  SC_EFFECT_STOP_UNDO = 1 << 12,
  SC_EFFECT_ARM_AGE = 1 << 13, /* start the one-shot of SC_STATUS_MAX_AGE */
} ScConnectionEffects;

/** SC_STATUS_MAX_AGE: seconds of real time, sleep counted, after which connected reads unknown. */
#define SC_STATUS_MAX_AGE (26 * 60 * 60)

/**
 * ScConnection:
 * @state: where it is
 * @before: while a browser is open: the state to fall back to
 * @has_credential: a grant of this PC is held, in the keyring or in memory
 * @confirming: another practice waits for the person's answer (state is browser open)
 * @undoing: Disconnect waits for Undo (state is connected)
 * @setup_tried: setup was called for the present check
 * @preparing: the last check found that Sikka still prepares the data (state is returned)
 * @attention: connected, but a light needs someone
 * @unknown: the status is too old, or a value was not known
 * @outdated: it is the age that made it unknown
 * @withdrawn: the permission was withdrawn
 * @has_error: @error says what went wrong last
 * @error: see @has_error
 *
 * A value; zero-initialised it is pending with nothing held.
 */
typedef struct
{
  ScConnectionState state;
  ScConnectionState before;
  gboolean has_credential;
  gboolean confirming;
  gboolean undoing;
  gboolean setup_tried;
  gboolean preparing;
  gboolean attention;
  gboolean unknown;
  gboolean outdated;
  gboolean withdrawn;
  gboolean has_error;
  ScError error;
} ScConnection;

/**
 * sc_connection_apply:
 * @self: the connection, changed in place
 * @event: what happened
 * @error: the error that came with it; ignored for events that carry none
 *
 * The table (src/README.md shows it to people). "–" cells leave @self as it is and return
 * %SC_EFFECT_NONE. In short:
 *
 * - CONNECT: browser open → REOPEN_BROWSER; elsewhere PREFLIGHT, state kept (ends an Undo wait as
 *   UNDO). PREFLIGHT_PASSED → browser open (before = the old state), OPEN_BROWSER, error cleared.
 *   PREFLIGHT_FAILED → state kept, error set.
 * - In browser open: GRANT_SAME → STORE_GRANT; GRANT_DIFFERENT → confirming, ASK_PRACTICE;
 *   PRACTICE_ACCEPTED (confirming only) → STORE_GRANT; PRACTICE_DECLINED (confirming only) →
 *   REVOKE_NEW, CLOSE_BROWSER, the state before, error PRACTICE_DECLINED; STORED → returned,
 *   has_credential, CLOSE_BROWSER, REPORT, SYNC; DENIED, CANCELLED, TIMED_OUT → CLOSE_BROWSER, the
 *   state before with error OAUTH_DENIED, CANCELLED, OAUTH_TIMED_OUT, from pending: failed, REPORT;
 * a confirming CANCELLED also REVOKE_NEW; AUTHORIZATION_FAILED → CLOSE_BROWSER, REPORT, error;
 *   failed when no credential was held, else the state before (the previous connection stays).
 * - In returned, connected, failed: CHECK_CONNECTED → connected, REPORT, ARM_AGE, flags cleared;
 *   CHECK_CONNECTING → returned: SETUP the first time, else stays with REPORT; connected:
 *   attention, REPORT; failed → returned, REPORT; CHECK_FAILED → failed, REPORT; CHECK_PENDING,
 *   GRANT_GONE → failed, withdrawn, REPORT, RETIRE_GRANT, has_credential FALSE; CHECK_UNKNOWN →
 *   state kept, unknown, REPORT; TRANSPORT_ERROR → all kept but the error, REPORT.
 *   Checks answer nothing in pending and browser open; a check that began before the browser opened
 *   and ends after is ignored.
 * - DISCONNECT: browser open → pending, CLOSE_BROWSER (and RETIRE_GRANT, REPORT when one is held,
 *   REVOKE_NEW when confirming); returned, failed → pending, REPORT, and RETIRE_GRANT when one is
 *   held; connected → undoing, START_UNDO. DISCONNECT_NOW: as the others in connected too.
 *   UNDO → undoing FALSE, STOP_UNDO. UNDO_EXPIRED → pending, REPORT, RETIRE_GRANT.
 *   While undoing, checks that answer are applied and end the Undo wait only when they leave
 *   connected.
 * - PRACTICE_DISCONNECTED: not pending → pending, REPORT, RETIRE_GRANT (CLOSE_BROWSER when one is
 *   open).
 * - AGE_EXPIRED: connected → unknown, also while a browser is open over it.
 * - RETIRE_GRANT comes only when a credential is held, REVOKE_NEW with whatever leaves browser open
 *   while confirming, STOP_UNDO with whatever ends an Undo wait but UNDO_EXPIRED. CHECK_PENDING and
 *   GRANT_GONE leave error OAUTH_GRANT, CHECK_UNKNOWN leaves CLOUD_ANSWER. A check that was
 * answered was asked with a credential: CHECK_CONNECTED, _CONNECTING, _FAILED and _UNKNOWN set
 * has_credential.
 *
 * Returns: what to do
 */
ScConnectionEffects
sc_connection_apply (ScConnection *self, ScConnectionEvent event, ScError error);

/**
 * sc_connection_restore:
 * @state: as it was recorded; browser open counts as the state before it
 * @has_credential: a credential was found
 *
 * Where to begin after a start: a credential without a recorded connection is returned (the
 * program was killed between saving and recording), a recorded connection without a credential is
 * failed, withdrawn, with error STORE_ABSENT. A recorded failure begins with error FAILED, for the
 * caller to fill in what was recorded.
 */
ScConnection sc_connection_restore (ScConnectionState state, gboolean has_credential);

/** sc_connection_get_phase: Returns: (transfer none): "pending", "connecting", "connected",
 *  "failed" */
const char *sc_connection_get_phase (const ScConnection *self);
/** sc_connection_get_step: Returns: (transfer none): "", "browser-open", "confirm-practice",
 *  "returned" */
const char *sc_connection_get_step (const ScConnection *self);
/** sc_connection_get_status: Returns: (transfer none): the phase, or "unknown" where it would
 *  mislead: connected and unknown, or any state with a value that is not known */
const char *sc_connection_get_status (const ScConnection *self);

/**
 * sc_connection_get_message:
 *
 * Returns: (transfer none): the id of what to say: "connect-first", "waiting-for-browser",
 *   "confirm-practice", "check-to-verify", "preparing" (Sikka still prepares the data, up to 4
 *   hours), "connected", "attention", "disconnecting", "too-old", "value-unknown", "withdrawn",
 *   "not-held" (the keyring lost it, or it was in memory only),
 *   "failed", "authorization-cancelled", "authorization-denied", "authorization-timed-out",
 *   "practice-declined"
 */
const char *sc_connection_get_message (const ScConnection *self);

typedef enum
{
  SC_BUTTON_CONNECT,
  SC_BUTTON_CHECK,
  SC_BUTTON_RECONNECT,
  SC_BUTTON_DISCONNECT,
  SC_BUTTON_BACK,
  SC_BUTTON_CONTINUE,
  SC_BUTTON_SKIP,
  SC_BUTTON_CANCEL,
  SC_BUTTON_UNDO,
  SC_N_BUTTONS
} ScButton;

typedef enum
{
  SC_BUTTON_HIDDEN,
  SC_BUTTON_DISABLED,
  SC_BUTTON_ENABLED
} ScButtonState;

/** sc_connection_get_button: the button table of the Connect and Check pages */
ScButtonState sc_connection_get_button (const ScConnection *self, ScButton button);
/** sc_button_get_id: Returns: (transfer none): "connect", "check", … */
const char *sc_button_get_id (ScButton button);
/** sc_button_state_get_id: Returns: (transfer none): "hidden", "disabled", "enabled" */
const char *sc_button_state_get_id (ScButtonState state);
/** sc_connection_state_get_id: Returns: (transfer none): "pending", "browser-open", "returned", …
 *  */
const char *sc_connection_state_get_id (ScConnectionState state);
/** sc_connection_state_from_id: %SC_STATE_PENDING for one that is not known */
ScConnectionState sc_connection_state_from_id (const char *id);

G_END_DECLS
