// SPDX-License-Identifier: MIT
// The HTTP client: bounded in time and size, redacted in logs, https only except loopback literals.

#define G_LOG_DOMAIN "sc-net"

#include "config.h"

#include "sc-http-private.h"

#include "sc-http-trust.h"
#include "sc-url.h"

#include <string.h>

/* Long enough for the few calls of one action to share a connection, and no longer: an idle agent
 * holds no socket to anybody. */
#define IDLE_TIMEOUT 5
#define REST_TIMEOUT (IDLE_TIMEOUT + 1)

struct _ScHttp
{
  GObject parent_instance;

  SoupSession *session;
  gboolean loads_trust; /* the system's certificates come with a request and go afterwards */
  gboolean has_trust;
  guint exchanges; /* under way */
  GSource *rest;   /* (nullable): while none is, and the last was a moment ago */
};

G_DEFINE_FINAL_TYPE (ScHttp, sc_http, G_TYPE_OBJECT)

enum
{
  RESTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* One request on its way. The caller's cancellable and the deadline both end in @cancellable. */
typedef struct
{
  ScHttp *http;
  ScHttpRequest *request;
  SoupMessage *message;
  GInputStream *stream;
  ScHttpBuffer body;
  ScHttpAnswer *answer;
  GCancellable *outer;
  gulong outer_id;
  GCancellable *cancellable;
  GSource *deadline;
  gboolean timed_out;
} Exchange;

/* ---- what is only there while it is needed ---- */

static void
stop_rest (ScHttp *self)
{
  if (self->rest != NULL)
    g_source_destroy (self->rest);
  g_clear_pointer (&self->rest, g_source_unref);
}

static void
release_trust (ScHttp *self)
{
  if (self->has_trust)
    sc_http_trust_release ();
  self->has_trust = FALSE;
}

static gboolean
rest_cb (gpointer user_data)
{
  g_autoptr (ScHttp) self = g_object_ref (user_data);

  stop_rest (self);
  soup_session_abort (self->session);
  release_trust (self);
  g_signal_emit (self, signals[RESTED], 0);
  return G_SOURCE_REMOVE;
}

static void
hold_trust (ScHttp *self, SoupMessage *message)
{
  const char *scheme = g_uri_get_scheme (soup_message_get_uri (message));

  if (self->has_trust || !self->loads_trust || strcmp (scheme, "https") != 0)
    return;
  sc_http_trust_hold ();
  self->has_trust = TRUE;
}

static void
end_exchange (ScHttp *self)
{
  if (--self->exchanges > 0)
    return;
  stop_rest (self);
  self->rest = g_timeout_source_new_seconds (REST_TIMEOUT);
  g_source_set_static_name (self->rest, "sc-http rest");
  g_source_set_callback (self->rest, rest_cb, self, NULL);
  g_source_attach (self->rest, g_main_context_get_thread_default ());
}

/* ---- one exchange ---- */

static void
exchange_free (gpointer data)
{
  Exchange *self = data;

  if (self->deadline != NULL)
    g_source_destroy (self->deadline);
  g_clear_pointer (&self->deadline, g_source_unref);
  g_cancellable_disconnect (self->outer, self->outer_id);
  g_clear_object (&self->outer);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->stream);
  g_clear_object (&self->message);
  sc_http_buffer_clear (&self->body);
  g_clear_pointer (&self->answer, sc_http_answer_free);
  g_clear_pointer (&self->request, sc_http_request_free);
  end_exchange (self->http);
  g_object_unref (self->http);
  g_free (self);
}

