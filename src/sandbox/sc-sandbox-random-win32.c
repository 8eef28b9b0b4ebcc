// SPDX-License-Identifier: MIT
// Random bytes from BCryptGenRandom().

#define G_LOG_DOMAIN "sc-sandbox"

#include "sc-sandbox-random.h"

#include <windows.h>

#include <bcrypt.h>

void
sc_sandbox_random_fill (guint8 *bytes, gsize length)
{
  g_return_if_fail (bytes != NULL);

  if (BCryptGenRandom (NULL, bytes, (ULONG) length, BCRYPT_USE_SYSTEM_PREFERRED_RNG) != 0)
    g_error ("no random bytes");
}
