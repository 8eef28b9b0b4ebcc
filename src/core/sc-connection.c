// SPDX-License-Identifier: MIT
// The connection's state machine: a pure, table-driven function (state, event) → (state, effects).

#define G_LOG_DOMAIN "sc-core"

#include "sc-connection.h"

#include "sc-connection-flags.h"

static const gsize flag_offsets[] = {
  G_STRUCT_OFFSET (ScConnection, has_credential), G_STRUCT_OFFSET (ScConnection, confirming),
  G_STRUCT_OFFSET (ScConnection, undoing),        G_STRUCT_OFFSET (ScConnection, setup_tried),
  G_STRUCT_OFFSET (ScConnection, preparing),      G_STRUCT_OFFSET (ScConnection, attention),
  G_STRUCT_OFFSET (ScConnection, unknown),        G_STRUCT_OFFSET (ScConnection, outdated),
  G_STRUCT_OFFSET (ScConnection, withdrawn),      G_STRUCT_OFFSET (ScConnection, has_error),
};

G_STATIC_ASSERT (SC_FLAG_ALL == (1 << G_N_ELEMENTS (flag_offsets)) - 1);

typedef enum
{
  NEXT_KEEP,
  NEXT_BEFORE, /* the state that the browser was opened from */
  NEXT_PENDING,
  NEXT_BROWSER_OPEN,
  NEXT_RETURNED,
  NEXT_CONNECTED,
  NEXT_FAILED,
} Next;

/* Row.error: the error that came with the event. */
#define ERROR_GIVEN (-1)

/* What happens when all flags in @when are set: @clear goes before @set; @error is read when @set
 * has SC_FLAG_ERROR. A row of zeros does nothing. */
typedef struct
{
  ScConnectionFlags when;
  Next next;
  ScConnectionEffects effects;
  ScConnectionFlags clear;
  ScConnectionFlags set;
  int error;
} Row;

/* A cell of the table: the first row that fits counts. */
typedef struct
{
  Row rows[2];
} Cell;

/* Effects that have an object only under a condition, so that cells need not say it. */
static const struct
{
  ScConnectionEffects effect;
  ScConnectionFlags needs;
} conditions[] = {
  { SC_EFFECT_REVOKE_NEW, SC_FLAG_CONFIRMING },
  { SC_EFFECT_RETIRE_GRANT, SC_FLAG_HELD },
  { SC_EFFECT_STOP_UNDO, SC_FLAG_UNDOING },
};

/* Connect. */
static const Cell preflight = { {
  { .effects = SC_EFFECT_PREFLIGHT | SC_EFFECT_STOP_UNDO, .clear = SC_FLAG_UNDOING },
} };
static const Cell preflight_failed = { {
  { .set = SC_FLAG_ERROR, .error = ERROR_GIVEN },
} };
static const Cell open_browser = { {
  { .next = NEXT_BROWSER_OPEN,
    .effects = SC_EFFECT_OPEN_BROWSER | SC_EFFECT_STOP_UNDO,
    .clear = SC_FLAG_UNDOING | SC_FLAG_SETUP_TRIED | SC_FLAG_ERROR },
} };
static const Cell reopen_browser = { {
  { .effects = SC_EFFECT_REOPEN_BROWSER },
} };

/* While a browser is open. Whatever leaves it revokes a grant that still waits for the question
 * about its practice. */
#define LEAVE_BROWSER (SC_EFFECT_CLOSE_BROWSER | SC_EFFECT_REVOKE_NEW)

static const Cell store_grant = { {
  { .effects = SC_EFFECT_STORE_GRANT, .clear = SC_FLAG_CONFIRMING },
} };
static const Cell ask_practice = { {
  { .effects = SC_EFFECT_ASK_PRACTICE, .set = SC_FLAG_CONFIRMING },
} };
static const Cell practice_accepted = { {
  { .when = SC_FLAG_CONFIRMING, .effects = SC_EFFECT_STORE_GRANT, .clear = SC_FLAG_CONFIRMING },
} };
static const Cell practice_declined = { {
  { .when = SC_FLAG_CONFIRMING,
    .next = NEXT_BEFORE,
    .effects = LEAVE_BROWSER,
    .clear = SC_FLAG_CONFIRMING,
    .set = SC_FLAG_ERROR,
    .error = SC_ERROR_PRACTICE_DECLINED },
} };
static const Cell stored = { {
  { .next = NEXT_RETURNED,
    .effects = LEAVE_BROWSER | SC_EFFECT_REPORT | SC_EFFECT_SYNC,
    .clear = SC_FLAG_ALL,
    .set = SC_FLAG_HELD },
} };

