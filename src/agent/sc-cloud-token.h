// SPDX-License-Identifier: MIT
// `sikka-companion-agent --store-cloud-token`: a bearer token for reports, from standard input.

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** SC_CLOUD_TOKEN_MAX: bytes of a token. */
#define SC_CLOUD_TOKEN_MAX 2000

/**
 * sc_cloud_token_store:
 *
 * Reads one line from standard input into the keyring. It never stands in an argument, a file or
 * the environment.
 *
 * Returns: the exit status: 0 stored, 1 not, with the reason on standard error
 */
int sc_cloud_token_store (void);

G_END_DECLS
