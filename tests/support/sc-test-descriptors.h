// SPDX-License-Identifier: MIT
// A process that has no file descriptors left.

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * sc_test_descriptors_exhaust:
 *
 * Opens sockets until one more would be the last, which the caller takes.
 *
 * Returns: (transfer full) (nullable): what holds them; %NULL when the system knows no such limit
 */
GPtrArray *sc_test_descriptors_exhaust (void);

/** sc_test_descriptors_release: @held: (transfer full): from sc_test_descriptors_exhaust() */
void sc_test_descriptors_release (GPtrArray *held);

G_END_DECLS
