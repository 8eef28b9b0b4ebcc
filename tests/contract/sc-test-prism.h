// SPDX-License-Identifier: MIT
// Prism as a validating proxy in front of the sandbox: what passes is held against the contract.

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _ScTestPrism ScTestPrism;

/** sc_test_prism_find_port: Returns: a port that is free now */
guint16 sc_test_prism_find_port (void);

/**
 * sc_test_prism_start:
 * @port: where it listens on 127.0.0.1
 * @upstream: URL of the server behind it
 * @is_strict: a violation is answered with an error in place of being passed on and noted
 *
 * Needs SC_TEST_CONTRACT, the contract's path, and SC_TEST_NODE_MODULES in the environment.
 *
 * Returns: (transfer full): the running proxy
 */
ScTestPrism *sc_test_prism_start (guint16 port, const char *upstream, gboolean is_strict);
void sc_test_prism_stop (ScTestPrism *self);

/** sc_test_prism_get_url: Returns: (transfer none): "http://127.0.0.1:PORT" */
const char *sc_test_prism_get_url (ScTestPrism *self);

/**
 * ScTestPrismNotes: what the proxy noted about the exchanges since the last look
 * @forwarded: how many of them it passed on
 * @in_requests: its lines about requests that violate the contract
 * @in_answers: its lines about answers that do, and about exchanges that it gave up
 */
typedef struct
{
  guint forwarded;
  GPtrArray *in_requests;
  GPtrArray *in_answers;
} ScTestPrismNotes;

/** sc_test_prism_look: Returns: (transfer full): the notes since the last look */
ScTestPrismNotes *sc_test_prism_look (ScTestPrism *self);
void sc_test_prism_notes_free (ScTestPrismNotes *self);

/** sc_test_prism_bundle: Returns: (transfer full): the contract as JSON text */
char *sc_test_prism_bundle (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScTestPrism, sc_test_prism_stop)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScTestPrismNotes, sc_test_prism_notes_free)

G_END_DECLS