#define GAVE_UP(error_code) \
  .effects = LEAVE_BROWSER, .clear = SC_FLAG_CONFIRMING, .set = SC_FLAG_ERROR, .error = error_code
/* From pending it is a change of state, which the cloud hears of once there is a token. */
#define GAVE_UP_CHANGED(error_code)                                                               \
  .effects = LEAVE_BROWSER | SC_EFFECT_REPORT, .clear = SC_FLAG_CONFIRMING, .set = SC_FLAG_ERROR, \
  .error = error_code

static const Cell denied = { {
  { .when = SC_FLAG_BEFORE_PENDING, .next = NEXT_FAILED, GAVE_UP_CHANGED (SC_ERROR_OAUTH_DENIED) },
  { .next = NEXT_BEFORE, GAVE_UP (SC_ERROR_OAUTH_DENIED) },
} };
static const Cell cancelled = { {
  { .when = SC_FLAG_BEFORE_PENDING, .next = NEXT_FAILED, GAVE_UP_CHANGED (SC_ERROR_CANCELLED) },
  { .next = NEXT_BEFORE, GAVE_UP (SC_ERROR_CANCELLED) },
} };
static const Cell timed_out = { {
  { .when = SC_FLAG_BEFORE_PENDING,
    .next = NEXT_FAILED,
    GAVE_UP_CHANGED (SC_ERROR_OAUTH_TIMED_OUT) },
  { .next = NEXT_BEFORE, GAVE_UP (SC_ERROR_OAUTH_TIMED_OUT) },
} };

#define GAVE_UP_WITH_REPORT                                                                       \
  .effects = LEAVE_BROWSER | SC_EFFECT_REPORT, .clear = SC_FLAG_CONFIRMING, .set = SC_FLAG_ERROR, \
  .error = ERROR_GIVEN

static const Cell authorization_failed = { {
  { .when = SC_FLAG_HELD, .next = NEXT_BEFORE, GAVE_UP_WITH_REPORT },
  { .next = NEXT_FAILED, GAVE_UP_WITH_REPORT },
} };

/* Check. One that was answered was asked with a credential, so one is held. */
#define JUDGED                                                                     \
  (SC_FLAG_SETUP_TRIED | SC_FLAG_PREPARING | SC_FLAG_ATTENTION | SC_FLAG_UNKNOWN | \
   SC_FLAG_OUTDATED | SC_FLAG_WITHDRAWN | SC_FLAG_ERROR)

static const Cell check_connected = { {
  { .next = NEXT_CONNECTED,
    .effects = SC_EFFECT_REPORT | SC_EFFECT_ARM_AGE,
    .clear = JUDGED,
    .set = SC_FLAG_HELD },
} };
static const Cell check_failed = { {
  { .next = NEXT_FAILED,
    .effects = SC_EFFECT_REPORT | SC_EFFECT_STOP_UNDO,
    .clear = JUDGED | SC_FLAG_UNDOING,
    .set = SC_FLAG_HELD | SC_FLAG_ERROR,
    .error = ERROR_GIVEN },
} };
static const Cell returned_preparing = { {
  { .when = SC_FLAG_SETUP_TRIED,
    .effects = SC_EFFECT_REPORT,
    .clear = JUDGED,
    .set = SC_FLAG_HELD | SC_FLAG_PREPARING },
  { .effects = SC_EFFECT_SETUP,
    .clear = SC_FLAG_UNKNOWN | SC_FLAG_ERROR,
    .set = SC_FLAG_HELD | SC_FLAG_SETUP_TRIED },
} };
/* Only a check that says connected makes the age new, so unknown stays. */
static const Cell connected_preparing = { {
  { .effects = SC_EFFECT_REPORT, .clear = SC_FLAG_ERROR, .set = SC_FLAG_HELD | SC_FLAG_ATTENTION },
} };
static const Cell failed_preparing = { {
  { .next = NEXT_RETURNED,
    .effects = SC_EFFECT_REPORT,
    .clear = JUDGED,
    .set = SC_FLAG_HELD | SC_FLAG_PREPARING },
} };
static const Cell check_unknown = { {
  { .effects = SC_EFFECT_REPORT,
    .clear = SC_FLAG_SETUP_TRIED | SC_FLAG_OUTDATED | SC_FLAG_WITHDRAWN,
    .set = SC_FLAG_HELD | SC_FLAG_UNKNOWN | SC_FLAG_ERROR,
    .error = SC_ERROR_CLOUD_ANSWER },
} };
static const Cell withdrawn = { {
  { .next = NEXT_FAILED,
    .effects = SC_EFFECT_REPORT | SC_EFFECT_RETIRE_GRANT | SC_EFFECT_STOP_UNDO,
    .clear = SC_FLAG_ALL,
    .set = SC_FLAG_WITHDRAWN | SC_FLAG_ERROR,
    .error = SC_ERROR_OAUTH_GRANT },
} };
/* The check is over, so setup is due again with the next one; all that is known stays. */
static const Cell transport_error = { {
  { .effects = SC_EFFECT_REPORT,
    .clear = SC_FLAG_SETUP_TRIED,
    .set = SC_FLAG_ERROR,
    .error = ERROR_GIVEN },
} };

