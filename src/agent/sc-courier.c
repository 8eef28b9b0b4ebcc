// SPDX-License-Identifier: MIT
// Brings the reports that wait in the journal to the cloud, one after the other, oldest first.

#define G_LOG_DOMAIN "sc-agent"

#include "sc-courier.h"

#include "sc-backoff.h"

/* Seconds; neither back-off nor Retry-After is ever longer. */
#define LONGEST_WAIT (24 * 60 * 60)

struct _ScCourier
{
  GObject parent_instance;

  ScJournal *journal;
  ScCloudClient *cloud;
  ScGrantKeeper *keeper;
  ScCredentialStore *cloud_token_store;
  ScClock *clock;
  GCancellable *cancellable;

  char *account;
  ScOutboxReport *report; /* under way, NULL when idle */
  ScToken *token;         /* that it goes with */
  gboolean retried;       /* with a second token after a 401 */
  gboolean stopped;       /* this round is over: a delivery failed */
  gboolean unreachable;   /* the last delivery found no way to the cloud */
  gboolean impatient;     /* this round does not wait for what is put off */
  GPtrArray *flushes;     /* of GTask: callers that wait for the end of the round */
  guint alarm;
};

G_DEFINE_FINAL_TYPE (ScCourier, sc_courier, G_TYPE_OBJECT)

enum
{
  ANSWERED,
  GRANT_GONE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void bring_next (ScCourier *self);
static void fetch_token (ScCourier *self);

static void
alarm_due (gpointer user_data)
{
  ScCourier *self = user_data;

  self->alarm = 0;
  sc_courier_deliver (self);
}

static ScOutboxReport *
find_oldest (ScCourier *self)
{
  if (self->account == NULL)
    return NULL;
  return sc_journal_next_report (self->journal, self->account, G_MAXINT64);
}

/* While the oldest is put off, those behind it wait too: the order stays, and a cloud that asked
 * for a pause gets it. */
static gint64
get_wait (ScCourier *self, const ScOutboxReport *oldest)
{
  gint64 wait = oldest->next_attempt - sc_clock_get_real_time (self->clock);

  /* Written down by a clock that was wrong. */
  return wait > LONGEST_WAIT ? 0 : wait;
}

static void
arm_alarm (ScCourier *self)
{
  g_autoptr (ScOutboxReport) oldest = find_oldest (self);
  gint64 wait = oldest != NULL ? get_wait (self, oldest) : 0;

  sc_clock_remove_alarm (self->clock, &self->alarm);
  /* What is due already waits for an event, such as a token, and not for time. */
  if (wait > 0)
    self->alarm = sc_clock_add_alarm (self->clock, wait, alarm_due, self);
}

static void
end_round (ScCourier *self)
{
  g_autoptr (GPtrArray) flushes = g_steal_pointer (&self->flushes);

  self->flushes = g_ptr_array_new_with_free_func (g_object_unref);
  self->impatient = FALSE;
  g_clear_pointer (&self->report, sc_outbox_report_free);
  g_clear_pointer (&self->token, sc_token_free);
  for (guint i = 0; i < flushes->len; i++)
    g_task_return_boolean (g_ptr_array_index (flushes, i), TRUE);
  arm_alarm (self);
}

/* Nobody was there to ask for a pause. */
static gboolean
is_unreachable (const GError *error)
{
  return g_error_matches (error, SC_ERROR, SC_ERROR_NET_OFFLINE) ||
         g_error_matches (error, SC_ERROR, SC_ERROR_NET_REFUSED) ||
         g_error_matches (error, SC_ERROR, SC_ERROR_NET_TIMED_OUT) ||
         g_error_matches (error, SC_ERROR, SC_ERROR_NET_CAPTIVE_PORTAL) ||
         g_error_matches (error, SC_ERROR, SC_ERROR_NET_PROXY);
}

static void
put_off (ScCourier *self, const GError *error, gint64 retry_after)
{
  gint64 wait = sc_backoff_compute (self->report->attempts + 1, retry_after);
  gint64 next = sc_clock_get_real_time (self->clock) + wait;

  sc_journal_delay_report (self->journal, self->report->id, next, NULL);
  self->unreachable = is_unreachable (error);
  self->stopped = TRUE;
}

/* One that stays in the journal would be the next one again, and so on for ever. */
static void
strike_out (ScCourier *self)
{
  g_autoptr (GError) error = NULL;

  if (sc_journal_remove_report (self->journal, self->report->id, &error))
    return;
  g_warning ("a report that was dealt with stays in the journal: %s", error->message);
  self->stopped = TRUE;
}

/* The cloud will never take this one: a broken report must not hold up those behind it. */
static gboolean
is_refused (const GError *error)
{
  return g_error_matches (error, SC_ERROR, SC_ERROR_CLOUD_REJECTED);
}

static void
report_failed (ScCourier *self, const GError *error, gint64 retry_after)
{
  if (g_error_matches (error, SC_ERROR, SC_ERROR_CLOUD_UNAUTHORIZED) && !self->retried)
    {
      self->retried = TRUE;
      sc_grant_keeper_invalidate (self->keeper, self->token);
      fetch_token (self);
      return;
    }
  if (is_refused (error))
    {
      g_warning ("the cloud refused a report: %s", error->message);
      strike_out (self);
    }
  else
    {
      g_info ("a report is put off: %s", error->message);
      put_off (self, error, retry_after);
    }
  bring_next (self);
}

static void
report_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ScCourier) self = user_data;
  g_autoptr (ScReportAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;
  gint64 retry_after = -1;

  answer =
    sc_cloud_client_send_report_finish (SC_CLOUD_CLIENT (source), result, &retry_after, &error);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (answer == NULL)
    {
      report_failed (self, error, retry_after);
      return;
    }
  strike_out (self);
  g_signal_emit (self, signals[ANSWERED], 0, answer);
  bring_next (self);
}

