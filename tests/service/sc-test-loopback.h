// SPDX-License-Identifier: MIT
// A listener under test and the browser that talks to it.

#pragma once

#include "sc-loopback.h"
#include "sc-test-client.h"
#include "sc-test-hostile.h"

G_BEGIN_DECLS

#define SC_TEST_STATE "Zm9yLXRlc3RzLW9ubHktZm9yLXRlc3RzLW9ubHk"

/**
 * ScTestLoopback:
 * @listener: (nullable): the listener
 * @redirected: emissions of its signal
 * @code: (nullable): the code that came
 * @oauth_error: (nullable): the error that came
 * @is_held: the test answers, not the fixture
 */
typedef struct
{
  ScLoopback *listener;
  guint redirected;
  char *code;
  char *oauth_error;
  gboolean is_held;
} ScTestLoopback;

/** sc_test_loopback_init: @hold, @deadline: milliseconds, 0 for those of the program */
void sc_test_loopback_init (ScTestLoopback *self, guint hold, guint deadline);
void sc_test_loopback_clear (ScTestLoopback *self);

/** sc_test_loopback_start: @request: {H}, {S} and {0} are put in; @flags: of #ScTestClientFlags */
ScTestClient *sc_test_loopback_start (ScTestLoopback *self, const char *request, guint flags);
/** sc_test_loopback_ask: Returns: (transfer full): the whole answer */
char *sc_test_loopback_ask (ScTestLoopback *self, const char *request);

/** sc_test_loopback_assert_login: the real login works, as the first one of the listener */
void sc_test_loopback_assert_login (ScTestLoopback *self);
void sc_test_assert_status (const char *answer, guint status);
void sc_test_assert_contains (const char *text, const char *part);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ScTestLoopback, sc_test_loopback_clear)

G_END_DECLS
