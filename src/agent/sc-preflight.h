// SPDX-License-Identifier: MIT
// "Ready to connect?": what can be known to fail is named before a browser opens.

#pragma once

#include "sc-cloud-client.h"
#include "sc-credential-store.h"
#include "sc-journal.h"

G_BEGIN_DECLS

typedef enum
{
  SC_PREFLIGHT_KEYRING,  /* an item is written, read back and deleted */
  SC_PREFLIGHT_LOOPBACK, /* a real listener is asked over a real socket */
  SC_PREFLIGHT_CLOUD,    /* the cloud answers as itself */
  SC_PREFLIGHT_CLOCK,    /* this PC's clock against the cloud's Date */
  SC_PREFLIGHT_DISK,     /* the journal can be written */
  SC_N_PREFLIGHTS
} ScPreflightCheck;

typedef enum
{
  SC_PREFLIGHT_OK,
  SC_PREFLIGHT_WARNING, /* Connect works, but differently: a person should know */
  SC_PREFLIGHT_FAILED,
} ScPreflightVerdict;

/** ScPreflightRow: one check; @error is %NULL when it is ok */
typedef struct
{
  ScPreflightVerdict verdict;
  GError *error;
} ScPreflightRow;

#define SC_TYPE_PREFLIGHT (sc_preflight_get_type ())
G_DECLARE_FINAL_TYPE (ScPreflight, sc_preflight, SC, PREFLIGHT, GObject)

ScPreflight *sc_preflight_new (ScCredentialStore *store, ScCloudClient *cloud, ScJournal *journal);

/**
 * sc_preflight_run_async:
 *
 * Runs all checks side by side; each ends by itself within the HTTP client's time limit, but for a
 * keyring prompt, which waits for a person. Errors of the finish: %SC_ERROR_CANCELLED.
 */
void sc_preflight_run_async (ScPreflight *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean sc_preflight_run_finish (ScPreflight *self, GAsyncResult *result, GError **error);

/** sc_preflight_get_row: Returns: (transfer none): what was found */
const ScPreflightRow *sc_preflight_get_row (ScPreflight *self, ScPreflightCheck check);
/** sc_preflight_get_failure: Returns: (transfer none) (nullable): the first failed check's error */
const GError *sc_preflight_get_failure (ScPreflight *self);

/** sc_preflight_check_get_id: Returns: (transfer none): "keyring", "loopback", "cloud", … */
const char *sc_preflight_check_get_id (ScPreflightCheck check);
/** sc_preflight_verdict_get_id: Returns: (transfer none): "ok", "warning", "failed" */
const char *sc_preflight_verdict_get_id (ScPreflightVerdict verdict);

G_END_DECLS
