// SPDX-License-Identifier: MIT
// Time: the wall clock, and a clock that goes on while the computer sleeps, with alarms on it.

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SC_TYPE_CLOCK (sc_clock_get_type ())
G_DECLARE_INTERFACE (ScClock, sc_clock, SC, CLOCK, GObject)

/**
 * ScClockFunc: an alarm's callback; the alarm is gone when it is called.
 */
typedef void (*ScClockFunc) (gpointer user_data);

struct _ScClockInterface
{
  GTypeInterface parent_iface;

  gint64 (*get_real_time) (ScClock *self);
  gint64 (*get_boot_time) (ScClock *self);
  guint (*add_alarm) (ScClock *self, gint64 at, ScClockFunc func, gpointer user_data);
  void (*remove_alarm) (ScClock *self, guint id);
};

/** sc_clock_get_real_time: Returns: seconds since 1970 */
gint64 sc_clock_get_real_time (ScClock *self);
/** sc_clock_get_boot_time: Returns: microseconds of a clock that never jumps and counts sleep */
gint64 sc_clock_get_boot_time (ScClock *self);

/**
 * sc_clock_add_alarm:
 * @self: a clock
 * @seconds: from now, 0 or more, sleep counted
 * @func: called once on the main context
 * @user_data: for @func
 *
 * Costs nothing while it waits: one timer, no tick.
 *
 * Returns: its id, never 0
 */
guint sc_clock_add_alarm (ScClock *self, gint64 seconds, ScClockFunc func, gpointer user_data);
/** sc_clock_remove_alarm: @id: (inout): set to 0; nothing when it is 0 already */
void sc_clock_remove_alarm (ScClock *self, guint *id);

/** sc_clock_new_system: Returns: (transfer full): this computer's clock (timerfd, CLOCK_BOOTTIME)
 *  */
ScClock *sc_clock_new_system (void);

/* A clock moved by hand, for tests. */
#define SC_TYPE_CLOCK_MANUAL (sc_clock_manual_get_type ())
G_DECLARE_FINAL_TYPE (ScClockManual, sc_clock_manual, SC, CLOCK_MANUAL, GObject)

ScClock *sc_clock_manual_new (gint64 real_time);
/** sc_clock_manual_advance: moves both clocks and calls what is due, in order */
void sc_clock_manual_advance (ScClockManual *self, gint64 seconds);
/** sc_clock_manual_count_alarms: Returns: how many wait */
guint sc_clock_manual_count_alarms (ScClockManual *self);

G_END_DECLS
