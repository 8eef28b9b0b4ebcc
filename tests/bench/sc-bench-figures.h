// SPDX-License-Identifier: MIT
// Samples, what stands for them, and how a row of the bench is printed.

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** sc_bench_samples_new: Returns: (transfer full) (element-type double): no samples yet */
GArray *sc_bench_samples_new (void);
/** sc_bench_samples_add: one more */
void sc_bench_samples_add (GArray *samples, double sample);

/** sc_bench_quantile: @q: 0 to 1, nearest rank. Returns: that sample; @samples keeps its order */
double sc_bench_quantile (GArray *samples, double q);

/** sc_bench_print_title: what a row of design.md §6 measures, and how */
void sc_bench_print_title (const char *title, const char *how);

/** sc_bench_print_samples: the median of @samples, its quartiles, and the extremes */
void sc_bench_print_samples (const char *name, GArray *samples, const char *unit);

/** sc_bench_print_number: a single number */
void sc_bench_print_number (const char *name, double number, const char *unit);

/**
 * sc_bench_print_ratio:
 * @name: what is divided by what
 * @ours: one sample of each pair
 * @theirs: the other, in the same order
 *
 * Prints the ratio pair by pair: median, quartiles, extremes. A machine that gets slower in the
 * middle of a run moves both samples of a pair.
 *
 * Returns: the median
 */
double sc_bench_print_ratio (const char *name, GArray *ours, GArray *theirs);

/** sc_bench_print_bar: whether @number is at most @bar. It is a line to read, never an exit
 *  status */
void sc_bench_print_bar (const char *name, double number, double bar, const char *unit);

/** sc_bench_print_note: what else has to be said */
void sc_bench_print_note (const char *note, ...) G_GNUC_PRINTF (1, 2);

G_END_DECLS
