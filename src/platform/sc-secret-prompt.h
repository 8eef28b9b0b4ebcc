// SPDX-License-Identifier: MIT
// Private to the libsecret store: a prompt of the Secret Service that need not be waited for.

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * sc_secret_prompt_run_async:
 * @bus: the session bus
 * @owner: the unique name of the keyring on it
 * @path: the object path of the prompt, as from Unlock() or CreateCollection()
 *
 * Shows the prompt and waits for the person, without a time limit. Cancelling answers at once and
 * leaves the prompt to the person: gnome-keyring 42 aborts when an unlock prompt that is on the
 * screen gets Dismiss(), and takes every program's secrets with it. libsecret's own SecretPrompt
 * sends that, so it is not used.
 *
 * Errors of the finish: %SC_ERROR_STORE_LOCKED when it was dismissed or cannot be shown,
 * %SC_ERROR_STORE_UNAVAILABLE when the keyring went away, %SC_ERROR_STORE_FAILED,
 * %SC_ERROR_CANCELLED.
 */
void sc_secret_prompt_run_async (GDBusConnection *bus,
                                 const char *owner,
                                 const char *path,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean sc_secret_prompt_run_finish (GAsyncResult *result, GError **error);

G_END_DECLS
