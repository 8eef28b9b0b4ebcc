// SPDX-License-Identifier: MIT
// One authorization from the browser's opening to the grant: listener, provider, browser, time
// limit.

#pragma once

#include "sc-clock.h"
#include "sc-loopback.h"
#include "sc-provider.h"

G_BEGIN_DECLS

/** SC_AUTHORIZER_TIME_LIMIT: seconds that a person has. */
#define SC_AUTHORIZER_TIME_LIMIT (10 * 60)
/** SC_AUTHORIZER_PAGE_AGE: seconds after which Connect begins a new transaction instead of
 * reopening. */
#define SC_AUTHORIZER_PAGE_AGE 60

#define SC_TYPE_AUTHORIZER (sc_authorizer_get_type ())
G_DECLARE_FINAL_TYPE (ScAuthorizer, sc_authorizer, SC, AUTHORIZER, GObject)

/**
 * ScAuthorizer::granted: the code was exchanged; take the grant with sc_authorizer_steal_grant().
 * The browser waits for sc_authorizer_answer(). ScAuthorizer::failed:
 * @error: (type GError): why: denied, timed out, or what the exchange said; a browser that waits is
 *   still to be answered
 */

ScAuthorizer *sc_authorizer_new (ScProvider *provider, ScClock *clock);

/**
 * sc_authorizer_start_async:
 * @self: a new authorizer, used once
 * @open_browser: whether to open the browser; else somebody takes the URL
 * @activation_token: (nullable): for the browser's window
 *
 * Errors of the finish: %SC_ERROR_RANDOM, %SC_ERROR_LOOPBACK_BIND, %SC_ERROR_BROWSER, those of
 * sc_provider_begin_async().
 */
void sc_authorizer_start_async (ScAuthorizer *self,
                                gboolean open_browser,
                                const char *activation_token,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean sc_authorizer_start_finish (ScAuthorizer *self, GAsyncResult *result, GError **error);

/** sc_authorizer_reopen: opens the same page again */
void sc_authorizer_reopen (ScAuthorizer *self, const char *activation_token);

/** sc_authorizer_get_url: Returns: (transfer none): the authorization URL, "" before it is known */
const char *sc_authorizer_get_url (ScAuthorizer *self);
/** sc_authorizer_get_deadline: Returns: seconds since 1970, 0 when nothing is waited for */
gint64 sc_authorizer_get_deadline (ScAuthorizer *self);
/** sc_authorizer_is_old: whether its page is older than %SC_AUTHORIZER_PAGE_AGE */
gboolean sc_authorizer_is_old (ScAuthorizer *self);
/** sc_authorizer_get_callbacks: Returns: requests that the listener saw on its path */
guint sc_authorizer_get_callbacks (ScAuthorizer *self);

/** sc_authorizer_steal_grant: Returns: (transfer full) (nullable): the grant, once */
ScGrant *sc_authorizer_steal_grant (ScAuthorizer *self);

/** sc_authorizer_answer: tells the waiting browser how it went */
void sc_authorizer_answer (ScAuthorizer *self, ScLoopbackPage page, const char *reference);

/** sc_authorizer_close: ends it; the port is closed, secrets are wiped */
void sc_authorizer_close (ScAuthorizer *self);

G_END_DECLS
