// SPDX-License-Identifier: MIT
// Samples, what stands for them, and how a row of the bench is printed.

#define G_LOG_DOMAIN "sc-bench"

#include "sc-bench-figures.h"

#include <math.h>
#include <stdio.h>

GArray *
sc_bench_samples_new (void)
{
  return g_array_new (FALSE, FALSE, sizeof (double));
}

void
sc_bench_samples_add (GArray *samples, double sample)
{
  g_array_append_val (samples, sample);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double left = *(const double *) a;
  double right = *(const double *) b;

  return (left > right) - (left < right);
}

double
sc_bench_quantile (GArray *samples, double q)
{
  g_autoptr (GArray) sorted = g_array_copy (samples);
  guint rank;

  g_assert_cmpuint (sorted->len, >, 0);
  g_array_sort (sorted, compare);
  rank = (guint) MAX (ceil (q * sorted->len), 1);
  return g_array_index (sorted, double, rank - 1);
}

void
sc_bench_print_title (const char *title, const char *how)
{
  g_print ("\n== %s\n   %s\n", title, how);
}

static void
print_spread (const char *name, GArray *samples, const char *unit)
{
  g_print ("   %-34s median %.2f%s, quartiles %.2f to %.2f, extremes %.2f to %.2f, n = %u\n", name,
           sc_bench_quantile (samples, 0.5), unit, sc_bench_quantile (samples, 0.25),
           sc_bench_quantile (samples, 0.75), sc_bench_quantile (samples, 0),
           sc_bench_quantile (samples, 1), samples->len);
}

void
sc_bench_print_samples (const char *name, GArray *samples, const char *unit)
{
  print_spread (name, samples, unit);
}

void
sc_bench_print_number (const char *name, double number, const char *unit)
{
  g_print ("   %-34s %.2f%s\n", name, number, unit);
}

double
sc_bench_print_ratio (const char *name, GArray *ours, GArray *theirs)
{
  g_autoptr (GArray) ratios = sc_bench_samples_new ();

  g_assert_cmpuint (ours->len, ==, theirs->len);
  for (guint i = 0; i < ours->len; i++)
    sc_bench_samples_add (ratios,
                          g_array_index (ours, double, i) / g_array_index (theirs, double, i));
  print_spread (name, ratios, "");
  return sc_bench_quantile (ratios, 0.5);
}

void
sc_bench_print_bar (const char *name, double number, double bar, const char *unit)
{
  g_print ("   bar: %s at most %.3g%s: %s (%.3g%s)\n", name, bar, unit,
           number <= bar ? "met" : "MISSED", number, unit);
}

void
sc_bench_print_note (const char *note, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, note);
  text = g_strdup_vprintf (note, arguments);
  va_end (arguments);
  g_print ("   %s\n", text);
}
