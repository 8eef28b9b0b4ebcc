// SPDX-License-Identifier: MIT
// How long to wait before trying again.

#define G_LOG_DOMAIN "sc-agent"

#include "sc-backoff.h"

#define FIRST_WAIT 60
#define LONGEST_WAIT (6 * 60 * 60)

gint64
sc_backoff_compute (guint attempts, gint64 retry_after)
{
  guint doublings = CLAMP (attempts, 1, 10) - 1;
  gint64 wait = MIN ((gint64) FIRST_WAIT << doublings, LONGEST_WAIT);

  return MAX (wait, retry_after);
}
