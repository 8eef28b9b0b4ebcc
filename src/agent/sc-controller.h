// SPDX-License-Identifier: MIT
// The agent's heart: feeds events to the state machine and does what it answers.

#pragma once

#include "sc-clock.h"
#include "sc-config.h"
#include "sc-credential-store.h"
#include "sc-grant-keeper.h"
#include "sc-http.h"
#include "sc-journal.h"
#include "sc-light.h"
#include "sc-preflight.h"
#include "sc-settings.h"
#include "sc-spu-probe.h"

G_BEGIN_DECLS

/** SC_CONTROLLER_UNDO: seconds in which Disconnect can be undone. */
#define SC_CONTROLLER_UNDO 10

/**
 * ScControllerParts: what the controller works with; all are referenced, @config, @spu_names,
 * @app_id and
 * @app_key are taken over.
 * @app_id: (nullable): Sikka's app id and key, for provider "sikka" only
 */
typedef struct
{
  ScConfig *config;
  ScSpuNames *spu_names;
  ScSecretString *app_id;
  ScSecretString *app_key;
  ScClock *clock;
  ScCredentialStore *store;
  ScJournal *journal;
  ScSettings *settings;
  ScHttp *http;
} ScControllerParts;

#define SC_TYPE_CONTROLLER (sc_controller_get_type ())
G_DECLARE_FINAL_TYPE (ScController, sc_controller, SC, CONTROLLER, GObject)

/**
 * ScController::changed: something that the getters answer is another now
 * ScController::transaction-finished:
 * @transaction: its number
 * @outcome: "returned", "cancelled", "denied", "timed-out", "declined", "failed"
 * @error_id: the stable error id, "" when returned
 * @reference: the reference
 */

ScController *sc_controller_new (const ScControllerParts *parts);

/**
 * sc_controller_start:
 *
 * Restores what was recorded, looks the credential up, finishes what a crash left half done,
 * delivers what waits, and checks once when the person chose that. Commands that come earlier wait
 * for it.
 */
void sc_controller_start (ScController *self);

/**
 * sc_controller_connect_async:
 * @self: the controller
 * @open_browser: FALSE: somebody takes the authorization URL
 * @preflight: FALSE: begin without looking first
 * @activation_token: (nullable): of the window or command that asked
 *
 * Comes back when the browser is open; the outcome comes as ScController::transaction-finished.
 * Errors of the finish: %SC_ERROR_BUSY, the pre-flight's failure, those of
 * sc_authorizer_start_async().
 */
void sc_controller_connect_async (ScController *self,
                                  gboolean open_browser,
                                  gboolean preflight,
                                  const char *activation_token,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
/** sc_controller_connect_finish: Returns: the transaction's number, 0 with @error set */
guint sc_controller_connect_finish (ScController *self, GAsyncResult *result, GError **error);

/**
 * sc_controller_check_async:
 *
 * One look at the SPU, one question to the cloud, two when a setup is due. A second call shares the
 * first. Errors of the finish: %SC_ERROR_NOT_CONNECTED, %SC_ERROR_BUSY while a browser is open;
 * what the check found is in the state, not an error.
 */
void sc_controller_check_async (ScController *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean sc_controller_check_finish (ScController *self, GAsyncResult *result, GError **error);

/** sc_controller_cancel: ends the authorization; %SC_ERROR_NOT_CONNECTED when none is under way */
gboolean sc_controller_cancel (ScController *self, GError **error);
/** sc_controller_confirm_practice: %SC_ERROR_INVALID_ARGUMENT when nothing is asked */
gboolean sc_controller_confirm_practice (ScController *self, gboolean accept, GError **error);

/**
 * sc_controller_disconnect_async:
 * @self: the controller
 * @practice: the whole practice, not just this PC
 * @immediate: without Undo
 * @practice_name: (nullable): typed by the person, must be the practice's for @practice
 *
 * Errors of the finish: %SC_ERROR_NOT_CONNECTED, %SC_ERROR_BUSY, %SC_ERROR_INVALID_ARGUMENT,
 * %SC_ERROR_NOT_SUPPORTED (policy hides it), keyring errors when it cannot be asked, and for
 * @practice what the cloud said: then nothing has changed.
 */
void sc_controller_disconnect_async (ScController *self,
                                     gboolean practice,
                                     gboolean immediate,
                                     const char *practice_name,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean sc_controller_disconnect_finish (ScController *self, GAsyncResult *result, GError **error);
/** sc_controller_undo: %SC_ERROR_INVALID_ARGUMENT when nothing can be undone any more */
gboolean sc_controller_undo (ScController *self, GError **error);

/** sc_controller_preflight_async: the checks alone, for a person who wants to see them */
void sc_controller_preflight_async (ScController *self,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
/** sc_controller_preflight_finish: Returns: (transfer full): the checks' rows */
ScPreflight *
sc_controller_preflight_finish (ScController *self, GAsyncResult *result, GError **error);

void sc_controller_probe_spu_async (ScController *self,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
/** sc_controller_probe_spu_finish: Returns: (transfer none): what was seen, until the next probe */
const ScSpuFindings *
sc_controller_probe_spu_finish (ScController *self, GAsyncResult *result, GError **error);

gboolean sc_controller_set_spu_elsewhere (ScController *self, gboolean elsewhere, GError **error);
gboolean sc_controller_set_check_at_sign_in (ScController *self, gboolean enabled, GError **error);
gboolean sc_controller_set_autostart (ScController *self, gboolean enabled, GError **error);

const ScConnection *sc_controller_get_connection (ScController *self);
/** sc_controller_get_busy: Returns: (transfer none): "", "preflight", "connect", "check",
 * "disconnect" */
const char *sc_controller_get_busy (ScController *self);
/** sc_controller_get_practice: Returns: (transfer none) (nullable): the practice of the connection
 */
const ScPractice *sc_controller_get_practice (ScController *self);
/** sc_controller_get_new_practice: Returns: (transfer none) (nullable): the one that is asked about
 */
const ScPractice *sc_controller_get_new_practice (ScController *self);
const char *sc_controller_get_reference (ScController *self);
gint64 sc_controller_get_last_checked (ScController *self);
gint64 sc_controller_get_status_expires (ScController *self);
const char *sc_controller_get_authorization_url (ScController *self);
gint64 sc_controller_get_browser_deadline (ScController *self);
gint64 sc_controller_get_undo_deadline (ScController *self);
const ScLight *sc_controller_get_light (ScController *self, ScLightId id);
/** sc_controller_get_cloud_status: Returns: (transfer none) (nullable): what the cloud said last */
const ScCloudStatus *sc_controller_get_cloud_status (ScController *self);
const char *sc_controller_get_latest_version (ScController *self);
const char *sc_controller_get_minimum_version (ScController *self);
ScGrantKeeper *sc_controller_get_keeper (ScController *self);
ScJournal *sc_controller_get_journal (ScController *self);
ScSettings *sc_controller_get_settings (ScController *self);
const ScConfig *sc_controller_get_config (ScController *self);

G_END_DECLS
