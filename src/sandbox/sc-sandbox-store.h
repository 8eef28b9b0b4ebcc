// SPDX-License-Identifier: MIT
// The cloud's database: integrations, their secrets in a table of their own, reports, sign-ins.

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _ScSandboxStore ScSandboxStore;

/**
 * ScSandboxIntegration: a row of pms_integrations, for provider SIKKA
 * @status: ACTIVE, INACTIVE, ERROR or SETUP_REQUIRED
 * @token_expiry: seconds since 1970
 */
typedef struct
{
  char *account;
  char *status;
  char *office_id;
  char *practice_name;
  char *pms_type;
  gint64 token_expiry;
  char *last_error;      /* (nullable) */
  char *last_error_code; /* (nullable) */
} ScSandboxIntegration;

/** ScSandboxSecrets: what the cloud holds of Sikka's for one account */
typedef struct
{
  char *request_key;
  char *refresh_key;
} ScSandboxSecrets;

void sc_sandbox_integration_free (ScSandboxIntegration *self);
void sc_sandbox_secrets_free (ScSandboxSecrets *self);

ScSandboxStore *sc_sandbox_store_new (const char *state_dir, GError **error);
void sc_sandbox_store_free (ScSandboxStore *self);

/** sc_sandbox_store_put: adds the row, or replaces the one of the same account */
void sc_sandbox_store_put (ScSandboxStore *self, const ScSandboxIntegration *row, gint64 now);

/** sc_sandbox_store_find: Returns: (transfer full) (nullable): the row of @account */
ScSandboxIntegration *sc_sandbox_store_find (ScSandboxStore *self, const char *account);

/**
 * sc_sandbox_store_set_status:
 * @error: (nullable): last_error
 * @error_code: (nullable): Sikka's code of it
 */
void sc_sandbox_store_set_status (ScSandboxStore *self,
                                  const char *account,
                                  const char *status,
                                  const char *error,
                                  const char *error_code,
                                  gint64 now);

/** sc_sandbox_store_require_setup: every ACTIVE row becomes SETUP_REQUIRED */
void sc_sandbox_store_require_setup (ScSandboxStore *self, gint64 now);

/** sc_sandbox_store_put_secrets: @token_expiry goes into the row */
void sc_sandbox_store_put_secrets (ScSandboxStore *self,
                                   const char *account,
                                   const ScSandboxSecrets *secrets,
                                   gint64 token_expiry);

/** sc_sandbox_store_find_secrets: Returns: (transfer full) (nullable) */
ScSandboxSecrets *sc_sandbox_store_find_secrets (ScSandboxStore *self, const char *account);

/** sc_sandbox_store_delete_secrets: forgets what the cloud holds of Sikka's for @account */
void sc_sandbox_store_delete_secrets (ScSandboxStore *self, const char *account);

/** sc_sandbox_store_add_sign_in: remembers what @nonce stands for */
void sc_sandbox_store_add_sign_in (ScSandboxStore *self, const char *nonce, const char *request);

/**
 * sc_sandbox_store_take_sign_in:
 *
 * Returns: (transfer full) (nullable): what @nonce stands for; a second time it stands for nothing
 */
char *sc_sandbox_store_take_sign_in (ScSandboxStore *self, const char *nonce);

/**
 * sc_sandbox_store_add_report:
 *
 * Stores the report unless there is one of that id.
 *
 * Returns: whether the id is, or was already, @account's
 */
gboolean sc_sandbox_store_add_report (ScSandboxStore *self,
                                      const char *id,
                                      const char *account,
                                      const char *body,
                                      gint64 now);

/** sc_sandbox_store_count_reports: Returns: how many reports there are */
gint64 sc_sandbox_store_count_reports (ScSandboxStore *self);

/** sc_sandbox_store_describe: Returns: (transfer full): the rows, without secrets, for tests */
JsonArray *sc_sandbox_store_describe (ScSandboxStore *self);

/** sc_sandbox_store_describe_reports: Returns: (transfer full): [{id, account, receivedAt, body}]
 */
JsonArray *sc_sandbox_store_describe_reports (ScSandboxStore *self);

/** sc_sandbox_store_clear: forgets everything */
void sc_sandbox_store_clear (ScSandboxStore *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScSandboxIntegration, sc_sandbox_integration_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScSandboxSecrets, sc_sandbox_secrets_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScSandboxStore, sc_sandbox_store_free)

G_END_DECLS
