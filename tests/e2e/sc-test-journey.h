// SPDX-License-Identifier: MIT
// The journey of the front desk on real parts: agent, sandbox, keyring, bus and Chromium, and the
// steps that a person takes in the browser.

#pragma once

#include "sc-test-agent.h"
#include "sc-test-chromium.h"
#include "sc-test-sandbox.h"

G_BEGIN_DECLS

/** The practices of the sandbox that are picked here: the first is the portal's default. */
#define SC_TEST_HAPPY "D10023"
#define SC_TEST_BRIGHT "C20417"

/**
 * ScTestJourney:
 * @transaction: of the last sc_test_journey_open_portal()
 * @callback: where the browser is sent at its end: "http://127.0.0.1:PORT/callback"
 */
typedef struct
{
  ScTestDesktop *desktop;
  ScTestSandbox *sandbox;
  ScTestChromium *browser;
  ScTestAgent *agent;
  guint transaction;
  char *callback;
} ScTestJourney;

/** sc_test_journey_prepare: Returns: (transfer full): everything but the agent */
ScTestJourney *sc_test_journey_prepare (void);
/** sc_test_journey_start: Returns: (transfer full): everything, with provider "cloud"; the SPU is
 *  said to be on another computer */
ScTestJourney *sc_test_journey_start (void);
void sc_test_journey_free (ScTestJourney *self);

/** sc_test_journey_open_portal: Connect, until the portal's page is in the browser.
 *  Returns: (transfer none): the browser's remote control */
ScTestWebdriver *sc_test_journey_open_portal (ScTestJourney *self);

/** sc_test_journey_click: picks @practice on the portal's page and clicks @button, "#allow" or
 *  "#deny" */
void sc_test_journey_click (ScTestJourney *self, const char *practice, const char *button);

/** sc_test_journey_wait_answer: Returns: (transfer full): heading of the page that the agent
 *  answers the browser with */
char *sc_test_journey_wait_answer (ScTestJourney *self);

/** sc_test_journey_wait_outcome: Returns: (transfer none): how the last transaction ended */
const ScTestOutcome *sc_test_journey_wait_outcome (ScTestJourney *self);

/** sc_test_journey_connect: all of the above, allowed; the outcome has to be "returned" */
void sc_test_journey_connect (ScTestJourney *self, const char *practice);

/** sc_test_journey_check: `sikkactl check` has to begin with @headline and to exit so */
void sc_test_journey_check (ScTestJourney *self, const char *headline, int exit_status);

/** sc_test_journey_wait_grants: until the sandbox has @n grants. It looks again and again. */
void sc_test_journey_wait_grants (ScTestJourney *self, guint n);

/** sc_test_journey_wait_items: until the keyring holds @n items. It looks again and again. */
void sc_test_journey_wait_items (ScTestJourney *self, guint n);

/** sc_test_journey_assert_buttons: that of all buttons of Connect and Check these are enabled,
 *  blanks between, in the order of core/sc-connection.h */
void sc_test_journey_assert_buttons (ScTestJourney *self, const char *enabled);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScTestJourney, sc_test_journey_free)

G_END_DECLS
