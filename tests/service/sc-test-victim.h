// SPDX-License-Identifier: MIT
// The agent built with crash points, and a person who goes on until it is dead. Its path comes from
// the environment, SC_TEST_CRASH_AGENT.

#pragma once

#include "sc-test-workplace.h"

G_BEGIN_DECLS

typedef struct _ScTestVictim ScTestVictim;

/**
 * sc_test_victim_start:
 * @point: (nullable): where it kills itself, as sc-crash-points.c names it
 * @log: (nullable): file to which it adds the points that it passes
 *
 * Returns: (transfer full): the agent, once it owns its name or is dead
 */
ScTestVictim *sc_test_victim_start (ScTestWorkplace *workplace, const char *point, const char *log);

/** sc_test_victim_end: @self: (transfer full): killed when it still lives */
void sc_test_victim_end (ScTestVictim *self);

gboolean sc_test_victim_is_dead (ScTestVictim *self);
/** sc_test_victim_get_proxy: Returns: (transfer none) (nullable): its interface */
ScAgent1 *sc_test_victim_get_proxy (ScTestVictim *self);

/** sc_test_victim_kill_after: kills it in so many milliseconds, whatever it does then */
void sc_test_victim_kill_after (ScTestVictim *self, guint milliseconds);
/** sc_test_victim_wait_death: Returns: whether it died within the ceiling */
gboolean sc_test_victim_wait_death (ScTestVictim *self);
/** sc_test_victim_wait: until @condition, looked at now and then. Returns: whether it lives */
gboolean sc_test_victim_wait (ScTestVictim *self, ScTestCondition condition, gpointer user_data);

/* What a person does. Each answers FALSE when the agent died over it; a refusal fails the test. */

/** sc_test_victim_authorize: Connect, the browser, and yes to another practice */
gboolean sc_test_victim_authorize (ScTestVictim *self, const char *practice);
gboolean sc_test_victim_check (ScTestVictim *self);
/** sc_test_victim_disconnect: @practice_name: (nullable): %NULL for this PC, at once */
gboolean sc_test_victim_disconnect (ScTestVictim *self, const char *practice_name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScTestVictim, sc_test_victim_end)

G_END_DECLS
