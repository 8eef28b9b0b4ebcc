// SPDX-License-Identifier: MIT
// The cloud looks at Sikka now: is the key good, is the data fresh, is the utility well?

#define G_LOG_DOMAIN "sc-sandbox"

#include "sc-sandbox-check.h"

#include "sc-sandbox-answer.h"

static const char *const paths[SC_SANDBOX_N_CHECKS] = {
  [SC_SANDBOX_CHECK_KEY] = "/v4/request_key_info",
  [SC_SANDBOX_CHECK_SYNC] = "/v4/data_sync_status",
  [SC_SANDBOX_CHECK_HEALTH] = "/v4/health_check",
  [SC_SANDBOX_CHECK_LOCATIONS] = "/v4/practice_location",
};

typedef struct
{
  ScSandboxCloud *cloud;
  ScSandboxCheck *check;
  char *account;
  char *office_id;
  ScSandboxSecrets *secrets;
  ScSandboxCheckStep step;
  gboolean is_renewed;
} Run;

static void ask (GTask *task);

static void
run_free (Run *run)
{
  g_clear_pointer (&run->check, sc_sandbox_check_free);
  g_clear_pointer (&run->secrets, sc_sandbox_secrets_free);
  g_free (run->account);
  g_free (run->office_id);
  g_free (run);
}

void
sc_sandbox_check_free (ScSandboxCheck *self)
{
  for (gsize i = 0; i < SC_SANDBOX_N_CHECKS; i++)
    g_clear_pointer (&self->replies[i], sc_sandbox_reply_free);
  g_free (self->error);
  g_free (self->error_code);
  g_free (self);
}

const char *
sc_sandbox_check_get (const ScSandboxCheck *self, ScSandboxCheckStep step, const char *name)
{
  JsonArray *items =
    self->replies[step] != NULL ? sc_sandbox_reply_get_items (self->replies[step]) : NULL;

  return items != NULL && json_array_get_length (items) > 0
           ? sc_sandbox_json_get (json_array_get_object_element (items, 0), name)
           : NULL;
}

static void
finish (GTask *task, const char *error, const char *error_code)
{
  Run *run = g_task_get_task_data (task);

  run->check->error = g_strdup (error);
  run->check->error_code = g_strdup (error_code);
  g_task_return_pointer (task, g_steal_pointer (&run->check),
                         (GDestroyNotify) sc_sandbox_check_free);
}

static void
store_secrets (Run *run, const ScSandboxReply *reply)
{
  gint64 expires_in = g_ascii_strtoll (sc_sandbox_reply_get (reply, "expires_in"), NULL, 10);

  g_clear_pointer (&run->secrets, sc_sandbox_secrets_free);
  run->secrets = g_new0 (ScSandboxSecrets, 1);
  run->secrets->request_key = g_strdup (sc_sandbox_reply_get (reply, "request_key"));
  run->secrets->refresh_key = g_strdup (sc_sandbox_reply_get (reply, "refresh_key"));
  sc_sandbox_store_put_secrets (run->cloud->store, run->account, run->secrets,
                                sc_sandbox_get_now (run->cloud->sandbox) + expires_in);
}

static void
key_renewed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (ScSandboxReply) reply = sc_sandbox_sikka_client_send_finish (result);
  Run *run = g_task_get_task_data (task);

  if (reply->error != NULL)
    {
      finish (task, reply->error, reply->error_code);
      return;
    }
  store_secrets (run, reply);
  ask (g_steal_pointer (&task));
}

static void
renew (GTask *task)
{
  Run *run = g_task_get_task_data (task);

  run->is_renewed = TRUE;
  sc_sandbox_sikka_client_send_async (
    run->cloud->sikka, "POST", "/v4/request_key", NULL, NULL,
    sc_sandbox_sikka_client_create_grant ("refresh_key", "refresh_key", run->secrets->refresh_key),
    key_renewed_cb, task);
}

static void
reply_received_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (ScSandboxReply) reply = sc_sandbox_sikka_client_send_finish (result);
  Run *run = g_task_get_task_data (task);

  if (sc_sandbox_reply_has_error (reply, "API1025") && !run->is_renewed)
    {
      renew (g_steal_pointer (&task));
      return;
    }
  if (reply->error != NULL)
    {
      finish (task, reply->error, reply->error_code);
      return;
    }
  run->check->replies[run->step++] = g_steal_pointer (&reply);
  if (run->step < SC_SANDBOX_N_CHECKS)
    ask (g_steal_pointer (&task));
  else
    finish (task, NULL, NULL);
}

static void
ask (GTask *task)
{
  Run *run = g_task_get_task_data (task);
  g_autofree char *path = g_strconcat (paths[run->step], "?office_id=", run->office_id, NULL);
  gboolean is_key = run->step == SC_SANDBOX_CHECK_KEY;

  sc_sandbox_sikka_client_send_async (run->cloud->sikka, "GET", is_key ? paths[run->step] : path,
                                      is_key ? "Request-Key" : NULL, run->secrets->request_key,
                                      NULL, reply_received_cb, task);
}

void
sc_sandbox_check_async (ScSandboxCloud *cloud,
                        const ScSandboxIntegration *row,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);
  Run *run = g_new0 (Run, 1);

  run->cloud = cloud;
  run->check = g_new0 (ScSandboxCheck, 1);
  run->account = g_strdup (row->account);
  run->office_id = g_strdup (row->office_id);
  run->secrets = sc_sandbox_store_find_secrets (cloud->store, row->account);
  g_task_set_source_tag (task, sc_sandbox_check_async);
  g_task_set_task_data (task, run, (GDestroyNotify) run_free);

  if (run->secrets == NULL)
    {
      finish (task, row->last_error, row->last_error_code);
      g_object_unref (task);
    }
  else if (row->token_expiry <= sc_sandbox_get_now (cloud->sandbox))
    renew (task);
  else
    ask (task);
}

ScSandboxCheck *
sc_sandbox_check_finish (GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}
