// SPDX-License-Identifier: MIT
// Private to the clocks: the alarms that wait, soonest first.

#define G_LOG_DOMAIN "sc-platform"

#include "sc-alarm-queue.h"

typedef struct
{
  guint id;
  gint64 at;
  ScClockFunc func;
  gpointer user_data;
} Alarm;

struct _ScAlarmQueue
{
  GQueue alarms;
  guint last_id;
};

ScAlarmQueue *
sc_alarm_queue_new (void)
{
  ScAlarmQueue *self = g_new0 (ScAlarmQueue, 1);

  g_queue_init (&self->alarms);
  return self;
}

void
sc_alarm_queue_free (ScAlarmQueue *self)
{
  g_return_if_fail (self != NULL);

  g_queue_clear_full (&self->alarms, g_free);
  g_free (self);
}

static int
compare_alarms (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Alarm *first = a;
  const Alarm *second = b;

  if (first->at != second->at)
    return first->at < second->at ? -1 : 1;
  /* Of two that are due together, the one that was asked for first. */
  return first->id < second->id ? -1 : first->id > second->id;
}

guint
sc_alarm_queue_add (ScAlarmQueue *self, gint64 at, ScClockFunc func, gpointer user_data)
{
  Alarm *alarm = NULL;

  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (func != NULL, 0);

  /* 0 means "no alarm", also after four thousand million of them. */
  if (++self->last_id == 0)
    self->last_id = 1;
  alarm = g_new (Alarm, 1);
  *alarm = (Alarm){ self->last_id, at, func, user_data };
  g_queue_insert_sorted (&self->alarms, alarm, compare_alarms, NULL);
  return alarm->id;
}

void
sc_alarm_queue_remove (ScAlarmQueue *self, guint id)
{
  g_return_if_fail (self != NULL);

  for (GList *l = self->alarms.head; l != NULL; l = l->next)
    {
      Alarm *alarm = l->data;

      if (alarm->id != id)
        continue;
      g_queue_delete_link (&self->alarms, l);
      g_free (alarm);
      return;
    }
}

gint64
sc_alarm_queue_get_next (ScAlarmQueue *self)
{
  const Alarm *alarm = NULL;

  g_return_val_if_fail (self != NULL, -1);

  alarm = g_queue_peek_head (&self->alarms);
  return alarm == NULL ? -1 : alarm->at;
}

gboolean
sc_alarm_queue_call_due (ScAlarmQueue *self, gint64 now)
{
  g_autofree Alarm *due = NULL;
  const Alarm *alarm = NULL;

  g_return_val_if_fail (self != NULL, FALSE);

  alarm = g_queue_peek_head (&self->alarms);
  if (alarm == NULL || alarm->at > now)
    return FALSE;
  due = g_queue_pop_head (&self->alarms);
  due->func (due->user_data);
  return TRUE;
}

guint
sc_alarm_queue_get_length (ScAlarmQueue *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return g_queue_get_length (&self->alarms);
}
