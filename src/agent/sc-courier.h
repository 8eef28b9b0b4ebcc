// SPDX-License-Identifier: MIT
// Brings the reports that wait in the journal to the cloud, one after the other, oldest first.

#pragma once

#include "sc-cloud-client.h"
#include "sc-grant-keeper.h"
#include "sc-journal.h"

G_BEGIN_DECLS

#define SC_TYPE_COURIER (sc_courier_get_type ())
G_DECLARE_FINAL_TYPE (ScCourier, sc_courier, SC, COURIER, GObject)

/**
 * ScCourier::answered:
 * @answer: (type gpointer): an #ScReportAnswer with what the cloud said beside "accepted"
 * ScCourier::grant-gone: the grant was refused for good while a token was fetched for a report
 */

/**
 * sc_courier_new:
 * @cloud_token_store: (nullable): where the bearer token for reports is, for a provider whose own
 * tokens the cloud does not know; %NULL: the keeper's tokens are the cloud's
 */
ScCourier *sc_courier_new (ScJournal *journal,
                           ScCloudClient *cloud,
                           ScGrantKeeper *keeper,
                           ScCredentialStore *cloud_token_store,
                           ScClock *clock);

/** sc_courier_set_account: @account: (nullable): whose reports may go now; %NULL: none */
void sc_courier_set_account (ScCourier *self, const char *account);

/** sc_courier_deliver: brings what is due; what fails is tried again by back-off or Retry-After */
void sc_courier_deliver (ScCourier *self);

/** sc_courier_network_returned: delivers too what was put off because the cloud could not be
 * reached; what the cloud itself asked to wait goes on waiting */
void sc_courier_network_returned (ScCourier *self);

/**
 * sc_courier_flush_async:
 *
 * One attempt at everything that waits, due or not, before a grant ends. Always finishes well.
 */
void sc_courier_flush_async (ScCourier *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
void sc_courier_flush_finish (ScCourier *self, GAsyncResult *result);

/** sc_courier_is_waiting: whether a report of the account waits */
gboolean sc_courier_is_waiting (ScCourier *self);

G_END_DECLS