/* Disconnect. */
static const Cell disconnect = { {
  { .next = NEXT_PENDING,
    .effects = SC_EFFECT_REPORT | SC_EFFECT_RETIRE_GRANT | SC_EFFECT_STOP_UNDO,
    .clear = SC_FLAG_ALL },
} };
/* Nothing to report when nothing was held. */
static const Cell disconnect_browser = { {
  { .when = SC_FLAG_HELD,
    .next = NEXT_PENDING,
    .effects = LEAVE_BROWSER | SC_EFFECT_REPORT | SC_EFFECT_RETIRE_GRANT,
    .clear = SC_FLAG_ALL },
  { .next = NEXT_PENDING, .effects = LEAVE_BROWSER, .clear = SC_FLAG_ALL },
} };
static const Cell disconnect_practice_browser = { {
  { .next = NEXT_PENDING,
    .effects = LEAVE_BROWSER | SC_EFFECT_REPORT | SC_EFFECT_RETIRE_GRANT,
    .clear = SC_FLAG_ALL },
} };
static const Cell start_undo = { {
  { .when = SC_FLAG_UNDOING }, /* already counting */
  { .effects = SC_EFFECT_START_UNDO, .set = SC_FLAG_UNDOING },
} };
static const Cell undo = { {
  { .when = SC_FLAG_UNDOING, .effects = SC_EFFECT_STOP_UNDO, .clear = SC_FLAG_UNDOING },
} };
static const Cell undo_expired = { {
  { .when = SC_FLAG_UNDOING,
    .next = NEXT_PENDING,
    .effects = SC_EFFECT_REPORT | SC_EFFECT_RETIRE_GRANT,
    .clear = SC_FLAG_ALL },
} };

/* Age. */
static const Cell age_expired = { {
  { .set = SC_FLAG_UNKNOWN | SC_FLAG_OUTDATED },
} };
/* The age's timer fires once: a connection that Cancel brings back must not read fresh. */
static const Cell age_expired_browser = { {
  { .when = SC_FLAG_BEFORE_CONNECTED, .set = SC_FLAG_UNKNOWN | SC_FLAG_OUTDATED },
} };

