// SPDX-License-Identifier: MIT
// A question on the terminal, answered by one line.

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * sc_ctl_ask_async:
 * @question: a translated sentence, its values cleaned; written to standard error
 * @cancellable: (nullable): to give up
 * @callback: called with the answer
 * @user_data: for @callback
 */
void sc_ctl_ask_async (const char *question,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data);

/**
 * sc_ctl_ask_finish:
 *
 * Returns: (transfer full): the line without blanks around it, "" at the end of the input or for
 * text that is not UTF-8; %NULL on error
 */
char *sc_ctl_ask_finish (GAsyncResult *result, GError **error);

G_END_DECLS