static void
send_report (ScCourier *self)
{
  sc_cloud_client_send_report_async (self->cloud, self->token->access_token, self->report->body,
                                     self->cancellable, report_sent_cb, g_object_ref (self));
}

static void
token_failed (ScCourier *self, const GError *error)
{
  if (g_error_matches (error, SC_ERROR, SC_ERROR_OAUTH_GRANT))
    g_signal_emit (self, signals[GRANT_GONE], 0);
  if (sc_error_is_transport (error->code))
    put_off (self, error, -1);
  self->stopped = TRUE;
  bring_next (self);
}

static void
token_fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ScCourier) self = user_data;
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->token, sc_token_free);
  self->token = sc_grant_keeper_get_token_finish (SC_GRANT_KEEPER (source), result, &error);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (self->token == NULL)
    token_failed (self, error);
  else
    send_report (self);
}

static void
cloud_token_looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ScCourier) self = user_data;
  ScSecretString *secret;

  secret = sc_credential_store_lookup_finish (SC_CREDENTIAL_STORE (source), result, NULL);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  /* Without that token reports wait; a new one comes with the next start. */
  if (secret == NULL || self->retried)
    {
      g_clear_pointer (&secret, sc_secret_string_unref);
      self->stopped = TRUE;
      bring_next (self);
      return;
    }
  g_clear_pointer (&self->token, sc_token_free);
  self->token = g_new0 (ScToken, 1);
  self->token->access_token = secret;
  send_report (self);
}

static void
fetch_token (ScCourier *self)
{
  if (self->cloud_token_store != NULL)
    sc_credential_store_lookup_async (self->cloud_token_store, SC_CREDENTIAL_SLOT_CLOUD_TOKEN,
                                      self->cancellable, cloud_token_looked_up_cb,
                                      g_object_ref (self));
  else
    sc_grant_keeper_get_token_async (self->keeper, self->cancellable, token_fetched_cb,
                                     g_object_ref (self));
}

