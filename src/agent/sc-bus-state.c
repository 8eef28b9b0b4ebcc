// SPDX-License-Identifier: MIT
// The controller on D-Bus: the properties.

#define G_LOG_DOMAIN "sc-agent"

#include "sc-bus-service-private.h"

#include "config.h"
#include "sc-autostart.h"

static const char *
or_empty (const char *text)
{
  return text != NULL ? text : "";
}

static GVariant *
build_config_problems (const ScConfig *config)
{
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("a(sss)"));
  for (guint i = 0; i < config->problems->len; i++)
    {
      const ScConfigProblem *problem = g_ptr_array_index (config->problems, i);

      g_variant_builder_add (&rows, "(sss)", problem->file, problem->key, problem->problem);
    }
  return g_variant_builder_end (&rows);
}

static GVariant *
build_vendor (const ScConfig *config)
{
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("a{ss}"));
  g_variant_builder_add (&rows, "{ss}", "service_name", or_empty (config->service_name));
  g_variant_builder_add (&rows, "{ss}", "support_phone", or_empty (config->support_phone));
  g_variant_builder_add (&rows, "{ss}", "support_mail", or_empty (config->support_mail));
  g_variant_builder_add (&rows, "{ss}", "guide_url", or_empty (config->guide_url));
  g_variant_builder_add (&rows, "{ss}", "privacy_url", or_empty (config->privacy_url));
  return g_variant_builder_end (&rows);
}

void
sc_bus_state_set_constants (ScBusService *self)
{
  const ScConfig *config = sc_controller_get_config (self->controller);

  sc_agent1_set_version (self->agent, SC_VERSION);
  sc_agent1_set_api_version (self->agent, SC_BUS_SERVICE_API_VERSION);
  sc_agent1_set_cloud_url (self->agent, config->cloud_url);
  sc_agent1_set_provider (self->agent, config->provider);
  sc_agent1_set_vendor (self->agent, build_vendor (config));
  sc_agent1_set_config_problems (self->agent, build_config_problems (config));
  sc_agent1_set_autostart_locked (self->agent, sc_autostart_is_supported () ? "" : "not-supported");
}

static GVariant *
build_buttons (const ScConnection *connection)
{
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("a{ss}"));
  for (ScButton button = 0; button < SC_N_BUTTONS; button++)
    g_variant_builder_add (&rows, "{ss}", sc_button_get_id (button),
                           sc_button_state_get_id (sc_connection_get_button (connection, button)));
  return g_variant_builder_end (&rows);
}

static GVariant *
build_light (const ScLight *light)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "id", "s", sc_light_id_get_name (light->id));
  g_variant_dict_insert (&dict, "verdict", "s", sc_verdict_get_name (light->verdict));
  g_variant_dict_insert (&dict, "checked", "x", light->checked);
  g_variant_dict_insert (&dict, "evidence", "s", or_empty (light->evidence));
  g_variant_dict_insert (&dict, "advice", "s", light->advice);
  g_variant_dict_insert (&dict, "actor", "s", light->actor);
  return g_variant_dict_end (&dict);
}

static GVariant *
build_lights (ScController *controller)
{
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
  for (ScLightId id = 0; id < SC_N_LIGHTS; id++)
    {
      const ScLight *light = sc_controller_get_light (controller, id);

      if (id != SC_LIGHT_WRITEBACK || light->checked != 0)
        g_variant_builder_add_value (&rows, build_light (light));
    }
  return g_variant_builder_end (&rows);
}

static GVariant *
build_locations (const ScCloudStatus *status)
{
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("a(ss)"));
  for (guint i = 0; status != NULL && i < status->locations->len; i++)
    {
      const ScLocation *location = g_ptr_array_index (status->locations, i);

      g_variant_builder_add (&rows, "(ss)", or_empty (location->name), or_empty (location->state));
    }
  return g_variant_builder_end (&rows);
}

static GVariant *
build_data_sync (const ScCloudStatus *status)
{
  const ScDataSync *data_sync = status != NULL ? status->data_sync : NULL;
  static const char *const no_warnings[] = { NULL };
  const char *const *warnings = no_warnings;
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  if (data_sync == NULL)
    return g_variant_dict_end (&dict);
  if (data_sync->warnings != NULL)
    warnings = (const char *const *) data_sync->warnings;
  g_variant_dict_insert (&dict, "status", "s", or_empty (data_sync->status));
  g_variant_dict_insert (&dict, "last_data_at", "x", MAX (data_sync->last_data_at, 0));
  g_variant_dict_insert (&dict, "next_data_at", "x", MAX (data_sync->next_data_at, 0));
  g_variant_dict_insert (&dict, "schedule", "s", or_empty (data_sync->schedule));
  g_variant_dict_insert (&dict, "error", "s", or_empty (data_sync->error));
  g_variant_dict_insert_value (&dict, "warnings", g_variant_new_strv (warnings, -1));
  return g_variant_dict_end (&dict);
}

static GVariant *
build_features (const ScCloudStatus *status)
{
  GVariantBuilder rows;
  GHashTableIter iter;
  gpointer name;
  gpointer available;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("a{sb}"));
  if (status != NULL && status->features != NULL)
    {
      g_hash_table_iter_init (&iter, status->features);
      while (g_hash_table_iter_next (&iter, &name, &available))
        g_variant_builder_add (&rows, "{sb}", name, GPOINTER_TO_INT (available) != 0);
    }
  return g_variant_builder_end (&rows);
}

