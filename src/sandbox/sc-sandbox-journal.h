// SPDX-License-Identifier: MIT
// The request log behind GET /sandbox/requests: paths only, never a query, a header or a body.

#pragma once

#include "sc-sandbox.h"

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

ScSandboxJournal *sc_sandbox_journal_new (void);
void sc_sandbox_journal_free (ScSandboxJournal *self);

/**
 * sc_sandbox_journal_record:
 * @path: the message's path
 *
 * Counts @message and remembers it; its status is filled in when it has been answered and stays 0
 * when it never is.
 */
void
sc_sandbox_journal_record (ScSandboxJournal *self, SoupServerMessage *message, const char *path);

/** sc_sandbox_journal_clear: forgets everything */
void sc_sandbox_journal_clear (ScSandboxJournal *self);

/**
 * sc_sandbox_journal_describe:
 *
 * Returns: (transfer full): {total, counters: {"GET /path": n}, requests: [{method, path, status,
 *   time}]}, the newest 1,000 requests, oldest first
 */
JsonObject *sc_sandbox_journal_describe (ScSandboxJournal *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScSandboxJournal, sc_sandbox_journal_free)

G_END_DECLS
