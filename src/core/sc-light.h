// SPDX-License-Identifier: MIT
// Health lights: a verdict with its evidence, age and advice, and who acts. "Could not look" is
// not "broken".

#pragma once

#include "sc-cloud-status.h"

G_BEGIN_DECLS

typedef enum
{
  SC_LIGHT_SPU,
  SC_LIGHT_SIKKA,
  SC_LIGHT_AUTHORIZATION,
  SC_LIGHT_CLOUD,
  SC_LIGHT_WRITEBACK,
  SC_N_LIGHTS
} ScLightId;

typedef enum
{
  SC_VERDICT_UNKNOWN, /* not looked yet, or could not look */
  SC_VERDICT_OK,
  SC_VERDICT_ATTENTION, /* works, but someone should act */
  SC_VERDICT_FAILED,
  SC_VERDICT_NOT_HERE, /* the SPU is on another computer */
} ScVerdict;

typedef enum
{
  SC_SPU_COULD_NOT_LOOK,
  SC_SPU_NOT_INSTALLED,
  SC_SPU_STOPPED, /* installed, one or both programs not running */
  SC_SPU_RUNNING,
} ScSpuState;

/** ScSpuProcess: a program that was looked for */
typedef struct
{
  char *name;
  gboolean running;
} ScSpuProcess;

/**
 * ScSpuFindings: what the probe of this system saw.
 * @state: the answer
 * @processes: (element-type ScSpuProcess): each program looked for
 * @evidence: (element-type utf8): facts, technical, without user names
 * @checked: seconds since 1970
 */
typedef struct
{
  ScSpuState state;
  GPtrArray *processes;
  GPtrArray *evidence;
  gint64 checked;
} ScSpuFindings;

ScSpuFindings *sc_spu_findings_new (gint64 checked);
void sc_spu_findings_add_process (ScSpuFindings *self, const char *name, gboolean running);
void sc_spu_findings_free (ScSpuFindings *self);
/** sc_spu_state_get_id: Returns: (transfer none): "running", "stopped", "not-installed",
 *  "could-not-look" */
const char *sc_spu_state_get_id (ScSpuState state);

/**
 * ScLight:
 * @id: which
 * @verdict: how it is
 * @checked: seconds since 1970, 0 when never
 * @evidence: facts, technical
 * @advice: (transfer none): id of the one next step, "" when nothing is to be done;
 *   sc-light.c has the table of all of them
 * @actor: (transfer none): who acts: "front-desk", "it", "sikka", "vendor", ""
 */
typedef struct
{
  ScLightId id;
  ScVerdict verdict;
  gint64 checked;
  char *evidence;
  const char *advice;
  const char *actor;
} ScLight;

/** sc_light_clear: frees what @self holds; @id stays */
void sc_light_clear (ScLight *self);

/** sc_light_set_spu: from the probe, or %NULL findings while nobody looked; advice "spu-install",
 *  "spu-start", "spu-look-there" */
void sc_light_set_spu (ScLight *self, const ScSpuFindings *findings, gboolean elsewhere);

/**
 * sc_light_set_sikka:
 * @self: a light
 * @data_sync: (nullable): what the cloud said
 * @now: seconds since 1970
 *
 * Judged against the SPU's own schedule: more than the interval and a quarter of it late, at least
 * an hour, for short intervals; 30 hours for a daily one; 30 hours where nothing is said. Never
 * synced: attention, "sikka-wait-first-sync". Stale: attention, "sikka-stale".
 */
void sc_light_set_sikka (ScLight *self, const ScDataSync *data_sync, gint64 now);

/** sc_light_set_authorization: @error: (nullable): what went wrong with the grant */
void sc_light_set_authorization (ScLight *self,
                                 gboolean has_credential,
                                 const GError *error,
                                 gint64 now);

/**
 * sc_light_set_cloud:
 * @self: a light
 * @error: (nullable): the last call's error, %NULL when it was answered
 * @clock_skew: this PC's clock minus the cloud's, seconds; beyond 300 the verdict is attention,
 * "clock-set"
 * @now: seconds since 1970
 *
 * Advice tells offline, captive portal, interception, clock, proxy and server trouble apart.
 */
void sc_light_set_cloud (ScLight *self, const GError *error, gint64 clock_skew, gint64 now);

/** sc_light_set_writeback: only when the cloud reports it */
void sc_light_set_writeback (ScLight *self, gboolean ok, gint64 now);

/** sc_light_get_id: Returns: (transfer none): "spu", "sikka", "authorization", "cloud",
 *  "writeback" */
const char *sc_light_id_get_name (ScLightId id);
/** sc_verdict_get_name: Returns: (transfer none): "ok", "attention", "failed", "unknown",
 *  "not-here" */
const char *sc_verdict_get_name (ScVerdict verdict);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScSpuFindings, sc_spu_findings_free)

G_END_DECLS
