// SPDX-License-Identifier: MIT
// Opening the person's own browser.

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * sc_browser_open_async:
 * @url: accepted by sc_url_check(), else refused
 * @activation_token: (nullable): from the window or command that asked
 *
 * Opens @url in the default browser and does not wait for it. The browser does not inherit what
 * this program changed in its environment. Errors of the finish: %SC_ERROR_BROWSER,
 * %SC_ERROR_NET_INSECURE,
 * %SC_ERROR_INVALID_ARGUMENT, %SC_ERROR_CANCELLED; none quotes @url.
 */
void sc_browser_open_async (const char *url,
                            const char *activation_token,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean sc_browser_open_finish (GAsyncResult *result, GError **error);

G_END_DECLS
