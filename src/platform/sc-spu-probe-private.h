// SPDX-License-Identifier: MIT
// Private to the SPU probe and its tests.

#pragma once

#include "sc-spu-probe.h"

G_BEGIN_DECLS

ScSpuNames *sc_spu_names_copy (const ScSpuNames *self);

/**
 * sc_spu_probe_scan:
 * @proc: where the process list is, "/proc" but in tests
 * @wine_prefix: (nullable): a Wine prefix in which the program folder may be
 * @names: what to look for
 * @now: seconds since 1970
 * @cancellable: (nullable): ends the scan early
 *
 * Blocks; the probe calls it in a thread.
 *
 * Returns: (transfer full): what was seen
 */
ScSpuFindings *sc_spu_probe_scan (const char *proc,
                                  const char *wine_prefix,
                                  const ScSpuNames *names,
                                  gint64 now,
                                  GCancellable *cancellable);

G_END_DECLS
