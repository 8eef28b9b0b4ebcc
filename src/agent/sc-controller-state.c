// SPDX-License-Identifier: MIT
// What the controller tells about itself.

#define G_LOG_DOMAIN "sc-agent"

#include "sc-controller-private.h"

const ScConnection *
sc_controller_get_connection (ScController *self)
{
  g_return_val_if_fail (SC_IS_CONTROLLER (self), NULL);

  return &self->connection;
}

const char *
sc_controller_get_busy (ScController *self)
{
  g_return_val_if_fail (SC_IS_CONTROLLER (self), "");

  if (self->preparing)
    return "preflight";
  if (self->connect_task != NULL || self->storing)
    return "connect";
  if (self->check_tasks->len > 0)
    return "check";
  return self->retiring || self->ending_practice ? "disconnect" : "";
}

const ScPractice *
sc_controller_get_practice (ScController *self)
{
  g_return_val_if_fail (SC_IS_CONTROLLER (self), NULL);

  return self->practice;
}

const ScPractice *
sc_controller_get_new_practice (ScController *self)
{
  g_return_val_if_fail (SC_IS_CONTROLLER (self), NULL);

  if (!self->connection.confirming || self->new_grant == NULL)
    return NULL;
  return self->new_grant->credential->practice;
}

const char *
sc_controller_get_reference (ScController *self)
{
  g_return_val_if_fail (SC_IS_CONTROLLER (self), "");

  return self->reference != NULL ? self->reference : "";
}

gint64
sc_controller_get_last_checked (ScController *self)
{
  g_return_val_if_fail (SC_IS_CONTROLLER (self), 0);

  return self->last_checked;
}

gint64
sc_controller_get_status_expires (ScController *self)
{
  g_return_val_if_fail (SC_IS_CONTROLLER (self), 0);

  if (self->connection.state != SC_STATE_CONNECTED || self->last_checked == 0)
    return 0;
  return self->last_checked + SC_STATUS_MAX_AGE;
}

const char *
sc_controller_get_authorization_url (ScController *self)
{
  g_return_val_if_fail (SC_IS_CONTROLLER (self), "");

  return self->authorizer != NULL ? sc_authorizer_get_url (self->authorizer) : "";
}

gint64
sc_controller_get_browser_deadline (ScController *self)
{
  g_return_val_if_fail (SC_IS_CONTROLLER (self), 0);

  return self->authorizer != NULL ? sc_authorizer_get_deadline (self->authorizer) : 0;
}

gint64
sc_controller_get_undo_deadline (ScController *self)
{
  g_return_val_if_fail (SC_IS_CONTROLLER (self), 0);

  return self->undo_deadline;
}

const ScLight *
sc_controller_get_light (ScController *self, ScLightId id)
{
  g_return_val_if_fail (SC_IS_CONTROLLER (self), NULL);
  g_return_val_if_fail (id < SC_N_LIGHTS, NULL);

  return &self->lights[id];
}

const ScCloudStatus *
sc_controller_get_cloud_status (ScController *self)
{
  g_return_val_if_fail (SC_IS_CONTROLLER (self), NULL);

  return self->cloud_status;
}

const char *
sc_controller_get_latest_version (ScController *self)
{
  g_return_val_if_fail (SC_IS_CONTROLLER (self), "");

  return self->latest_version != NULL ? self->latest_version : "";
}

const char *
sc_controller_get_minimum_version (ScController *self)
{
  g_return_val_if_fail (SC_IS_CONTROLLER (self), "");

  return self->minimum_version != NULL ? self->minimum_version : "";
}

ScGrantKeeper *
sc_controller_get_keeper (ScController *self)
{
  g_return_val_if_fail (SC_IS_CONTROLLER (self), NULL);

  return self->keeper;
}

ScJournal *
sc_controller_get_journal (ScController *self)
{
  g_return_val_if_fail (SC_IS_CONTROLLER (self), NULL);

  return self->journal;
}

ScSettings *
sc_controller_get_settings (ScController *self)
{
  g_return_val_if_fail (SC_IS_CONTROLLER (self), NULL);

  return self->settings;
}

const ScConfig *
sc_controller_get_config (ScController *self)
{
  g_return_val_if_fail (SC_IS_CONTROLLER (self), NULL);

  return self->config;
}
