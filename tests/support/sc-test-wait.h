// SPDX-License-Identifier: MIT
// Waiting for an event with a ceiling, in place of sleeping.

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** SC_TEST_CEILING: seconds after which a wait fails the test; far beyond what anything takes. */
#define SC_TEST_CEILING 30

/** ScTestCondition: Returns: whether what is waited for has happened */
typedef gboolean (*ScTestCondition) (gpointer user_data);

/**
 * sc_test_wait_until:
 * @condition: what is waited for; looked at after each event of the main context
 * @user_data: passed to @condition
 *
 * Runs the default main context until @condition holds; fails the test after %SC_TEST_CEILING.
 */
void sc_test_wait_until (ScTestCondition condition, gpointer user_data);

/** sc_test_wait_polling: the same, for what another program changes without telling */
void sc_test_wait_polling (ScTestCondition condition, gpointer user_data);

/**
 * sc_test_result_cb:
 * @user_data: a GAsyncResult **, %NULL until the operation is over
 *
 * A #GAsyncReadyCallback that keeps the result for sc_test_wait_result().
 */
void sc_test_result_cb (GObject *source, GAsyncResult *result, gpointer user_data);

/**
 * sc_test_wait_result:
 * @result: (inout): the place that was passed to sc_test_result_cb(); %NULL again afterwards
 *
 * Returns: (transfer full): the result of the operation
 */
GAsyncResult *sc_test_wait_result (GAsyncResult **result);

G_END_DECLS