static gboolean
deadline_passed_cb (gpointer user_data)
{
  Exchange *self = user_data;

  self->timed_out = TRUE;
  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

static void
outer_cancelled_cb (GCancellable *outer, gpointer user_data)
{
  g_cancellable_cancel (G_CANCELLABLE (user_data));
}

static Exchange *
exchange_new (ScHttp *http, ScHttpRequest *request, GCancellable *outer)
{
  Exchange *self = g_new0 (Exchange, 1);

  self->http = g_object_ref (http);
  http->exchanges++;
  stop_rest (http);
  self->request = request;
  self->cancellable = g_cancellable_new ();
  if (outer != NULL)
    {
      self->outer = g_object_ref (outer);
      self->outer_id = g_cancellable_connect (outer, G_CALLBACK (outer_cancelled_cb),
                                              g_object_ref (self->cancellable), g_object_unref);
    }
  self->deadline = g_timeout_source_new (request->timeout * 1000);
  g_source_set_static_name (self->deadline, "sc-http deadline");
  g_source_set_callback (self->deadline, deadline_passed_cb, self, NULL);
  g_source_attach (self->deadline, g_main_context_get_thread_default ());
  return self;
}

static void
exchange_fail (GTask *task, ScError code, const char *reason)
{
  Exchange *self = g_task_get_task_data (task);
  g_autofree char *url = sc_url_redact (self->request->url);

  g_debug ("%s %s: %s", self->request->method, url, sc_error_to_id (code));
  g_task_return_new_error (task, SC_ERROR, code, "%s", reason);
}

static void
exchange_fail_from (GTask *task, const GError *cause)
{
  Exchange *self = g_task_get_task_data (task);
  gboolean has_status = soup_message_get_status (self->message) != SOUP_STATUS_NONE;

  if (g_cancellable_is_cancelled (self->outer))
    exchange_fail (task, SC_ERROR_CANCELLED, "request was cancelled");
  else if (self->timed_out)
    exchange_fail (task, SC_ERROR_NET_TIMED_OUT, "no complete answer in time");
  else
    exchange_fail (task, sc_http_error_to_code (cause, has_status), cause->message);
}

static void
exchange_succeed (GTask *task)
{
  Exchange *self = g_task_get_task_data (task);
  g_autofree char *url = sc_url_redact (self->request->url);

  self->answer->length = self->body.length;
  self->answer->body = sc_http_buffer_steal (&self->body);
  g_debug ("%s %s: %u", self->request->method, url, self->answer->status);
  g_task_return_pointer (task, g_steal_pointer (&self->answer),
                         (GDestroyNotify) sc_http_answer_free);
}

static void read_cb (GObject *source, GAsyncResult *result, gpointer user_data);

static void
read_more (GTask *task)
{
  Exchange *self = g_task_get_task_data (task);
  gsize room = 0;
  char *end = sc_http_buffer_reserve (&self->body, &room);

  g_input_stream_read_async (self->stream, end, room, G_PRIORITY_DEFAULT, self->cancellable,
                             read_cb, task);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Exchange *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gssize count = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  if (count < 0)
    {
      exchange_fail_from (task, error);
      return;
    }
  self->body.length += count;
  if (self->body.length > self->request->max_body)
    exchange_fail (task, SC_ERROR_NET_TOO_LARGE, "answer is larger than allowed");
  else if (count > 0)
    read_more (g_steal_pointer (&task));
  else
    exchange_succeed (task);
}

/* The answer of a proxy that refused to connect us: libsoup hands its status on as if it were the
 * peer's, and only the missing certificate tells. */
static gboolean
is_from_proxy (SoupMessage *message)
{
  const char *scheme = g_uri_get_scheme (soup_message_get_uri (message));

  return soup_message_get_status (message) == SOUP_STATUS_PROXY_AUTHENTICATION_REQUIRED ||
         (strcmp (scheme, "https") == 0 && soup_message_get_tls_peer_certificate (message) == NULL);
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Exchange *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  self->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (self->stream == NULL)
    exchange_fail_from (task, error);
  else if (is_from_proxy (self->message))
    exchange_fail (task, SC_ERROR_NET_PROXY, "proxy refused the connection");
  else
    {
      self->answer = sc_http_answer_new (self->message);
      read_more (g_steal_pointer (&task));
    }
}

void
sc_http_send_async (ScHttp *self,
                    ScHttpRequest *request,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GError) error = NULL;
  Exchange *exchange = NULL;

  g_return_if_fail (SC_IS_HTTP (self));
  g_return_if_fail (request != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sc_http_send_async);
  /* Our own code for a cancelled request is to arrive, not GIO's. */
  g_task_set_check_cancellable (task, FALSE);
  exchange = exchange_new (self, request, cancellable);
  g_task_set_task_data (task, exchange, exchange_free);
  exchange->message = sc_http_request_build (request, &error);
  if (exchange->message == NULL)
    exchange_fail (task, error->code, error->message);
  else
    {
      hold_trust (self, exchange->message);
      soup_session_send_async (self->session, exchange->message, G_PRIORITY_DEFAULT,
                               exchange->cancellable, sent_cb, g_steal_pointer (&task));
    }
}

ScHttpAnswer *
sc_http_send_finish (ScHttp *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (SC_IS_HTTP (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, sc_http_send_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

ScHttp *
sc_http_new (GProxyResolver *resolver, GTlsDatabase *tls_database)
{
  g_autoptr (GProxyResolver) proxies = NULL;
  ScHttp *self = NULL;

  g_return_val_if_fail (resolver == NULL || G_IS_PROXY_RESOLVER (resolver), NULL);
  g_return_val_if_fail (tls_database == NULL || G_IS_TLS_DATABASE (tls_database), NULL);

  self = g_object_new (SC_TYPE_HTTP, NULL);
  proxies =
    sc_http_proxy_resolver_new (resolver != NULL ? resolver : g_proxy_resolver_get_default ());
  soup_session_set_proxy_resolver (self->session, proxies);
  if (tls_database != NULL)
    soup_session_set_tls_database (self->session, tls_database);
  self->loads_trust = tls_database == NULL;
  return self;
}

static void
sc_http_finalize (GObject *object)
{
  ScHttp *self = SC_HTTP (object);

  stop_rest (self);
  release_trust (self);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sc_http_parent_class)->finalize (object);
}

static void
sc_http_class_init (ScHttpClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sc_http_finalize;
  signals[RESTED] =
    g_signal_new ("rested", SC_TYPE_HTTP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
sc_http_init (ScHttp *self)
{
  /* The deadline is ours, over the whole exchange; libsoup's runs anew with every byte. */
  self->session = soup_session_new_with_options ("timeout", 0, "idle-timeout", IDLE_TIMEOUT,
                                                 "user-agent", "sikka-companion/" SC_VERSION, NULL);
  /* Requests bring their own Authorization, nobody is there to be asked for a password, and a body
   * that is not unpacked cannot be a bomb. */
  soup_session_remove_feature_by_type (self->session, SOUP_TYPE_AUTH_MANAGER);
  soup_session_remove_feature_by_type (self->session, SOUP_TYPE_CONTENT_DECODER);
}
