// SPDX-License-Identifier: MIT
// A warning is a finding: the only thing that foreign bytes may cause is a GError.

#define G_LOG_DOMAIN "sc-fuzz"

#include "sc-fuzz.h"

#include <stdlib.h>

int LLVMFuzzerInitialize (int *argc, char ***argv);

/* Aborts, because libFuzzer keeps the input of an abort, and not that of GLib's breakpoint. */
static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  if ((level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING)) == 0)
    return G_LOG_WRITER_HANDLED;
  g_log_writer_standard_streams (level, fields, n_fields, NULL);
  abort ();
}

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  g_log_set_writer_func (write_log, NULL, NULL);
  return 0;
}