static void
bring_next (ScCourier *self)
{
  gboolean flushing = self->flushes->len > 0;

  g_clear_pointer (&self->report, sc_outbox_report_free);
  if (!self->stopped)
    self->report = find_oldest (self);
  if (self->report == NULL || (!flushing && !self->impatient && get_wait (self, self->report) > 0))
    {
      end_round (self);
      return;
    }
  self->retried = FALSE;
  fetch_token (self);
}

void
sc_courier_deliver (ScCourier *self)
{
  g_return_if_fail (SC_IS_COURIER (self));

  if (self->report != NULL || self->account == NULL)
    return;
  self->stopped = FALSE;
  bring_next (self);
}

void
sc_courier_network_returned (ScCourier *self)
{
  g_return_if_fail (SC_IS_COURIER (self));

  self->impatient = self->unreachable && self->report == NULL && self->account != NULL;
  sc_courier_deliver (self);
}

void
sc_courier_flush_async (ScCourier *self,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  GTask *task;

  g_return_if_fail (SC_IS_COURIER (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sc_courier_flush_async);
  g_ptr_array_add (self->flushes, task);
  if (self->report != NULL)
    return;
  self->stopped = FALSE;
  bring_next (self);
}

void
sc_courier_flush_finish (ScCourier *self, GAsyncResult *result)
{
  g_return_if_fail (g_task_is_valid (result, self));

  g_task_propagate_boolean (G_TASK (result), NULL);
}

void
sc_courier_set_account (ScCourier *self, const char *account)
{
  g_autofree char *old = NULL;

  g_return_if_fail (SC_IS_COURIER (self));

  old = g_steal_pointer (&self->account);
  self->account = g_strdup (account);
  if (self->report == NULL)
    arm_alarm (self);
}

gboolean
sc_courier_is_waiting (ScCourier *self)
{
  g_return_val_if_fail (SC_IS_COURIER (self), FALSE);

  return self->account != NULL && sc_journal_next_attempt (self->journal, self->account) >= 0;
}

static void
sc_courier_dispose (GObject *object)
{
  ScCourier *self = SC_COURIER (object);

  g_cancellable_cancel (self->cancellable);
  if (self->clock != NULL)
    sc_clock_remove_alarm (self->clock, &self->alarm);
  g_clear_object (&self->journal);
  g_clear_object (&self->cloud);
  g_clear_object (&self->keeper);
  g_clear_object (&self->cloud_token_store);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (sc_courier_parent_class)->dispose (object);
}

static void
sc_courier_finalize (GObject *object)
{
  ScCourier *self = SC_COURIER (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->report, sc_outbox_report_free);
  g_clear_pointer (&self->token, sc_token_free);
  g_ptr_array_unref (self->flushes);
  g_free (self->account);
  G_OBJECT_CLASS (sc_courier_parent_class)->finalize (object);
}

static void
sc_courier_class_init (ScCourierClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = sc_courier_dispose;
  object_class->finalize = sc_courier_finalize;
  signals[ANSWERED] = g_signal_new ("answered", SC_TYPE_COURIER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[GRANT_GONE] = g_signal_new ("grant-gone", SC_TYPE_COURIER, G_SIGNAL_RUN_LAST, 0, NULL,
                                      NULL, NULL, G_TYPE_NONE, 0);
}

static void
sc_courier_init (ScCourier *self)
{
  self->cancellable = g_cancellable_new ();
  self->flushes = g_ptr_array_new_with_free_func (g_object_unref);
}

ScCourier *
sc_courier_new (ScJournal *journal,
                ScCloudClient *cloud,
                ScGrantKeeper *keeper,
                ScCredentialStore *cloud_token_store,
                ScClock *clock)
{
  ScCourier *self;

  g_return_val_if_fail (SC_IS_JOURNAL (journal), NULL);
  g_return_val_if_fail (SC_IS_CLOUD_CLIENT (cloud), NULL);

  self = g_object_new (SC_TYPE_COURIER, NULL);
  self->journal = g_object_ref (journal);
  self->cloud = g_object_ref (cloud);
  self->keeper = g_object_ref (keeper);
  g_set_object (&self->cloud_token_store, cloud_token_store);
  self->clock = g_object_ref (clock);
  return self;
}
