// SPDX-License-Identifier: MIT
// The cloud exchanges the portal's code for Sikka's keys and finds out whose they are.

#define G_LOG_DOMAIN "sc-sandbox"

#include "sc-sandbox-exchange.h"

#include "sc-sandbox-answer.h"

typedef struct
{
  ScSandboxCloud *cloud;
  ScSandboxExchange *exchange;
} Run;

static void
run_free (Run *run)
{
  g_clear_pointer (&run->exchange, sc_sandbox_exchange_free);
  g_free (run);
}

void
sc_sandbox_exchange_free (ScSandboxExchange *self)
{
  g_free (self->office_id);
  g_free (self->practice_name);
  g_free (self->pms_type);
  g_clear_pointer (&self->secrets, sc_sandbox_secrets_free);
  g_free (self->error);
  g_free (self->error_code);
  g_free (self);
}

static void
finish (GTask *task, const char *error, const char *error_code)
{
  Run *run = g_task_get_task_data (task);

  run->exchange->error = g_strdup (error);
  run->exchange->error_code = g_strdup (error_code);
  g_task_return_pointer (task, g_steal_pointer (&run->exchange),
                         (GDestroyNotify) sc_sandbox_exchange_free);
}

static gboolean
take_practice (ScSandboxExchange *exchange, JsonObject *item)
{
  if (g_strcmp0 (sc_sandbox_json_get (item, "office_id"), exchange->office_id) != 0)
    return FALSE;

  exchange->practice_name = g_strdup (sc_sandbox_json_get (item, "practice_name"));
  exchange->pms_type = g_strdup (sc_sandbox_json_get (item, "practice_management_system"));
  exchange->is_empty =
    g_str_has_prefix (sc_sandbox_json_get (item, "data_synchronization_date"), "1111-11-11");

  return TRUE;
}

static void
practices_received_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (ScSandboxReply) reply = sc_sandbox_sikka_client_send_finish (result);
  Run *run = g_task_get_task_data (task);
  JsonArray *items = sc_sandbox_reply_get_items (reply);

  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      if (take_practice (run->exchange, json_array_get_object_element (items, i)))
        {
          finish (task, NULL, NULL);
          return;
        }
    }
  finish (task, reply->error != NULL ? reply->error : "The practice is not authorized",
          reply->error_code);
}

static void
key_received_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (ScSandboxReply) reply = sc_sandbox_sikka_client_send_finish (result);
  Run *run = g_task_get_task_data (task);
  ScSandboxExchange *exchange = run->exchange;

  if (reply->error != NULL)
    {
      finish (task, reply->error, reply->error_code);
      return;
    }
  exchange->office_id = g_strdup (sc_sandbox_reply_get (reply, "issued_to"));
  exchange->expires_in = g_ascii_strtoll (sc_sandbox_reply_get (reply, "expires_in"), NULL, 10);
  exchange->secrets = g_new0 (ScSandboxSecrets, 1);
  exchange->secrets->request_key = g_strdup (sc_sandbox_reply_get (reply, "request_key"));
  exchange->secrets->refresh_key = g_strdup (sc_sandbox_reply_get (reply, "refresh_key"));
  sc_sandbox_sikka_client_send_async (run->cloud->sikka, "GET", "/v4/authorized_practices?show=all",
                                      NULL, NULL, NULL, practices_received_cb,
                                      g_steal_pointer (&task));
}

void
sc_sandbox_exchange_async (ScSandboxCloud *cloud,
                           const char *code,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);
  Run *run = g_new0 (Run, 1);

  run->cloud = cloud;
  run->exchange = g_new0 (ScSandboxExchange, 1);
  g_task_set_source_tag (task, sc_sandbox_exchange_async);
  g_task_set_task_data (task, run, (GDestroyNotify) run_free);
  sc_sandbox_sikka_client_send_async (
    cloud->sikka, "POST", "/v4/request_key", NULL, NULL,
    sc_sandbox_sikka_client_create_grant ("authorization_code", "code", code), key_received_cb,
    task);
}

ScSandboxExchange *
sc_sandbox_exchange_finish (GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}
