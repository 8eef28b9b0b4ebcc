// SPDX-License-Identifier: MIT
// Waiting for an event with a ceiling, in place of sleeping.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-wait.h"

#define POLL_INTERVAL_MS 50

static gboolean
ceiling_reached_cb (gpointer user_data)
{
  gboolean *reached = user_data;

  *reached = TRUE;
  return G_SOURCE_CONTINUE;
}

void
sc_test_wait_until (ScTestCondition condition, gpointer user_data)
{
  gboolean reached = FALSE;
  guint ceiling = g_timeout_add_seconds (SC_TEST_CEILING, ceiling_reached_cb, &reached);

  while (!condition (user_data))
    {
      g_assert_false (reached);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (ceiling);
}

static gboolean
poll_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

void
sc_test_wait_polling (ScTestCondition condition, gpointer user_data)
{
  guint poll = g_timeout_add (POLL_INTERVAL_MS, poll_cb, NULL);

  sc_test_wait_until (condition, user_data);
  g_source_remove (poll);
}

void
sc_test_result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **place = user_data;

  g_assert_null (*place);
  *place = g_object_ref (result);
}

static gboolean
has_result (gpointer user_data)
{
  GAsyncResult **place = user_data;

  return *place != NULL;
}

GAsyncResult *
sc_test_wait_result (GAsyncResult **result)
{
  sc_test_wait_until (has_result, result);
  return g_steal_pointer (result);
}
