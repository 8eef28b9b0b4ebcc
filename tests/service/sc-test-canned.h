// SPDX-License-Identifier: MIT
// Revoker, keeper and courier with a server of canned answers: for what the sandbox never says.

#pragma once

#include "sc-clock.h"
#include "sc-courier.h"
#include "sc-grant-keeper.h"
#include "sc-revoker.h"
#include "sc-test-server.h"
#include "sc-test-store.h"

G_BEGIN_DECLS

#define SC_TEST_REPORTS "POST /api/pms/companion/reports"
#define SC_TEST_REVOKE "POST /oauth/revoke"
#define SC_TEST_TOKEN "POST /oauth/token"

/**
 * ScTestCanned:
 * @account: of the credentials that sc_test_canned_create_grant() makes
 * @finished: what the revoker finished: "id", or "id given-up", one a line
 * @store_failures: how often the keeper said "store-failed"
 */
typedef struct
{
  ScTestServer *server;
  char *folder;
  ScClock *clock;
  ScTestStore *store;
  ScJournal *journal;
  ScHttp *http;
  ScCloudClient *cloud;
  ScProvider *provider;
  ScRevoker *revoker;
  ScGrantKeeper *keeper;
  ScCourier *courier;
  char *account;
  GString *finished;
  guint store_failures;
} ScTestCanned;

/** sc_test_canned_init: g_test_init(), with warnings that may be said */
void sc_test_canned_init (int *argc, char ***argv);

void sc_test_canned_set_up (ScTestCanned *self, gconstpointer data);
void sc_test_canned_tear_down (ScTestCanned *self, gconstpointer data);

/** sc_test_canned_restart: new parts over the same keyring and journal */
void sc_test_canned_restart (ScTestCanned *self);

/** sc_test_canned_create_grant: Returns: (transfer full): with refresh token "refresh-@id" */
ScGrant *sc_test_canned_create_grant (ScTestCanned *self, const char *id);
/** sc_test_canned_answer_token: what the token endpoint says from now on */
void sc_test_canned_answer_token (ScTestCanned *self, const char *access, const char *refresh);

/* Calls, each waited for. */
gboolean sc_test_canned_load (ScTestCanned *self, GError **error);
gboolean sc_test_canned_store (ScTestCanned *self, const char *id, GError **error);
/** sc_test_canned_get_token: Returns: (transfer full): the access token's text */
char *sc_test_canned_get_token (ScTestCanned *self, GError **error);
gboolean sc_test_canned_retire (ScTestCanned *self, GError **error);
gboolean sc_test_canned_add (ScTestCanned *self, const char *id, GError **error);
gboolean sc_test_canned_load_revoker (ScTestCanned *self, const char *held_id, GError **error);

/** sc_test_canned_settle: until what was begun has come to its end */
void sc_test_canned_settle (ScTestCanned *self);
void sc_test_canned_advance (ScTestCanned *self, gint64 seconds);
/** sc_test_canned_count_alarms: Returns: alarms that wait */
guint sc_test_canned_count_alarms (ScTestCanned *self);
/** sc_test_canned_lock_journal: nothing can be written to the journal any more */
void sc_test_canned_lock_journal (ScTestCanned *self);
void sc_test_canned_unlock_journal (ScTestCanned *self);
/** sc_test_canned_item_has: whether @text is in the keyring's item */
gboolean sc_test_canned_item_has (ScTestCanned *self, ScCredentialSlot slot, const char *text);

G_END_DECLS
