// SPDX-License-Identifier: MIT
// The invented practices that Sikka knows in the sandbox.

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ScSandboxLocation: one practice of an office (Sikka: practice_id)
 * @is_on: Sikka's "Practice Location Access"
 */
typedef struct
{
  const char *practice_id;
  const char *name;
  const char *city;
  gboolean is_on;
} ScSandboxLocation;

/**
 * ScSandboxPractice: one customer of Sikka
 * @office_id: the Master Customer ID
 * @secret_key: the practice's secret at Sikka, invented
 * @locations: (array zero-terminated=1): ends with a row without practice_id
 */
typedef struct
{
  const char *office_id;
  const char *name;
  const char *pms;
  const char *pms_version;
  const char *domain;
  const char *secret_key;
  const char *spc_id;
  ScSandboxLocation locations[4];
} ScSandboxPractice;

/**
 * sc_sandbox_practice_list:
 *
 * Returns: (transfer none) (array zero-terminated=1): all of them; the last row has no office_id
 */
const ScSandboxPractice *sc_sandbox_practice_list (void);

/**
 * sc_sandbox_practice_find:
 * @office_id: (nullable): a Master Customer ID
 *
 * Returns: (transfer none) (nullable): the practice
 */
const ScSandboxPractice *sc_sandbox_practice_find (const char *office_id);

/**
 * sc_sandbox_practice_find_other:
 *
 * Returns: (transfer none): Bright Smiles Dental, or Happy Dental Clinic in its place
 */
const ScSandboxPractice *sc_sandbox_practice_find_other (const char *office_id);

G_END_DECLS
