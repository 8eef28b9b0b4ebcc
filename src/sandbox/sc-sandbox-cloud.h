// SPDX-License-Identifier: MIT
// The cloud's API (the contract is data/openapi/companion-cloud.yaml), and what its files share.

#pragma once

#include "sc-sandbox-crypto.h"
#include "sc-sandbox-request.h"
#include "sc-sandbox-sikka-client.h"
#include "sc-sandbox-store.h"

G_BEGIN_DECLS

/**
 * ScSandboxCloud:
 * @state_key: signs the state that goes through Sikka's portal; new at every start, so that a
 *   sign-in does not outlive the program
 */
struct _ScSandboxCloud
{
  ScSandbox *sandbox;
  ScSandboxStore *store;
  ScSandboxSikkaClient *sikka;
  guint8 state_key[SC_SANDBOX_CRYPTO_KEY_SIZE];
};

/** sc_sandbox_cloud_routes: the part is the sandbox's #ScSandboxCloud */
extern const ScSandboxRoute sc_sandbox_cloud_routes[];

ScSandboxCloud *sc_sandbox_cloud_new (ScSandbox *sandbox, const char *state_dir, GError **error);
void sc_sandbox_cloud_free (ScSandboxCloud *self);

/** sc_sandbox_cloud_enter: what @scenario does once, at its beginning */
void sc_sandbox_cloud_enter (ScSandboxCloud *self, ScSandboxScenario scenario);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScSandboxCloud, sc_sandbox_cloud_free)

G_END_DECLS
