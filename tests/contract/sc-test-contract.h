// SPDX-License-Identifier: MIT
// Which answers the contract names, and which of them came by.

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _ScTestContract ScTestContract;

/** ScTestUnseen: an answer that the tests do not get, and why not */
typedef struct
{
  const char *answer; /* "GET /path 200" */
  const char *reason;
} ScTestUnseen;

/** sc_test_contract_new: @text: OpenAPI as JSON. Returns: (transfer full): with nothing seen */
ScTestContract *sc_test_contract_new (const char *text);
void sc_test_contract_free (ScTestContract *self);

/**
 * sc_test_contract_see:
 * @requests: [{method, path, status}], the sandbox's log
 *
 * Fails the test when one of them has a path of the contract and a status that is not in it.
 *
 * Returns: how many have a path of the contract
 */
guint sc_test_contract_see (ScTestContract *self, JsonArray *requests);

/**
 * sc_test_contract_assert_seen:
 * @unseen: ended by a row of %NULL
 *
 * Fails the test, naming the answer, unless each was either seen or is in @unseen, and not both.
 */
void sc_test_contract_assert_seen (ScTestContract *self, const ScTestUnseen *unseen);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScTestContract, sc_test_contract_free)

G_END_DECLS
