// SPDX-License-Identifier: MIT
// A provider's calls, each waited for.

#pragma once

#include "sc-provider.h"

G_BEGIN_DECLS

#define SC_TEST_REDIRECT_URI "http://127.0.0.1:9/callback"
#define SC_TEST_CREDENTIAL_ID "5f3e1c52-3a4b-4c5d-8e9f-0a1b2c3d4e5f"

/** sc_test_transaction_new: with a state and a verifier that are always the same */
ScTransaction *sc_test_transaction_new (void);

/** sc_test_redirect_new: @issuer: (nullable). Returns: (transfer full): an answer with a code */
ScRedirect *sc_test_redirect_new (const char *code, const char *issuer);

/** sc_test_provider_decide: the browser's part, see sc_test_browser_decide(). Returns: (transfer
 *  full): the answer that came to the loopback URI */
ScRedirect *sc_test_provider_decide (const ScTransaction *transaction,
                                     const char *practice,
                                     const char *decision);

gboolean sc_test_provider_begin (ScProvider *provider, ScTransaction *transaction, GError **error);
ScGrant *sc_test_provider_exchange (ScProvider *provider,
                                    const ScTransaction *transaction,
                                    const ScRedirect *redirect,
                                    GError **error);
ScGrant *
sc_test_provider_refresh (ScProvider *provider, const ScCredential *credential, GError **error);
gboolean
sc_test_provider_revoke (ScProvider *provider, const ScCredential *credential, GError **error);
ScCloudStatus *
sc_test_provider_get_status (ScProvider *provider, const ScGrant *grant, GError **error);
ScCloudStatus *sc_test_provider_setup (ScProvider *provider, const ScToken *token, GError **error);
gboolean sc_test_provider_disconnect (ScProvider *provider, const ScToken *token, GError **error);

/** sc_test_provider_connect: begin, browser, exchange, all of which must succeed. Returns:
 *  (transfer full): the grant */
ScGrant *sc_test_provider_connect (ScProvider *provider, const char *practice);

G_END_DECLS
