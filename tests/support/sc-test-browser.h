// SPDX-License-Identifier: MIT
// The browser's way without a browser: redirects, the portal's form, and the way back.

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * sc_test_browser_decide:
 * @authorization_url: what the program would open
 * @practice: office id of the practice to pick on the portal's page
 * @decision: "allow" or "deny"
 *
 * Follows redirects from @authorization_url, sends the form of a page that comes, and goes on until
 * a redirect leaves the server. That one is not followed.
 *
 * Returns: (transfer full): where the browser was sent: the loopback URI with its answer
 */
char *
sc_test_browser_decide (const char *authorization_url, const char *practice, const char *decision);

G_END_DECLS
