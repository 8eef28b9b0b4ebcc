// SPDX-License-Identifier: MIT
// The OS keyring. Five answers: ok, absent, locked, unavailable, failed. Always asynchronous.

#pragma once

#include "sc-secret-string.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ScCredentialSlot: the items that this program keeps.
 */
typedef enum
{
  SC_CREDENTIAL_SLOT_CONNECTION,         /* the connection in use */
  SC_CREDENTIAL_SLOT_PENDING_REVOCATION, /* grants to be revoked, used for nothing else */
  SC_CREDENTIAL_SLOT_CLOUD_TOKEN,        /* bearer token for reports of provider "sikka" */
  SC_CREDENTIAL_SLOT_SELF_TEST,          /* written, read and deleted by the pre-flight */
  SC_N_CREDENTIAL_SLOTS
} ScCredentialSlot;

#define SC_TYPE_CREDENTIAL_STORE (sc_credential_store_get_type ())
G_DECLARE_INTERFACE (ScCredentialStore, sc_credential_store, SC, CREDENTIAL_STORE, GObject)

struct _ScCredentialStoreInterface
{
  GTypeInterface parent_iface;

  gboolean is_persistent;
  void (*store_async) (ScCredentialStore *self,
                       ScCredentialSlot slot,
                       ScSecretString *value,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
  gboolean (*store_finish) (ScCredentialStore *self, GAsyncResult *result, GError **error);
  void (*lookup_async) (ScCredentialStore *self,
                        ScCredentialSlot slot,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
  ScSecretString *(*lookup_finish) (ScCredentialStore *self, GAsyncResult *result, GError **error);
  void (*clear_async) (ScCredentialStore *self,
                       ScCredentialSlot slot,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
  gboolean (*clear_finish) (ScCredentialStore *self, GAsyncResult *result, GError **error);
};

/**
 * sc_credential_store_store_async:
 * @self: a store
 * @slot: which item; replaced atomically when there is one
 * @value: at most %SC_CREDENTIAL_MAX_SIZE bytes
 *
 * The finish answers TRUE only after the item was read back and is the same. May wait for a person
 * who unlocks the keyring: cancel it to give up.
 *
 * Errors of all three finishes: %SC_ERROR_STORE_LOCKED (also for a dismissed prompt),
 * %SC_ERROR_STORE_UNAVAILABLE (no keyring), %SC_ERROR_STORE_FAILED, %SC_ERROR_CANCELLED; of the
 * lookup
 * %SC_ERROR_STORE_ABSENT; of the store %SC_ERROR_STORE_TOO_LARGE. Clearing what is not there
 * succeeds.
 */
void sc_credential_store_store_async (ScCredentialStore *self,
                                      ScCredentialSlot slot,
                                      ScSecretString *value,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
gboolean
sc_credential_store_store_finish (ScCredentialStore *self, GAsyncResult *result, GError **error);
void sc_credential_store_lookup_async (ScCredentialStore *self,
                                       ScCredentialSlot slot,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
/** sc_credential_store_lookup_finish: Returns: (transfer full): the value */
ScSecretString *
sc_credential_store_lookup_finish (ScCredentialStore *self, GAsyncResult *result, GError **error);
void sc_credential_store_clear_async (ScCredentialStore *self,
                                      ScCredentialSlot slot,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
gboolean
sc_credential_store_clear_finish (ScCredentialStore *self, GAsyncResult *result, GError **error);

/** sc_credential_store_is_persistent: FALSE for the store in memory */
gboolean sc_credential_store_is_persistent (ScCredentialStore *self);

/** sc_credential_store_new_system: Returns: (transfer full): this system's keyring; made without
 *  asking it */
ScCredentialStore *sc_credential_store_new_system (void);
/** sc_credential_store_new_memory: Returns: (transfer full): until the program ends, wiped then */
ScCredentialStore *sc_credential_store_new_memory (void);

/** sc_credential_slot_get_name: Returns: (transfer none): e.g. "pending-revocation" */
const char *sc_credential_slot_get_name (ScCredentialSlot slot);

G_END_DECLS
