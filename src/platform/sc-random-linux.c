// SPDX-License-Identifier: MIT
// Random bytes from getrandom(2).

#define G_LOG_DOMAIN "sc-platform"

#include <errno.h>
#include <sys/random.h>

#include "sc-random.h"

#include "sc-error.h"
#include "sc-secret-string.h"

/* Up to this size getrandom(2) gives all or nothing once the kernel's pool is ready. */
#define MAX_LENGTH 256

gboolean
sc_random_fill (guint8 *bytes, gsize length, GError **error)
{
  gssize filled = 0;

  g_return_val_if_fail (bytes != NULL || length == 0, FALSE);
  g_return_val_if_fail (length <= MAX_LENGTH, FALSE);

  do
    filled = getrandom (bytes, length, 0);
  while (filled < 0 && errno == EINTR);
  if (filled == (gssize) length)
    return TRUE;

  g_set_error (error, SC_ERROR, SC_ERROR_RANDOM, "no random bytes: %s",
               filled < 0 ? g_strerror (errno) : "short read");
  /* Nobody shall work with half of it. */
  sc_secret_wipe (bytes, length);
  return FALSE;
}
