// SPDX-License-Identifier: MIT
// Time: the interface; what is the same for every clock.

#define G_LOG_DOMAIN "sc-platform"

#include "sc-clock.h"

/* Far enough for any alarm, and it can be added to any boot time without overflow. */
#define MAX_ALARM_SECONDS (G_GINT64_CONSTANT (100) * 366 * 24 * 3600)

G_DEFINE_INTERFACE (ScClock, sc_clock, G_TYPE_OBJECT)

static void
sc_clock_default_init (ScClockInterface *iface)
{
}

gint64
sc_clock_get_real_time (ScClock *self)
{
  g_return_val_if_fail (SC_IS_CLOCK (self), 0);

  return SC_CLOCK_GET_IFACE (self)->get_real_time (self);
}

gint64
sc_clock_get_boot_time (ScClock *self)
{
  g_return_val_if_fail (SC_IS_CLOCK (self), 0);

  return SC_CLOCK_GET_IFACE (self)->get_boot_time (self);
}

guint
sc_clock_add_alarm (ScClock *self, gint64 seconds, ScClockFunc func, gpointer user_data)
{
  gint64 at = 0;

  g_return_val_if_fail (SC_IS_CLOCK (self), 0);
  g_return_val_if_fail (seconds >= 0, 0);
  g_return_val_if_fail (func != NULL, 0);

  at = sc_clock_get_boot_time (self) + MIN (seconds, MAX_ALARM_SECONDS) * G_USEC_PER_SEC;
  return SC_CLOCK_GET_IFACE (self)->add_alarm (self, at, func, user_data);
}

void
sc_clock_remove_alarm (ScClock *self, guint *id)
{
  g_return_if_fail (SC_IS_CLOCK (self));
  g_return_if_fail (id != NULL);

  if (*id == 0)
    return;
  SC_CLOCK_GET_IFACE (self)->remove_alarm (self, *id);
  *id = 0;
}
