// SPDX-License-Identifier: MIT
// This computer's clock: CLOCK_BOOTTIME goes on during sleep, and one timerfd serves all alarms.

#define G_LOG_DOMAIN "sc-platform"

#include <errno.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <glib-unix.h>

#include "sc-clock.h"

#include "sc-alarm-queue.h"

#define SC_TYPE_CLOCK_LINUX (sc_clock_linux_get_type ())
G_DECLARE_FINAL_TYPE (ScClockLinux, sc_clock_linux, SC, CLOCK_LINUX, GObject)

struct _ScClockLinux
{
  GObject parent_instance;

  int timer;
  GSource *source;
  ScAlarmQueue *alarms;
};

static void sc_clock_linux_clock_init (ScClockInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ScClockLinux,
                               sc_clock_linux,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SC_TYPE_CLOCK, sc_clock_linux_clock_init))

static gint64
sc_clock_linux_get_real_time (ScClock *clock)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static gint64
sc_clock_linux_get_boot_time (ScClock *clock)
{
  struct timespec now = { 0 };

  clock_gettime (CLOCK_BOOTTIME, &now);
  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static void
arm_timer (ScClockLinux *self)
{
  gint64 next = sc_alarm_queue_get_next (self->alarms);
  struct itimerspec spec = { 0 };

  /* All zero disarms the timer, which is right when nothing waits. */
  if (next >= 0)
    {
      spec.it_value.tv_sec = next / G_USEC_PER_SEC;
      spec.it_value.tv_nsec = next % G_USEC_PER_SEC * 1000;
    }
  if (timerfd_settime (self->timer, TFD_TIMER_ABSTIME, &spec, NULL) != 0)
    g_warning ("timer not set: %s", g_strerror (errno));
}

static gboolean
timer_fired_cb (int fd, GIOCondition condition, gpointer user_data)
{
  g_autoptr (ScClockLinux) self = g_object_ref (user_data);
  gint64 now = sc_clock_linux_get_boot_time (SC_CLOCK (self));
  guint64 expirations = 0;

  /* Only makes the descriptor quiet again; how often it fired says nothing. */
  if (read (fd, &expirations, sizeof expirations) < 0 && errno != EAGAIN)
    g_warning ("timer not read: %s", g_strerror (errno));
  while (sc_alarm_queue_call_due (self->alarms, now))
    ;
  arm_timer (self);
  return G_SOURCE_CONTINUE;
}

static guint
sc_clock_linux_add_alarm (ScClock *clock, gint64 at, ScClockFunc func, gpointer user_data)
{
  ScClockLinux *self = SC_CLOCK_LINUX (clock);
  guint id = sc_alarm_queue_add (self->alarms, at, func, user_data);

  arm_timer (self);
  return id;
}

static void
sc_clock_linux_remove_alarm (ScClock *clock, guint id)
{
  ScClockLinux *self = SC_CLOCK_LINUX (clock);

  sc_alarm_queue_remove (self->alarms, id);
  arm_timer (self);
}

ScClock *
sc_clock_new_system (void)
{
  return g_object_new (SC_TYPE_CLOCK_LINUX, NULL);
}

static void
sc_clock_linux_finalize (GObject *object)
{
  ScClockLinux *self = SC_CLOCK_LINUX (object);

  g_source_destroy (self->source);
  g_source_unref (self->source);
  close (self->timer);
  sc_alarm_queue_free (self->alarms);
  G_OBJECT_CLASS (sc_clock_linux_parent_class)->finalize (object);
}

static void
sc_clock_linux_class_init (ScClockLinuxClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sc_clock_linux_finalize;
}

static void
sc_clock_linux_clock_init (ScClockInterface *iface)
{
  iface->get_real_time = sc_clock_linux_get_real_time;
  iface->get_boot_time = sc_clock_linux_get_boot_time;
  iface->add_alarm = sc_clock_linux_add_alarm;
  iface->remove_alarm = sc_clock_linux_remove_alarm;
}

static void
sc_clock_linux_init (ScClockLinux *self)
{
  self->alarms = sc_alarm_queue_new ();
  self->timer = timerfd_create (CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
  /* Only a process that is out of descriptors comes here; it could not open a socket either. */
  if (self->timer < 0)
    g_error ("no timer: %s", g_strerror (errno));
  self->source = g_unix_fd_source_new (self->timer, G_IO_IN);
  g_source_set_static_name (self->source, "sc-clock");
  g_source_set_callback (self->source, G_SOURCE_FUNC (timer_fired_cb), self, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());
}
