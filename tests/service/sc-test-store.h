// SPDX-License-Identifier: MIT
// A keyring of a test: keeps items as a real one does, and fails or waits as it is told to.

#pragma once

#include "sc-credential-store.h"
#include "sc-error.h"

G_BEGIN_DECLS

typedef enum
{
  SC_TEST_STORE_STORE,
  SC_TEST_STORE_LOOKUP,
  SC_TEST_STORE_CLEAR,
  SC_TEST_STORE_N_CALLS,
} ScTestStoreCall;

#define SC_TYPE_TEST_STORE (sc_test_store_get_type ())
G_DECLARE_FINAL_TYPE (ScTestStore, sc_test_store, SC, TEST_STORE, GObject)

ScTestStore *sc_test_store_new (void);

/** sc_test_store_fail: @call on @slot answers @error until sc_test_store_work(); "slot" may be
 *  %SC_N_CREDENTIAL_SLOTS for all, "call" %SC_TEST_STORE_N_CALLS */
void
sc_test_store_fail (ScTestStore *self, ScTestStoreCall call, ScCredentialSlot slot, ScError error);
/** sc_test_store_work: nothing fails any more */
void sc_test_store_work (ScTestStore *self);

/** sc_test_store_hold: calls wait from now on, as for a person who is asked for a password */
void sc_test_store_hold (ScTestStore *self);
/** sc_test_store_release: answers what waits, the newest call first when @newest_first, and holds
 *  nothing any more */
void sc_test_store_release (ScTestStore *self, gboolean newest_first);
/** sc_test_store_count_held: Returns: how many calls wait */
guint sc_test_store_count_held (ScTestStore *self);

/** sc_test_store_count: Returns: how often @call was made on @slot */
guint sc_test_store_count (ScTestStore *self, ScTestStoreCall call, ScCredentialSlot slot);

/** sc_test_store_peek: Returns: (transfer none) (nullable): the item's text */
const char *sc_test_store_peek (ScTestStore *self, ScCredentialSlot slot);
/** sc_test_store_put: @text: (nullable): the item from now on, as if another program wrote it */
void sc_test_store_put (ScTestStore *self, ScCredentialSlot slot, const char *text);

G_END_DECLS
