// SPDX-License-Identifier: MIT
// sc-bench ROW: measures one row. ./run bench gives it the programs of one release build.

#define G_LOG_DOMAIN "sc-bench"

#include "sc-bench-rows.h"

#include <glib.h>
#include <stdlib.h>

static const struct
{
  const char *name;
  void (*measure) (void);
} rows[] = {
  { "idle", sc_bench_idle },
  { "start", sc_bench_start },
  { "redirect", sc_bench_redirect },
  { "connect", sc_bench_connect },
};

int
main (int argc, char **argv)
{
  for (gsize i = 0; argc == 2 && i < G_N_ELEMENTS (rows); i++)
    if (g_str_equal (rows[i].name, argv[1]))
      {
        rows[i].measure ();
        return EXIT_SUCCESS;
      }
  g_printerr ("sc-bench: which row? idle, start, redirect, connect\n");
  return 2;
}
