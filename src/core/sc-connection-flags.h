// SPDX-License-Identifier: MIT
// Private to sc-connection*.c: the connection's members as bits, which is how its tables name them.

#pragma once

#include "sc-connection.h"

G_BEGIN_DECLS

/* One bit per gboolean of ScConnection, and two conditions on its before member. */
typedef enum
{
  SC_FLAG_HELD = 1 << 0,
  SC_FLAG_CONFIRMING = 1 << 1,
  SC_FLAG_UNDOING = 1 << 2,
  SC_FLAG_SETUP_TRIED = 1 << 3,
  SC_FLAG_PREPARING = 1 << 4,
  SC_FLAG_ATTENTION = 1 << 5,
  SC_FLAG_UNKNOWN = 1 << 6,
  SC_FLAG_OUTDATED = 1 << 7,
  SC_FLAG_WITHDRAWN = 1 << 8,
  SC_FLAG_ERROR = 1 << 9,
  SC_FLAG_ALL = (1 << 10) - 1,
  SC_FLAG_BEFORE_PENDING = 1 << 10,
  SC_FLAG_BEFORE_CONNECTED = 1 << 11,
} ScConnectionFlags;

/** sc_connection_get_flags: Returns: what is set in @self */
ScConnectionFlags sc_connection_get_flags (const ScConnection *self);

/** sc_connection_has_flags: whether all of @wanted are among @flags */
static inline gboolean
sc_connection_has_flags (ScConnectionFlags flags, ScConnectionFlags wanted)
{
  return (flags & wanted) == wanted;
}

G_END_DECLS
