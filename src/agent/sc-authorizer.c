// SPDX-License-Identifier: MIT
// One authorization from the browser's opening to the grant: listener, provider, browser, time
// limit.

#define G_LOG_DOMAIN "sc-agent"

#include "sc-authorizer.h"

#include "sc-browser.h"
#include "sc-pkce.h"
#include "sc-random.h"

struct _ScAuthorizer
{
  GObject parent_instance;

  ScProvider *provider;
  ScClock *clock;
  GCancellable *cancellable;
  ScLoopback *loopback;
  ScTransaction *transaction;
  ScGrant *grant;
  gboolean open_browser;
  char *activation_token;
  gint64 started;  /* boot time, microseconds */
  gint64 deadline; /* real time, seconds */
  guint alarm;
  guint callbacks;
};

G_DEFINE_FINAL_TYPE (ScAuthorizer, sc_authorizer, G_TYPE_OBJECT)

enum
{
  GRANTED,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
stop_waiting (ScAuthorizer *self)
{
  sc_clock_remove_alarm (self->clock, &self->alarm);
  self->deadline = 0;
}

static void
code_exchanged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ScAuthorizer) self = user_data;
  g_autoptr (GError) error = NULL;

  self->grant = sc_provider_exchange_finish (SC_PROVIDER (source), result, &error);
  if (self->grant != NULL)
    g_signal_emit (self, signals[GRANTED], 0);
  else if (!g_cancellable_is_cancelled (self->cancellable))
    g_signal_emit (self, signals[FAILED], 0, error);
}

static void
redirected_cb (ScLoopback *loopback, ScRedirect *redirect, ScAuthorizer *self)
{
  stop_waiting (self);
  sc_provider_exchange_async (self->provider, self->transaction, redirect, self->cancellable,
                              code_exchanged_cb, g_object_ref (self));
}

static void
time_limit_passed (gpointer user_data)
{
  g_autoptr (ScAuthorizer) self = g_object_ref (user_data);
  g_autoptr (GError) error = NULL;

  self->alarm = 0;
  self->deadline = 0;
  g_set_error (&error, SC_ERROR, SC_ERROR_OAUTH_TIMED_OUT, "nobody answered within ten minutes");
  g_signal_emit (self, signals[FAILED], 0, error);
}

static void
start_waiting (ScAuthorizer *self)
{
  self->started = sc_clock_get_boot_time (self->clock);
  self->deadline = sc_clock_get_real_time (self->clock) + SC_AUTHORIZER_TIME_LIMIT;
  self->alarm = sc_clock_add_alarm (self->clock, SC_AUTHORIZER_TIME_LIMIT, time_limit_passed, self);
}

static void
browser_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ScAuthorizer *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!sc_browser_open_finish (result, &error))
    {
      stop_waiting (self);
      g_task_return_error (task, error);
      return;
    }
  g_task_return_boolean (task, TRUE);
}