/* The table of src/README.md. An event without a cell leaves everything as it is. */
static const Cell *const table[SC_N_STATES][SC_N_EVENTS] = {
  [SC_STATE_PENDING] = {
    [SC_EVENT_CONNECT] = &preflight,
    [SC_EVENT_PREFLIGHT_PASSED] = &open_browser,
    [SC_EVENT_PREFLIGHT_FAILED] = &preflight_failed,
  },
  [SC_STATE_BROWSER_OPEN] = {
    [SC_EVENT_CONNECT] = &reopen_browser,
    [SC_EVENT_GRANT_SAME] = &store_grant,
    [SC_EVENT_GRANT_DIFFERENT] = &ask_practice,
    [SC_EVENT_PRACTICE_ACCEPTED] = &practice_accepted,
    [SC_EVENT_PRACTICE_DECLINED] = &practice_declined,
    [SC_EVENT_STORED] = &stored,
    [SC_EVENT_DENIED] = &denied,
    [SC_EVENT_CANCELLED] = &cancelled,
    [SC_EVENT_TIMED_OUT] = &timed_out,
    [SC_EVENT_AUTHORIZATION_FAILED] = &authorization_failed,
    [SC_EVENT_DISCONNECT] = &disconnect_browser,
    [SC_EVENT_DISCONNECT_NOW] = &disconnect_browser,
    [SC_EVENT_PRACTICE_DISCONNECTED] = &disconnect_practice_browser,
    [SC_EVENT_AGE_EXPIRED] = &age_expired_browser,
  },
  [SC_STATE_RETURNED] = {
    [SC_EVENT_CONNECT] = &preflight,
    [SC_EVENT_PREFLIGHT_PASSED] = &open_browser,
    [SC_EVENT_PREFLIGHT_FAILED] = &preflight_failed,
    [SC_EVENT_CHECK_CONNECTED] = &check_connected,
    [SC_EVENT_CHECK_CONNECTING] = &returned_preparing,
    [SC_EVENT_CHECK_FAILED] = &check_failed,
    [SC_EVENT_CHECK_PENDING] = &withdrawn,
    [SC_EVENT_CHECK_UNKNOWN] = &check_unknown,
    [SC_EVENT_GRANT_GONE] = &withdrawn,
    [SC_EVENT_TRANSPORT_ERROR] = &transport_error,
    [SC_EVENT_DISCONNECT] = &disconnect,
    [SC_EVENT_DISCONNECT_NOW] = &disconnect,
    [SC_EVENT_PRACTICE_DISCONNECTED] = &disconnect,
  },
  [SC_STATE_CONNECTED] = {
    [SC_EVENT_CONNECT] = &preflight,
    [SC_EVENT_PREFLIGHT_PASSED] = &open_browser,
    [SC_EVENT_PREFLIGHT_FAILED] = &preflight_failed,
    [SC_EVENT_CHECK_CONNECTED] = &check_connected,
    [SC_EVENT_CHECK_CONNECTING] = &connected_preparing,
    [SC_EVENT_CHECK_FAILED] = &check_failed,
    [SC_EVENT_CHECK_PENDING] = &withdrawn,
    [SC_EVENT_CHECK_UNKNOWN] = &check_unknown,
    [SC_EVENT_GRANT_GONE] = &withdrawn,
    [SC_EVENT_TRANSPORT_ERROR] = &transport_error,
    [SC_EVENT_DISCONNECT] = &start_undo,
    [SC_EVENT_DISCONNECT_NOW] = &disconnect,
    [SC_EVENT_UNDO] = &undo,
    [SC_EVENT_UNDO_EXPIRED] = &undo_expired,
    [SC_EVENT_PRACTICE_DISCONNECTED] = &disconnect,
    [SC_EVENT_AGE_EXPIRED] = &age_expired,
  },
  [SC_STATE_FAILED] = {
    [SC_EVENT_CONNECT] = &preflight,
    [SC_EVENT_PREFLIGHT_PASSED] = &open_browser,
    [SC_EVENT_PREFLIGHT_FAILED] = &preflight_failed,
    [SC_EVENT_CHECK_CONNECTED] = &check_connected,
    [SC_EVENT_CHECK_CONNECTING] = &failed_preparing,
    [SC_EVENT_CHECK_FAILED] = &check_failed,
    [SC_EVENT_CHECK_PENDING] = &withdrawn,
    [SC_EVENT_CHECK_UNKNOWN] = &check_unknown,
    [SC_EVENT_GRANT_GONE] = &withdrawn,
    [SC_EVENT_TRANSPORT_ERROR] = &transport_error,
    [SC_EVENT_DISCONNECT] = &disconnect,
    [SC_EVENT_DISCONNECT_NOW] = &disconnect,
    [SC_EVENT_PRACTICE_DISCONNECTED] = &disconnect,
  },
};

ScConnectionFlags
sc_connection_get_flags (const ScConnection *self)
{
  ScConnectionFlags flags = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (flag_offsets); i++)
    if (G_STRUCT_MEMBER (gboolean, self, flag_offsets[i]))
      flags |= 1 << i;
  if (self->before == SC_STATE_PENDING)
    flags |= SC_FLAG_BEFORE_PENDING;
  if (self->before == SC_STATE_CONNECTED)
    flags |= SC_FLAG_BEFORE_CONNECTED;
  return flags;
}