static const char *
describe_kept (ScController *controller)
{
  static const char *const kept[] = { "none", "keyring", "memory" };

  return kept[sc_grant_keeper_get_kept (sc_controller_get_keeper (controller))];
}

static const char *
describe_journal (ScController *controller)
{
  static const char *const health[] = { "recording", "full", "read-only", "failed" };

  return health[sc_journal_get_health (sc_controller_get_journal (controller))];
}

static void
update_connection (ScBusService *self)
{
  ScController *controller = self->controller;
  const ScConnection *connection = sc_controller_get_connection (controller);

  sc_agent1_set_phase (self->agent, sc_connection_get_phase (connection));
  sc_agent1_set_step (self->agent, sc_connection_get_step (connection));
  sc_agent1_set_status (self->agent, sc_connection_get_status (connection));
  sc_agent1_set_attention (self->agent, connection->attention);
  sc_agent1_set_busy (self->agent, sc_controller_get_busy (controller));
  sc_agent1_set_error_id (self->agent,
                          connection->has_error ? sc_error_to_id (connection->error) : "");
  sc_agent1_set_message_id (self->agent, sc_connection_get_message (connection));
  sc_agent1_set_reference (self->agent, sc_controller_get_reference (controller));
  sc_agent1_set_buttons (self->agent, build_buttons (connection));
  sc_agent1_set_last_checked (self->agent, sc_controller_get_last_checked (controller));
  sc_agent1_set_status_expires (self->agent, sc_controller_get_status_expires (controller));
  sc_agent1_set_authorization_url (self->agent, sc_controller_get_authorization_url (controller));
  sc_agent1_set_browser_deadline (self->agent, sc_controller_get_browser_deadline (controller));
  sc_agent1_set_undo_deadline (self->agent, sc_controller_get_undo_deadline (controller));
}

static void
update_practice (ScBusService *self)
{
  const ScPractice *practice = sc_controller_get_practice (self->controller);
  const ScPractice *other = sc_controller_get_new_practice (self->controller);

  sc_agent1_set_practice_name (self->agent, practice != NULL ? or_empty (practice->name) : "");
  sc_agent1_set_pms_type (self->agent, practice != NULL ? or_empty (practice->pms_type) : "");
  sc_agent1_set_office_id (self->agent, practice != NULL ? or_empty (practice->office_id) : "");
  sc_agent1_set_new_practice (self->agent,
                              g_variant_new ("(ss)", other != NULL ? or_empty (other->name) : "",
                                             other != NULL ? or_empty (other->pms_type) : ""));
}

static void
update_surroundings (ScBusService *self)
{
  ScController *controller = self->controller;
  const ScCloudStatus *status = sc_controller_get_cloud_status (controller);
  ScSettings *settings = sc_controller_get_settings (controller);
  ScGrantKeeper *keeper = sc_controller_get_keeper (controller);

  sc_agent1_set_kept_in (self->agent, describe_kept (controller));
  sc_agent1_set_keyring_state (self->agent, sc_grant_keeper_get_keyring_state (keeper));
  sc_agent1_set_journal_state (self->agent, describe_journal (controller));
  sc_agent1_set_lights (self->agent, build_lights (controller));
  sc_agent1_set_locations (self->agent, build_locations (status));
  sc_agent1_set_data_sync (self->agent, build_data_sync (status));
  sc_agent1_set_features (self->agent, build_features (status));
  sc_agent1_set_latest_version (self->agent, sc_controller_get_latest_version (controller));
  sc_agent1_set_minimum_version (self->agent, sc_controller_get_minimum_version (controller));
  sc_agent1_set_spu_elsewhere (self->agent, sc_settings_get (settings, SC_SETTING_SPU_ELSEWHERE));
  sc_agent1_set_check_at_sign_in (self->agent,
                                  sc_settings_get (settings, SC_SETTING_CHECK_AT_SIGN_IN));
  sc_agent1_set_autostart (self->agent, sc_autostart_get ());
}

void
sc_bus_state_update (ScBusService *self)
{
  update_connection (self);
  update_practice (self);
  update_surroundings (self);
}

GVariant *
sc_bus_state_build_spu (const ScSpuFindings *findings, gboolean elsewhere)
{
  GVariantBuilder processes;
  GVariantBuilder evidence;
  GVariantDict dict;

  g_variant_builder_init (&processes, G_VARIANT_TYPE ("a(sb)"));
  for (guint i = 0; i < findings->processes->len; i++)
    {
      const ScSpuProcess *process = g_ptr_array_index (findings->processes, i);

      g_variant_builder_add (&processes, "(sb)", process->name, process->running);
    }
  g_variant_builder_init (&evidence, G_VARIANT_TYPE ("as"));
  for (guint i = 0; i < findings->evidence->len; i++)
    g_variant_builder_add (&evidence, "s", g_ptr_array_index (findings->evidence, i));

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "verdict", "s",
                         elsewhere ? "elsewhere" : sc_spu_state_get_id (findings->state));
  g_variant_dict_insert_value (&dict, "processes", g_variant_builder_end (&processes));
  g_variant_dict_insert_value (&dict, "evidence", g_variant_builder_end (&evidence));
  g_variant_dict_insert (&dict, "checked", "x", findings->checked);
  return g_variant_dict_end (&dict);
}
