// SPDX-License-Identifier: MIT
// Sikka's JSON: keys, practices, errors.

#define G_LOG_DOMAIN "sc-fuzz"

#include "sc-fuzz.h"
#include "sc-sikka-answer.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const char *text = (const char *) data;
  g_autoptr (GError) key_error = NULL;
  g_autoptr (GError) list_error = NULL;
  g_autoptr (GError) answer = sc_sikka_answer_parse_error (text, size, 400);
  g_autoptr (ScSikkaKey) key = sc_sikka_answer_parse_key (text, size, &key_error);
  g_autoptr (GPtrArray) practices = sc_sikka_answer_parse_practices (text, size, &list_error);

  sc_fuzz_check_error (answer);
  sc_fuzz_check_outcome (key, key_error);
  sc_fuzz_check_outcome (practices, list_error);
  if (key != NULL)
    sc_fuzz_check_text (key->office_id);
  for (guint i = 0; practices != NULL && i < practices->len; i++)
    {
      const ScSikkaPractice *item = g_ptr_array_index (practices, i);

      g_assert_nonnull (item->practice);
      sc_fuzz_check_text (item->practice->name);
      sc_fuzz_check_text (item->data_synchronization_date);
    }
  return 0;
}
