// SPDX-License-Identifier: MIT
// Private to the clocks: the alarms that wait, soonest first.

#pragma once

#include "sc-clock.h"

G_BEGIN_DECLS

typedef struct _ScAlarmQueue ScAlarmQueue;

ScAlarmQueue *sc_alarm_queue_new (void);
void sc_alarm_queue_free (ScAlarmQueue *self);

/** sc_alarm_queue_add: @at: boot time in microseconds; Returns: its id, never 0 */
guint sc_alarm_queue_add (ScAlarmQueue *self, gint64 at, ScClockFunc func, gpointer user_data);
/** sc_alarm_queue_remove: nothing happens when @id is not there any more */
void sc_alarm_queue_remove (ScAlarmQueue *self, guint id);
/** sc_alarm_queue_get_next: Returns: when the soonest is due, -1 when none waits */
gint64 sc_alarm_queue_get_next (ScAlarmQueue *self);
/** sc_alarm_queue_call_due: takes out the soonest and calls it; FALSE when none is due at @now */
gboolean sc_alarm_queue_call_due (ScAlarmQueue *self, gint64 now);
guint sc_alarm_queue_get_length (ScAlarmQueue *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScAlarmQueue, sc_alarm_queue_free)

G_END_DECLS
