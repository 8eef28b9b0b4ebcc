// SPDX-License-Identifier: MIT
// One row of the activity log, and the hash that chains it to the row before.

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** SC_ACTIVITY_GENESIS: the hash before the first row. */
#define SC_ACTIVITY_GENESIS "0000000000000000000000000000000000000000000000000000000000000000"

/**
 * ScActivity: who, when, what, result. No patient data, no secret.
 * @sequence: 1, 2, 3, …
 * @time: seconds since 1970
 * @user: the OS user's login name
 * @action: e.g. "connect", "check", "disconnect"
 * @result: e.g. "connected", or an error id
 * @reference: the reference code, "" when none
 * @hash: 64 hex digits over this row and the hash before
 */
typedef struct
{
  gint64 sequence;
  gint64 time;
  char *user;
  char *action;
  char *result;
  char *reference;
  char *hash;
} ScActivity;

void sc_activity_free (ScActivity *self);

/**
 * sc_activity_compute_hash:
 * @self: a row; its hash member is not read
 * @previous: the hash of the row before, or %SC_ACTIVITY_GENESIS, or a checkpoint's
 *
 * SHA-256 over each field with its length in front, so that no text can be moved from one field to
 * the next without a change.
 *
 * Returns: (transfer full): 64 lower-case hex digits
 */
char *sc_activity_compute_hash (const ScActivity *self, const char *previous);

/** sc_activity_sanitize: Returns: (transfer full): @text without control characters (CWE-117), at
 *  most 200 characters of valid UTF-8 */
char *sc_activity_sanitize (const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScActivity, sc_activity_free)

G_END_DECLS