static void
set_flags (ScConnection *self, ScConnectionFlags flags)
{
  for (gsize i = 0; i < G_N_ELEMENTS (flag_offsets); i++)
    G_STRUCT_MEMBER (gboolean, self, flag_offsets[i]) = (flags >> i) & 1;
}

static const Row *
find_row (const Cell *cell, ScConnectionFlags flags)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cell->rows); i++)
    if (sc_connection_has_flags (flags, cell->rows[i].when))
      return &cell->rows[i];
  return NULL;
}

static void
go_to (ScConnection *self, Next next)
{
  static const ScConnectionState states[] = {
    [NEXT_PENDING] = SC_STATE_PENDING,   [NEXT_BROWSER_OPEN] = SC_STATE_BROWSER_OPEN,
    [NEXT_RETURNED] = SC_STATE_RETURNED, [NEXT_CONNECTED] = SC_STATE_CONNECTED,
    [NEXT_FAILED] = SC_STATE_FAILED,
  };
  ScConnectionState old = self->state;

  if (next == NEXT_KEEP)
    return;
  self->state = next == NEXT_BEFORE ? self->before : states[next];
  self->before = self->state == SC_STATE_BROWSER_OPEN ? old : SC_STATE_PENDING;
}

static void
change (ScConnection *self, const Row *row, ScConnectionFlags flags, ScError given)
{
  go_to (self, row->next);
  set_flags (self, (flags & ~row->clear) | row->set);
  if (row->set & SC_FLAG_ERROR)
    self->error = row->error == ERROR_GIVEN ? given : (ScError) row->error;
  else if (!self->has_error)
    self->error = SC_ERROR_FAILED;
}

static ScConnectionEffects
select_effects (const Row *row, ScConnectionFlags flags)
{
  ScConnectionEffects effects = row->effects;

  for (gsize i = 0; i < G_N_ELEMENTS (conditions); i++)
    if (!sc_connection_has_flags (flags, conditions[i].needs))
      effects &= ~conditions[i].effect;
  return effects;
}

ScConnectionEffects
sc_connection_apply (ScConnection *self, ScConnectionEvent event, ScError error)
{
  const Cell *cell;
  const Row *row;
  ScConnectionFlags flags;

  g_return_val_if_fail (self != NULL, SC_EFFECT_NONE);
  g_return_val_if_fail ((guint) self->state < SC_N_STATES, SC_EFFECT_NONE);
  g_return_val_if_fail ((guint) event < SC_N_EVENTS, SC_EFFECT_NONE);

  cell = table[self->state][event];
  flags = sc_connection_get_flags (self);
  row = cell != NULL ? find_row (cell, flags) : NULL;
  if (row == NULL)
    return SC_EFFECT_NONE;
  change (self, row, flags, error);
  return select_effects (row, flags);
}

ScConnection
sc_connection_restore (ScConnectionState state, gboolean has_credential)
{
  static const ScConnectionState held[SC_N_STATES] = {
    [SC_STATE_PENDING] = SC_STATE_RETURNED,  [SC_STATE_BROWSER_OPEN] = SC_STATE_RETURNED,
    [SC_STATE_RETURNED] = SC_STATE_RETURNED, [SC_STATE_CONNECTED] = SC_STATE_CONNECTED,
    [SC_STATE_FAILED] = SC_STATE_FAILED,
  };
  static const ScConnectionState not_held[SC_N_STATES] = {
    [SC_STATE_PENDING] = SC_STATE_PENDING, [SC_STATE_BROWSER_OPEN] = SC_STATE_PENDING,
    [SC_STATE_RETURNED] = SC_STATE_FAILED, [SC_STATE_CONNECTED] = SC_STATE_FAILED,
    [SC_STATE_FAILED] = SC_STATE_FAILED,
  };
  ScConnection self = { .has_credential = has_credential };

  g_return_val_if_fail ((guint) state < SC_N_STATES, self);

  self.state = has_credential ? held[state] : not_held[state];
  self.withdrawn = self.state == SC_STATE_FAILED && state != SC_STATE_FAILED;
  self.has_error = self.state == SC_STATE_FAILED;
  if (self.withdrawn)
    self.error = SC_ERROR_STORE_ABSENT;
  return self;
}
