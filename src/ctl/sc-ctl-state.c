// SPDX-License-Identifier: MIT
// The agent's properties as they were read once. What is missing or of another type reads as empty:
// the agent may be older, and nothing that it says may bring this program down.

#define G_LOG_DOMAIN "sc-ctl"

#include "sc-ctl-state.h"

const char *
sc_ctl_state_get_string (GVariant *state, const char *property)
{
  const char *value = "";

  g_return_val_if_fail (state != NULL, "");

  g_variant_lookup (state, property, "&s", &value);
  return value;
}

gboolean
sc_ctl_state_get_boolean (GVariant *state, const char *property)
{
  gboolean value = FALSE;

  g_return_val_if_fail (state != NULL, FALSE);

  g_variant_lookup (state, property, "b", &value);
  return value;
}

gint64
sc_ctl_state_get_int64 (GVariant *state, const char *property)
{
  gint64 value = 0;

  g_return_val_if_fail (state != NULL, 0);

  g_variant_lookup (state, property, "x", &value);
  return value;
}

GVariant *
sc_ctl_state_get_value (GVariant *state, const char *property, const char *type)
{
  GVariant *value;

  g_return_val_if_fail (state != NULL, NULL);
  g_return_val_if_fail (g_variant_type_string_is_valid (type), NULL);

  value = g_variant_lookup_value (state, property, G_VARIANT_TYPE (type));
  if (value == NULL && g_variant_type_is_array (G_VARIANT_TYPE (type)))
    value = g_variant_ref_sink (
      g_variant_new_array (g_variant_type_element (G_VARIANT_TYPE (type)), NULL, 0));

  return value;
}

static const struct
{
  const char *status;
  ScCtlExit exit;
} statuses[] = {
  { "pending", SC_CTL_EXIT_NOT_CONNECTED }, { "connecting", SC_CTL_EXIT_NOT_CONNECTED },
  { "connected", SC_CTL_EXIT_OK },          { "failed", SC_CTL_EXIT_FAILED },
  { "unknown", SC_CTL_EXIT_NOT_CONNECTED },
};

static gsize
find_status (GVariant *state)
{
  const char *status = sc_ctl_state_get_string (state, "Status");

  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (g_str_equal (statuses[i].status, status))
      return i;

  return G_N_ELEMENTS (statuses) - 1;
}

const char *
sc_ctl_state_get_status (GVariant *state)
{
  return statuses[find_status (state)].status;
}

ScCtlExit
sc_ctl_state_get_exit (GVariant *state)
{
  return statuses[find_status (state)].exit;
}

guint
sc_ctl_state_get_api_version (GVariant *state)
{
  guint version = 0;

  g_return_val_if_fail (state != NULL, 0);

  g_variant_lookup (state, "ApiVersion", "u", &version);
  return version;
}

gboolean
sc_ctl_state_get_new_practice (GVariant *state, char **name, char **pms)
{
  g_return_val_if_fail (state != NULL, FALSE);

  if (!g_str_equal (sc_ctl_state_get_string (state, "Step"), "confirm-practice"))
    return FALSE;

  return g_variant_lookup (state, "NewPractice", "(ss)", name, pms);
}
