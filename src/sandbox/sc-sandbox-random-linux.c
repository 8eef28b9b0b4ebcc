// SPDX-License-Identifier: MIT
// Random bytes from getrandom(2).

#define G_LOG_DOMAIN "sc-sandbox"

#include "sc-sandbox-random.h"

#include <errno.h>
#include <sys/random.h>

void
sc_sandbox_random_fill (guint8 *bytes, gsize length)
{
  gsize done = 0;

  g_return_if_fail (bytes != NULL);

  while (done < length)
    {
      gssize got = getrandom (bytes + done, length - done, 0);

      if (got > 0)
        done += got;
      else if (errno != EINTR)
        g_error ("no random bytes: %s", g_strerror (errno));
    }
}
