// SPDX-License-Identifier: MIT
// What the fuzz targets share. One target is one parser of foreign bytes; libFuzzer calls it, and
// so does sc-fuzz-replay.c.

#pragma once

#include "sc-error.h"

G_BEGIN_DECLS

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/** sc_fuzz_check_text: what crosses D-Bus and goes into the journal is valid UTF-8; %NULL is fine
 */
static inline void
sc_fuzz_check_text (const char *text)
{
  g_assert_true (text == NULL || g_utf8_validate (text, -1, NULL));
}

/** sc_fuzz_check_error: an error of our own domain, with a text that can be shown */
static inline void
sc_fuzz_check_error (const GError *error)
{
  g_assert_nonnull (error);
  g_assert_cmpuint (error->domain, ==, SC_ERROR);
  sc_fuzz_check_text (error->message);
}

/** sc_fuzz_check_outcome: either a value or an error, never both or neither */
static inline void
sc_fuzz_check_outcome (gconstpointer value, const GError *error)
{
  if (value != NULL)
    g_assert_no_error (error);
  else
    sc_fuzz_check_error (error);
}

G_END_DECLS
