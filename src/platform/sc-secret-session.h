// SPDX-License-Identifier: MIT
// Private to the libsecret store: the Secret Service with an open session, made anew when the one
// behind the name is another one.

#pragma once

#include "sc-error.h"

#include <libsecret/secret.h>

G_BEGIN_DECLS

typedef struct _ScSecretSession ScSecretSession;

ScSecretSession *sc_secret_session_new (void);
void sc_secret_session_free (ScSecretSession *self);

/**
 * sc_secret_session_open_async:
 * @self: a session, which has to live until @callback
 *
 * At once when it is open and its keyring is still there. Errors of the finish:
 * %SC_ERROR_STORE_UNAVAILABLE, %SC_ERROR_STORE_FAILED, %SC_ERROR_CANCELLED.
 */
void sc_secret_session_open_async (ScSecretSession *self,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
/** sc_secret_session_open_finish: Returns: (transfer full): with an open session */
SecretService *sc_secret_session_open_finish (GAsyncResult *result, GError **error);

/** sc_secret_session_forget: the next open makes a new one */
void sc_secret_session_forget (ScSecretSession *self);

/** sc_secret_error_map: Returns: which of the five answers @error of libsecret or GDBus is */
ScError sc_secret_error_map (const GError *error, GCancellable *cancellable);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScSecretSession, sc_secret_session_free)

G_END_DECLS
