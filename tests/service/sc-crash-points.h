// SPDX-License-Identifier: MIT
// Points where a test ends a program, as sc-crash-points.c says.

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** sc_crash_points_pass: @step: what is done, e.g. "keyring/store/connection"; @when: "before" or
 *  "after". Does not come back where this is the point that was asked for */
void sc_crash_points_pass (const char *step, const char *when);

G_END_DECLS
