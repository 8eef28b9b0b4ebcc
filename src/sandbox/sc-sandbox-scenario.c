// SPDX-License-Identifier: MIT
// The ways in which the sandbox can be told to fail.

#define G_LOG_DOMAIN "sc-sandbox"

#include "sc-sandbox-scenario.h"

/* "API" is /api/pms/ without the page that the browser is sent to; POST /sandbox/scenario can name
 * another path for those scenarios. */
static const struct
{
  const char *name;
  const char *description;
} scenarios[] = {
  { "none", "everything works" },
  { "denied", "portal: answers Deny by itself" },
  { "exchange-fails", "Sikka refuses the code; row ERROR; the token endpoint says invalid_grant" },
  { "status-failed", "Sikka: access withdrawn (API2007); connection-status failed, row ERROR" },
  { "setup-required", "rows become SETUP_REQUIRED and stay so until setup is called" },
  { "spu-offline", "Sikka: not_refresh, write-back API2017; connection-status stays connected" },
  { "no-data-yet", "Sikka: nothing uploaded (API2010); row SETUP_REQUIRED, setup cannot help" },
  { "request-key-expired", "Sikka: API1025 once, the refresh key works" },
  { "rate-limited", "API: 429 with Retry-After 30" },
  { "slow", "API: every answer two seconds late" },
  { "hangs", "API: never answers, until the client leaves" },
  { "garbage", "API: 200 with an HTML page" },
  { "truncated", "API: the connection closes in the middle of the body" },
  { "huge", "API: a body of 16 MB without a length" },
  { "wrong-type", "API: JSON with members of other types than agreed" },
  { "wrong-issuer", "metadata and iss name another issuer" },
  { "wrong-iss", "only the iss of the redirect names another issuer" },
  { "clock-skew", "Date is an hour ahead, everywhere" },
  { "unavailable", "API: 503 with Retry-After 120" },
  { "revoked", "refresh tokens are refused (invalid_grant), access tokens too (401)" },
  { "other-practice", "portal: yields another practice than the one picked" },
  { "strict-rotation", "a refresh token is dead as soon as it was used; its reuse revokes" },
};

G_STATIC_ASSERT (G_N_ELEMENTS (scenarios) == SC_SANDBOX_N_SCENARIOS);

const char *
sc_sandbox_scenario_get_name (ScSandboxScenario scenario)
{
  g_return_val_if_fail (scenario < SC_SANDBOX_N_SCENARIOS, NULL);

  return scenarios[scenario].name;
}

gboolean
sc_sandbox_scenario_find (const char *name, ScSandboxScenario *scenario)
{
  g_return_val_if_fail (scenario != NULL, FALSE);

  for (gsize i = 0; i < G_N_ELEMENTS (scenarios); i++)
    {
      if (g_strcmp0 (scenarios[i].name, name) == 0)
        {
          *scenario = i;
          return TRUE;
        }
    }

  return FALSE;
}

char *
sc_sandbox_scenario_describe (void)
{
  GString *text = g_string_new ("Scenarios:\n");

  for (gsize i = 0; i < G_N_ELEMENTS (scenarios); i++)
    g_string_append_printf (text, "  %-20s %s\n", scenarios[i].name, scenarios[i].description);

  return g_string_free (text, FALSE);
}
