// SPDX-License-Identifier: MIT
// The cloud's API (data/openapi/companion-cloud.yaml), below /api.

#pragma once

#include "sc-cloud-status.h"
#include "sc-http.h"

G_BEGIN_DECLS

#define SC_TYPE_CLOUD_CLIENT (sc_cloud_client_get_type ())
G_DECLARE_FINAL_TYPE (ScCloudClient, sc_cloud_client, SC, CLOUD_CLIENT, GObject)

/** sc_cloud_client_new: @cloud_url: accepted by sc_url_check() */
ScCloudClient *sc_cloud_client_new (ScHttp *http, const char *cloud_url);

/**
 * sc_cloud_client_get_clock_skew:
 * @self: a client
 * @skew: (out): this PC's clock minus the cloud's, seconds, by the last answer
 *
 * Returns: whether an answer with a Date was seen yet
 */
gboolean sc_cloud_client_get_clock_skew (ScCloudClient *self, gint64 *skew);

/**
 * sc_cloud_client_reach_async:
 *
 * Whether the cloud answers as itself: GET of its metadata without a token. A page instead of
 * JSON, or a redirect, is %SC_ERROR_NET_CAPTIVE_PORTAL; other errors as sc_http_send_async() and
 * %SC_ERROR_CLOUD_UNAVAILABLE.
 */
void sc_cloud_client_reach_async (ScCloudClient *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean sc_cloud_client_reach_finish (ScCloudClient *self, GAsyncResult *result, GError **error);

/* Each call below takes the access token and maps 401, 403, 429, 5xx, other 4xx and an unreadable
 * body to
 * %SC_ERROR_CLOUD_UNAUTHORIZED, _FORBIDDEN, _RATE_LIMITED, _UNAVAILABLE, _REJECTED and _ANSWER. */

void sc_cloud_client_get_status_async (ScCloudClient *self,
                                       ScSecretString *access_token,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
ScCloudStatus *
sc_cloud_client_get_status_finish (ScCloudClient *self, GAsyncResult *result, GError **error);

/** sc_cloud_client_setup_async: POST /api/pms/setup {provider:"SIKKA", config:{timezone}} */
void sc_cloud_client_setup_async (ScCloudClient *self,
                                  ScSecretString *access_token,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
ScCloudStatus *
sc_cloud_client_setup_finish (ScCloudClient *self, GAsyncResult *result, GError **error);

/** sc_cloud_client_send_report_async: @body: from sc_report_serialize(); 202 is success, also for
 *  an id that the cloud has already */
void sc_cloud_client_send_report_async (ScCloudClient *self,
                                        ScSecretString *access_token,
                                        const char *body,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
/** sc_cloud_client_send_report_finish: @retry_after: (out) (optional): seconds, -1 when not said;
 *  set on errors too */
ScReportAnswer *sc_cloud_client_send_report_finish (ScCloudClient *self,
                                                    GAsyncResult *result,
                                                    gint64 *retry_after,
                                                    GError **error);

/** sc_cloud_client_delete_connection_async: DELETE /api/pms/connection; 404 counts as done */
void sc_cloud_client_delete_connection_async (ScCloudClient *self,
                                              ScSecretString *access_token,
                                              GCancellable *cancellable,
                                              GAsyncReadyCallback callback,
                                              gpointer user_data);
gboolean sc_cloud_client_delete_connection_finish (ScCloudClient *self,
                                                   GAsyncResult *result,
                                                   GError **error);

G_END_DECLS
