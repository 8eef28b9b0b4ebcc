// SPDX-License-Identifier: MIT
// "Ready to connect?": what can be known to fail is named before a browser opens.

#define G_LOG_DOMAIN "sc-agent"

#include "sc-preflight.h"

#include "sc-loopback.h"

#define MAX_CLOCK_SKEW 300
#define SELF_TEST_VALUE "self-test"

struct _ScPreflight
{
  GObject parent_instance;

  ScCredentialStore *store;
  ScCloudClient *cloud;
  ScJournal *journal;
  ScPreflightRow rows[SC_N_PREFLIGHTS];
  guint pending;
};

G_DEFINE_FINAL_TYPE (ScPreflight, sc_preflight, G_TYPE_OBJECT)

/* A row of the table below: a warning says that Connect works all the same. */
static gboolean
is_warning (ScPreflightCheck check, const GError *error)
{
  return check == SC_PREFLIGHT_CLOCK ||
         (check == SC_PREFLIGHT_KEYRING &&
          g_error_matches (error, SC_ERROR, SC_ERROR_STORE_UNAVAILABLE));
}

static void
set_row (ScPreflight *self, ScPreflightCheck check, GError *error)
{
  ScPreflightRow *row = &self->rows[check];

  g_clear_error (&row->error);
  row->error = error;
  if (error == NULL)
    row->verdict = SC_PREFLIGHT_OK;
  else
    row->verdict = is_warning (check, error) ? SC_PREFLIGHT_WARNING : SC_PREFLIGHT_FAILED;
}

/* Consumes the reference of one check to @task. */
static void
check_ended (GTask *task, ScPreflightCheck check, GError *error)
{
  ScPreflight *self = g_task_get_source_object (task);

  set_row (self, check, error);
  if (--self->pending == 0 && !g_task_return_error_if_cancelled (task))
    g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static void
test_item_cleared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError *error = NULL;

  sc_credential_store_clear_finish (SC_CREDENTIAL_STORE (source), result, &error);
  check_ended (user_data, SC_PREFLIGHT_KEYRING, error);
}

/* Storing reads back by itself; a second look shows that a later one finds it too. */
static void
test_item_looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ScSecretString) value = NULL;
  GError *error = NULL;

  value = sc_credential_store_lookup_finish (SC_CREDENTIAL_STORE (source), result, &error);
  if (value == NULL)
    check_ended (user_data, SC_PREFLIGHT_KEYRING, error);
  else
    sc_credential_store_clear_async (SC_CREDENTIAL_STORE (source), SC_CREDENTIAL_SLOT_SELF_TEST,
                                     g_task_get_cancellable (user_data), test_item_cleared_cb,
                                     user_data);
}

static void
test_item_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError *error = NULL;

  if (!sc_credential_store_store_finish (SC_CREDENTIAL_STORE (source), result, &error))
    check_ended (user_data, SC_PREFLIGHT_KEYRING, error);
  else
    sc_credential_store_lookup_async (SC_CREDENTIAL_STORE (source), SC_CREDENTIAL_SLOT_SELF_TEST,
                                      g_task_get_cancellable (user_data), test_item_looked_up_cb,
                                      user_data);
}

static void
loopback_tested_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError *error = NULL;

  sc_loopback_self_test_finish (result, &error);
  check_ended (user_data, SC_PREFLIGHT_LOOPBACK, error);
}

static void
check_clock (ScPreflight *self)
{
  GError *error = NULL;
  gint64 skew;

  if (sc_cloud_client_get_clock_skew (self->cloud, &skew) && ABS (skew) > MAX_CLOCK_SKEW)
    g_set_error (&error, SC_ERROR, SC_ERROR_CLOCK, "this PC's clock is %" G_GINT64_FORMAT " s off",
                 skew);
  set_row (self, SC_PREFLIGHT_CLOCK, error);
}

static void
cloud_reached_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError *error = NULL;

  sc_cloud_client_reach_finish (SC_CLOUD_CLIENT (source), result, &error);
  check_clock (g_task_get_source_object (user_data));
  check_ended (user_data, SC_PREFLIGHT_CLOUD, error);
}

static void
check_disk (ScPreflight *self)
{
  GError *error = NULL;

  sc_journal_probe_space (self->journal, &error);
  set_row (self, SC_PREFLIGHT_DISK, error);
}

void
sc_preflight_run_async (ScPreflight *self,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (ScSecretString) value = sc_secret_string_new (SELF_TEST_VALUE);
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (SC_IS_PREFLIGHT (self));
  g_return_if_fail (self->pending == 0);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sc_preflight_run_async);
  check_disk (self);
  self->pending = 3;
  sc_credential_store_store_async (self->store, SC_CREDENTIAL_SLOT_SELF_TEST, value, cancellable,
                                   test_item_stored_cb, g_object_ref (task));
  sc_loopback_self_test_async (cancellable, loopback_tested_cb, g_object_ref (task));
  sc_cloud_client_reach_async (self->cloud, cancellable, cloud_reached_cb, g_object_ref (task));
}

gboolean
sc_preflight_run_finish (ScPreflight *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

const ScPreflightRow *
sc_preflight_get_row (ScPreflight *self, ScPreflightCheck check)
{
  g_return_val_if_fail (SC_IS_PREFLIGHT (self), NULL);
  g_return_val_if_fail (check < SC_N_PREFLIGHTS, NULL);

  return &self->rows[check];
}

const GError *
sc_preflight_get_failure (ScPreflight *self)
{
  g_return_val_if_fail (SC_IS_PREFLIGHT (self), NULL);

  for (guint i = 0; i < SC_N_PREFLIGHTS; i++)
    {
      if (self->rows[i].verdict == SC_PREFLIGHT_FAILED)
        return self->rows[i].error;
    }
  return NULL;
}

const char *
sc_preflight_check_get_id (ScPreflightCheck check)
{
  static const char *const ids[SC_N_PREFLIGHTS] = { "keyring", "loopback", "cloud", "clock",
                                                    "disk" };

  g_return_val_if_fail (check < SC_N_PREFLIGHTS, "");

  return ids[check];
}

const char *
sc_preflight_verdict_get_id (ScPreflightVerdict verdict)
{
  static const char *const ids[] = { "ok", "warning", "failed" };

  g_return_val_if_fail (verdict < G_N_ELEMENTS (ids), "");

  return ids[verdict];
}

static void
sc_preflight_finalize (GObject *object)
{
  ScPreflight *self = SC_PREFLIGHT (object);

  for (guint i = 0; i < SC_N_PREFLIGHTS; i++)
    g_clear_error (&self->rows[i].error);
  g_object_unref (self->store);
  g_object_unref (self->cloud);
  g_object_unref (self->journal);
  G_OBJECT_CLASS (sc_preflight_parent_class)->finalize (object);
}

static void
sc_preflight_class_init (ScPreflightClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sc_preflight_finalize;
}

static void
sc_preflight_init (ScPreflight *self)
{
}

ScPreflight *
sc_preflight_new (ScCredentialStore *store, ScCloudClient *cloud, ScJournal *journal)
{
  ScPreflight *self;

  g_return_val_if_fail (SC_IS_CREDENTIAL_STORE (store), NULL);
  g_return_val_if_fail (SC_IS_CLOUD_CLIENT (cloud), NULL);

  self = g_object_new (SC_TYPE_PREFLIGHT, NULL);
  self->store = g_object_ref (store);
  self->cloud = g_object_ref (cloud);
  self->journal = g_object_ref (journal);
  return self;
}
