// SPDX-License-Identifier: MIT
// The report that goes to the cloud after a change of state or a check (contract: CompanionReport).

#pragma once

#include "sc-connection.h"
#include "sc-light.h"

G_BEGIN_DECLS

/** ScCounters: totals since installation. */
typedef struct
{
  gint64 refreshes;
  gint64 callbacks;
  gint64 store_errors;
} ScCounters;

/**
 * ScReport: no patient data, no path with a user name, no log line, no secret.
 * @id: a random UUID; the cloud drops a second report with the same
 * @kind: "state" (a change; never merged) or "routine" (a check that changed nothing; merged when
 * old)
 * @created: seconds since 1970
 */
typedef struct
{
  const char *id;
  const char *kind;
  gint64 created;
  const char *app_version;
  const char *os;        /* e.g. "linux debian 12" */
  const char *device_id; /* random, made at the first start */
  const ScConnection *connection;
  const char *reference;
  const ScLight *lights; /* SC_N_LIGHTS of them; those never checked are left out */
  ScCounters counters;
  const char *chain_head; /* hash of the newest activity row */
  gint64 chain_length;
} ScReport;

/**
 * sc_report_serialize:
 *
 * Returns: (transfer full): compact JSON
 */
char *sc_report_serialize (const ScReport *self);

G_END_DECLS
