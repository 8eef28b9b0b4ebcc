// SPDX-License-Identifier: MIT
// The cloud's JSON (data/openapi/companion-cloud.yaml): connection status, setup and report
// answers.

#pragma once

#include "sc-error.h"
#include "sc-practice.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum
{
  SC_CLOUD_STATE_UNKNOWN, /* a value this program does not know; reads "unknown", never "connected"
                           */
  SC_CLOUD_STATE_PENDING,
  SC_CLOUD_STATE_CONNECTING,
  SC_CLOUD_STATE_CONNECTED,
  SC_CLOUD_STATE_FAILED,
} ScCloudState;

typedef struct
{
  char *name;
  char *state; /* "activated", "not-activated" or what else the cloud says */
} ScLocation;

/**
 * ScDataSync:
 * @status: "refresh", "not-refresh" (Sikka also spells it "not_refresh" and "not refresh"), or
 * other
 * @last_data_at: seconds since 1970, -1 when never or not said
 * @next_data_at: as above
 * @schedule: (nullable): the SPU's own schedule in words, e.g. "daily 02:00" or "every 15 minutes"
 * @interval_minutes: the schedule as minutes between two uploads, 0 when not said
 * @error: (nullable): what Sikka says is wrong
 * @warnings: (array zero-terminated=1): more of that
 */
typedef struct
{
  char *status;
  gint64 last_data_at;
  gint64 next_data_at;
  char *schedule;
  gint64 interval_minutes;
  char *error;
  char **warnings;
} ScDataSync;

/**
 * ScCloudStatus:
 * @state: the status member
 * @provider: (nullable): e.g. "SIKKA"
 * @practice: (nullable): officeId, practiceName, pmsType as far as they were sent
 * @timestamp: seconds since 1970 by the cloud's clock, -1 when not said
 * @error: (nullable): the cloud's text, for support
 * @error_code: the cloud's errorCode (a Sikka code such as "API2010") as an #ScError, or
 *   %SC_ERROR_CLOUD_STATUS when there is an error without a code that we know
 * @locations: (element-type ScLocation)
 * @data_sync: (nullable)
 * @features: (element-type utf8 gboolean): name to GINT_TO_POINTER (available)
 * @has_writeback: the cloud reports the write path
 * @writeback_ok: and it works
 */
typedef struct
{
  ScCloudState state;
  char *provider;
  ScPractice *practice;
  gint64 timestamp;
  char *error;
  ScError error_code;
  GPtrArray *locations;
  ScDataSync *data_sync;
  GHashTable *features;
  gboolean has_writeback;
  gboolean writeback_ok;
} ScCloudStatus;

ScCloudStatus *sc_cloud_status_new (ScCloudState state);
void sc_cloud_status_free (ScCloudStatus *self);

/**
 * sc_cloud_status_parse:
 * @text: (array length=length): the body of a 200 answer of GET /api/pms/connection-status
 * @length: its size in bytes
 * @error: return location
 *
 * isConnected that contradicts status makes the state %SC_CLOUD_STATE_UNKNOWN. Sentinel dates
 * ("1111-11-11…") read as never. Errors: %SC_ERROR_CLOUD_ANSWER, naming the member.
 *
 * Returns: (transfer full): the status
 */
ScCloudStatus *sc_cloud_status_parse (const char *text, gsize length, GError **error);

/**
 * sc_cloud_status_parse_setup:
 *
 * As sc_cloud_status_parse(), for POST /api/pms/setup: {success, provider, features, status,
 * practiceName, pmsType, error?, errorCode?}; status ACTIVE reads connected, SETUP_REQUIRED
 * connecting, ERROR failed, INACTIVE pending.
 */
ScCloudStatus *sc_cloud_status_parse_setup (const char *text, gsize length, GError **error);

/**
 * ScReportAnswer: what a 202 to a report may carry.
 */
typedef struct
{
  gboolean has_state;
  ScCloudState state;    /* connectionStatus */
  char *latest_version;  /* (nullable) */
  char *minimum_version; /* (nullable) */
} ScReportAnswer;

void sc_report_answer_free (ScReportAnswer *self);
/** sc_cloud_status_parse_report: an empty body is an answer without members */
ScReportAnswer *sc_cloud_status_parse_report (const char *text, gsize length, GError **error);

/** sc_cloud_status_parse_practice: Returns: (transfer full): {officeId, name, pmsType} of @object
 *  */
ScPractice *sc_cloud_status_parse_practice (JsonObject *object, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScCloudStatus, sc_cloud_status_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScReportAnswer, sc_report_answer_free)

G_END_DECLS
