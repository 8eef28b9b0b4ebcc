// SPDX-License-Identifier: MIT
// A cloud that is reached over TLS, and a browser that trusts it.

#pragma once

#include "sc-bench-process.h"
#include "sc-test-desktop.h"
#include "sc-test-sandbox.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * ScBenchCloud:
 * @url: "https://127.0.0.1:PORT", or the sandbox's own where no TLS can be had
 * @sandbox: behind it, and what counts the requests
 * @tls_database: (nullable): the bench's authority alone, for the browser
 */
typedef struct
{
  char *url;
  ScTestSandbox *sandbox;
  ScBenchProgram *front;
  GTlsDatabase *tls_database;
} ScBenchCloud;

/**
 * sc_bench_cloud_start:
 * @desktop: where certificates are kept, and the session of the agent that trusts them
 *
 * Starts the sandbox with a TLS front, and sets SC_TEST_AGENT and its environment so that the agent
 * sees a trust store that holds the bench's authority among all others. The machine's own store is
 * not touched: see trusting-agent.sh.
 *
 * Returns: (transfer full): the running cloud
 */
ScBenchCloud *sc_bench_cloud_start (ScTestDesktop *desktop);
void sc_bench_cloud_free (ScBenchCloud *self);

/** sc_bench_cloud_is_private: whether this machine lets a process have its own view of the trust
 *  store; without, sc_bench_cloud_start() gives plain HTTP */
gboolean sc_bench_cloud_is_private (void);

/** sc_bench_browser_new: a browser that shows nothing; @tls_database: (nullable): whom to trust,
 * %NULL for the system's store */
SoupSession *sc_bench_browser_new (GTlsDatabase *tls_database);

/** sc_bench_browser_follow: goes where @url and all redirects lead. Blocks, so each server has to
 *  be a process of its own. Returns: the status of the last page */
guint sc_bench_browser_follow (SoupSession *browser, const char *url);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScBenchCloud, sc_bench_cloud_free)

G_END_DECLS
