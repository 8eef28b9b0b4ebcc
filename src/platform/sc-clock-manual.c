// SPDX-License-Identifier: MIT
// A clock moved by hand, for tests.

#define G_LOG_DOMAIN "sc-platform"

#include "sc-clock.h"

#include "sc-alarm-queue.h"

struct _ScClockManual
{
  GObject parent_instance;

  gint64 real_time_at_boot;
  gint64 boot_time;
  ScAlarmQueue *alarms;
};

static void sc_clock_manual_clock_init (ScClockInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ScClockManual,
                               sc_clock_manual,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SC_TYPE_CLOCK, sc_clock_manual_clock_init))

static gint64
sc_clock_manual_get_real_time (ScClock *clock)
{
  ScClockManual *self = SC_CLOCK_MANUAL (clock);

  return self->real_time_at_boot + self->boot_time / G_USEC_PER_SEC;
}

static gint64
sc_clock_manual_get_boot_time (ScClock *clock)
{
  return SC_CLOCK_MANUAL (clock)->boot_time;
}

static guint
sc_clock_manual_add_alarm (ScClock *clock, gint64 at, ScClockFunc func, gpointer user_data)
{
  return sc_alarm_queue_add (SC_CLOCK_MANUAL (clock)->alarms, at, func, user_data);
}

static void
sc_clock_manual_remove_alarm (ScClock *clock, guint id)
{
  sc_alarm_queue_remove (SC_CLOCK_MANUAL (clock)->alarms, id);
}

void
sc_clock_manual_advance (ScClockManual *self, gint64 seconds)
{
  g_autoptr (ScClockManual) guard = NULL;
  gint64 target = 0;
  gint64 next = 0;

  g_return_if_fail (SC_IS_CLOCK_MANUAL (self));
  g_return_if_fail (seconds >= 0);

  guard = g_object_ref (self);
  target = self->boot_time + seconds * G_USEC_PER_SEC;
  /* Each alarm sees the time that it asked for. */
  while ((next = sc_alarm_queue_get_next (self->alarms)) >= 0 && next <= target)
    {
      self->boot_time = MAX (self->boot_time, next);
      sc_alarm_queue_call_due (self->alarms, next);
    }
  self->boot_time = MAX (self->boot_time, target);
}

guint
sc_clock_manual_count_alarms (ScClockManual *self)
{
  g_return_val_if_fail (SC_IS_CLOCK_MANUAL (self), 0);

  return sc_alarm_queue_get_length (self->alarms);
}

ScClock *
sc_clock_manual_new (gint64 real_time)
{
  ScClockManual *self = g_object_new (SC_TYPE_CLOCK_MANUAL, NULL);

  self->real_time_at_boot = real_time;
  return SC_CLOCK (self);
}

static void
sc_clock_manual_finalize (GObject *object)
{
  ScClockManual *self = SC_CLOCK_MANUAL (object);

  g_clear_pointer (&self->alarms, sc_alarm_queue_free);
  G_OBJECT_CLASS (sc_clock_manual_parent_class)->finalize (object);
}

static void
sc_clock_manual_class_init (ScClockManualClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sc_clock_manual_finalize;
}

static void
sc_clock_manual_clock_init (ScClockInterface *iface)
{
  iface->get_real_time = sc_clock_manual_get_real_time;
  iface->get_boot_time = sc_clock_manual_get_boot_time;
  iface->add_alarm = sc_clock_manual_add_alarm;
  iface->remove_alarm = sc_clock_manual_remove_alarm;
}

static void
sc_clock_manual_init (ScClockManual *self)
{
  self->alarms = sc_alarm_queue_new ();
}
