// SPDX-License-Identifier: MIT
// A listener under test and the browser that talks to it.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-loopback.h"

#include <string.h>

static void
redirected_cb (ScLoopback *listener, ScRedirect *redirect, gpointer user_data)
{
  ScTestLoopback *self = user_data;

  self->redirected++;
  if (redirect->code != NULL)
    self->code = g_strdup (sc_secret_string_peek (redirect->code));
  self->oauth_error = g_strdup (redirect->oauth_error);
  if (!self->is_held)
    sc_loopback_answer (
      listener, redirect->code != NULL ? SC_LOOPBACK_PAGE_DONE : SC_LOOPBACK_PAGE_DENIED, NULL);
}

void
sc_test_loopback_init (ScTestLoopback *self, guint hold, guint deadline)
{
  g_autoptr (ScSecretString) state = sc_secret_string_new (SC_TEST_STATE);
  g_autoptr (GError) error = NULL;

  memset (self, 0, sizeof *self);
  self->listener = g_object_new (SC_TYPE_LOOPBACK, "state", state, "hold",
                                 hold > 0 ? hold : SC_LOOPBACK_HOLD * 1000, "deadline",
                                 deadline > 0 ? deadline : SC_LOOPBACK_DEADLINE * 1000, NULL);
  g_signal_connect (self->listener, "redirected", G_CALLBACK (redirected_cb), self);
  sc_loopback_listen (self->listener, &error);
  g_assert_no_error (error);
}

void
sc_test_loopback_clear (ScTestLoopback *self)
{
  g_clear_object (&self->listener);
  g_free (self->code);
  g_free (self->oauth_error);
}

ScTestClient *
sc_test_loopback_start (ScTestLoopback *self, const char *request, guint flags)
{
  g_autofree char *authority =
    g_strdup_printf ("127.0.0.1:%u", sc_loopback_get_port (self->listener));
  g_autoptr (GBytes) bytes = sc_test_hostile_fill (request, authority, SC_TEST_STATE);

  return sc_test_client_start (sc_loopback_get_port (self->listener), bytes, flags);
}

char *
sc_test_loopback_ask (ScTestLoopback *self, const char *request)
{
  return sc_test_client_finish (sc_test_loopback_start (self, request, 0));
}

void
sc_test_assert_status (const char *answer, guint status)
{
  g_autofree char *line = g_strdup_printf ("HTTP/1.1 %u ", status);

  if (!g_str_has_prefix (answer, line))
    g_test_message ("expected %u, got: %.60s", status, answer);
  g_assert_true (g_str_has_prefix (answer, line));
}

void
sc_test_assert_contains (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_test_message ("expected %s in: %s", part, text);
  g_assert_nonnull (strstr (text, part));
}

void
sc_test_loopback_assert_login (ScTestLoopback *self)
{
  g_autofree char *answer = sc_test_loopback_ask (self, REAL);

  sc_test_assert_status (answer, 200);
  sc_test_assert_contains (answer, "Permission given");
  g_assert_cmpuint (self->redirected, ==, 1);
  g_assert_cmpstr (self->code, ==, "c0de");
}