static void
begun_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ScAuthorizer *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!sc_provider_begin_finish (SC_PROVIDER (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (self->loopback == NULL)
    {
      g_task_return_new_error (task, SC_ERROR, SC_ERROR_CANCELLED, "closed meanwhile");
      return;
    }
  start_waiting (self);
  if (!self->open_browser)
    g_task_return_boolean (task, TRUE);
  else
    sc_browser_open_async (self->transaction->authorization_url, self->activation_token,
                           self->cancellable, browser_opened_cb, g_steal_pointer (&task));
}

static ScSecretString *
create_random_secret (GError **error)
{
  guint8 random[SC_PKCE_RANDOM_SIZE];
  ScSecretString *secret;

  if (!sc_random_fill (random, sizeof random, error))
    return NULL;
  secret = sc_pkce_create_verifier (random);
  sc_secret_wipe (random, sizeof random);
  return secret;
}

static gboolean
prepare (ScAuthorizer *self, GError **error)
{
  g_autoptr (ScSecretString) state = NULL;
  g_autoptr (ScSecretString) code_verifier = NULL;
  g_autofree char *credential_id = NULL;

  if ((state = create_random_secret (error)) == NULL)
    return FALSE;
  if ((code_verifier = create_random_secret (error)) == NULL)
    return FALSE;
  if ((credential_id = sc_random_create_uuid (error)) == NULL)
    return FALSE;
  self->loopback = sc_loopback_new (state);
  g_signal_connect (self->loopback, "redirected", G_CALLBACK (redirected_cb), self);
  if (!sc_loopback_listen (self->loopback, error))
    return FALSE;
  self->transaction = sc_transaction_new (sc_loopback_get_redirect_uri (self->loopback),
                                          credential_id, state, code_verifier);
  return TRUE;
}

void
sc_authorizer_start_async (ScAuthorizer *self,
                           gboolean open_browser,
                           const char *activation_token,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;

  g_return_if_fail (SC_IS_AUTHORIZER (self));
  g_return_if_fail (self->transaction == NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sc_authorizer_start_async);
  self->open_browser = open_browser;
  self->activation_token = g_strdup (activation_token);
  if (!prepare (self, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  sc_provider_begin_async (self->provider, self->transaction, self->cancellable, begun_cb,
                           g_steal_pointer (&task));
}

gboolean
sc_authorizer_start_finish (ScAuthorizer *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
browser_reopened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ScAuthorizer) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!sc_browser_open_finish (result, &error))
    g_info ("the browser could not be opened again: %s", error->message);
}

void
sc_authorizer_reopen (ScAuthorizer *self, const char *activation_token)
{
  g_return_if_fail (SC_IS_AUTHORIZER (self));

  if (self->transaction == NULL || self->transaction->authorization_url == NULL)
    return;
  sc_browser_open_async (self->transaction->authorization_url, activation_token, self->cancellable,
                         browser_reopened_cb, g_object_ref (self));
}

const char *
sc_authorizer_get_url (ScAuthorizer *self)
{
  g_return_val_if_fail (SC_IS_AUTHORIZER (self), "");

  if (self->transaction == NULL || self->transaction->authorization_url == NULL)
    return "";
  return self->transaction->authorization_url;
}

gint64
sc_authorizer_get_deadline (ScAuthorizer *self)
{
  g_return_val_if_fail (SC_IS_AUTHORIZER (self), 0);

  return self->deadline;
}

gboolean
sc_authorizer_is_old (ScAuthorizer *self)
{
  gint64 age;

  g_return_val_if_fail (SC_IS_AUTHORIZER (self), FALSE);

  age = sc_clock_get_boot_time (self->clock) - self->started;
  return age > SC_AUTHORIZER_PAGE_AGE * G_USEC_PER_SEC;
}

guint
sc_authorizer_get_callbacks (ScAuthorizer *self)
{
  g_return_val_if_fail (SC_IS_AUTHORIZER (self), 0);

  return self->loopback != NULL ? sc_loopback_get_callbacks (self->loopback) : self->callbacks;
}

ScGrant *
sc_authorizer_steal_grant (ScAuthorizer *self)
{
  g_return_val_if_fail (SC_IS_AUTHORIZER (self), NULL);

  return g_steal_pointer (&self->grant);
}

void
sc_authorizer_answer (ScAuthorizer *self, ScLoopbackPage page, const char *reference)
{
  g_return_if_fail (SC_IS_AUTHORIZER (self));

  if (self->loopback != NULL)
    sc_loopback_answer (self->loopback, page, reference);
}

void
sc_authorizer_close (ScAuthorizer *self)
{
  g_return_if_fail (SC_IS_AUTHORIZER (self));

  stop_waiting (self);
  g_cancellable_cancel (self->cancellable);
  if (self->loopback != NULL)
    {
      self->callbacks = sc_loopback_get_callbacks (self->loopback);
      g_signal_handlers_disconnect_by_data (self->loopback, self);
      sc_loopback_close (self->loopback);
      g_clear_object (&self->loopback);
    }
}

static void
sc_authorizer_dispose (GObject *object)
{
  ScAuthorizer *self = SC_AUTHORIZER (object);

  if (self->clock != NULL)
    sc_authorizer_close (self);
  g_clear_object (&self->provider);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (sc_authorizer_parent_class)->dispose (object);
}

static void
sc_authorizer_finalize (GObject *object)
{
  ScAuthorizer *self = SC_AUTHORIZER (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->transaction, sc_transaction_free);
  g_clear_pointer (&self->grant, sc_grant_free);
  g_free (self->activation_token);
  G_OBJECT_CLASS (sc_authorizer_parent_class)->finalize (object);
}

static void
sc_authorizer_class_init (ScAuthorizerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = sc_authorizer_dispose;
  object_class->finalize = sc_authorizer_finalize;
  signals[GRANTED] = g_signal_new ("granted", SC_TYPE_AUTHORIZER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", SC_TYPE_AUTHORIZER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
sc_authorizer_init (ScAuthorizer *self)
{
  self->cancellable = g_cancellable_new ();
}

ScAuthorizer *
sc_authorizer_new (ScProvider *provider, ScClock *clock)
{
  ScAuthorizer *self;

  g_return_val_if_fail (SC_IS_PROVIDER (provider), NULL);
  g_return_val_if_fail (SC_IS_CLOCK (clock), NULL);

  self = g_object_new (SC_TYPE_AUTHORIZER, NULL);
  self->provider = g_object_ref (provider);
  self->clock = g_object_ref (clock);
  return self;
}
