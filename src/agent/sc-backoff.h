// SPDX-License-Identifier: MIT
// How long to wait before trying again.

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * sc_backoff_compute:
 * @attempts: failed attempts so far, 1 or more
 * @retry_after: what the server asked for, seconds, -1 when it did not
 *
 * 1 minute, doubled with each attempt up to 6 hours; never earlier than the server asked.
 *
 * Returns: seconds to wait
 */
gint64 sc_backoff_compute (guint attempts, gint64 retry_after);

G_END_DECLS
