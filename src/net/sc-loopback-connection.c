// SPDX-License-Identifier: MIT
// One connection to the loopback listener: reads a head, is answered once, lingers, is gone.
//
// The head is read and judged here, before libsoup sees the stream. Left to itself SoupServer waits
// for ever for the rest of a request, answers some requests on its own and without our headers,
// cuts pages for a Range, and keeps the query in memory that nobody wipes. So it is handed a
// request of our own making, and does what it does well: it writes the answer.

#define G_LOG_DOMAIN "sc-net"

#include "sc-loopback-connection.h"

#include "sc-loopback-page.h"

#include <libsoup/soup.h>
#include <string.h>

/* RFC 6585 §5; libsoup has no name for it. */
#define STATUS_HEAD_TOO_LARGE 431
#define OWN_REQUEST " / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

typedef enum
{
  PHASE_READING,
  PHASE_WAITING,
  PHASE_ANSWERING,
  PHASE_LINGERING,
  PHASE_CLOSED,
} Phase;

struct _ScLoopbackConnection
{
  GIOStream parent_instance;

  GSocketConnection *base;
  GCancellable *cancellable;
  char *authority;
  guint deadline;
  ScLoopbackReceivedFunc received;
  ScLoopbackClosedFunc closed;
  gpointer user_data;

  Phase phase;
  GSource *timer;
  char bytes[SC_LOOPBACK_MAX_HEAD];
  gsize length;
  gboolean is_head;

  SoupServer *server;
  GInputStream *own_request;
  guint status;
  char *html;
};

G_DEFINE_FINAL_TYPE (ScLoopbackConnection, sc_loopback_connection, G_TYPE_IO_STREAM)

static void
stop_timer (ScLoopbackConnection *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

void
sc_loopback_connection_abort (ScLoopbackConnection *self)
{
  g_return_if_fail (SC_IS_LOOPBACK_CONNECTION (self));

  if (self->phase == PHASE_CLOSED)
    return;
  g_object_ref (self);
  self->phase = PHASE_CLOSED;
  stop_timer (self);
  g_cancellable_cancel (self->cancellable);
  g_io_stream_close (G_IO_STREAM (self->base), NULL, NULL);
  g_clear_object (&self->server);
  self->closed (self, self->user_data);
  g_object_unref (self);
}

static gboolean
deadline_passed_cb (gpointer user_data)
{
  sc_loopback_connection_abort (user_data);
  return G_SOURCE_REMOVE;
}

static void
start_timer (ScLoopbackConnection *self, guint milliseconds)
{
  stop_timer (self);
  self->timer = g_timeout_source_new (milliseconds);
  g_source_set_static_name (self->timer, "sc-loopback deadline");
  g_source_set_callback (self->timer, deadline_passed_cb, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
}

void
sc_loopback_connection_hurry (ScLoopbackConnection *self, guint milliseconds)
{
  gint64 end = g_get_monotonic_time () + (gint64) milliseconds * 1000;

  g_return_if_fail (SC_IS_LOOPBACK_CONNECTION (self));

  if (self->phase == PHASE_READING && g_source_get_ready_time (self->timer) > end)
    start_timer (self, milliseconds);
}

static void
read_async (ScLoopbackConnection *self, char *into, gsize size, GAsyncReadyCallback callback)
{
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (self->base));

  g_input_stream_read_async (input, into, size, G_PRIORITY_DEFAULT, self->cancellable, callback,
                             g_object_ref (self));
}

static void
discarded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ScLoopbackConnection) self = user_data;
  gssize count = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

  if (self->phase != PHASE_LINGERING)
    return;
  if (count > 0)
    read_async (self, self->bytes, sizeof self->bytes, discarded_cb);
  else
    sc_loopback_connection_abort (self);
}

/* Closing with unread bytes would reset the connection, and the answer could be lost with it. So
 * only our side is closed, and the rest of what the browser sends is thrown away until it goes. */
static void
linger (ScLoopbackConnection *self)
{
  GSocket *socket = g_socket_connection_get_socket (self->base);

  self->phase = PHASE_LINGERING;
  g_socket_shutdown (socket, FALSE, TRUE, NULL);
  read_async (self, self->bytes, sizeof self->bytes, discarded_cb);
}

static void
receive (ScLoopbackConnection *self, const ScLoopbackRequest *request)
{
  sc_secret_wipe (self->bytes, self->length);
  stop_timer (self);
  self->phase = PHASE_WAITING;
  self->is_head = request->is_head;
  self->received (self, request, self->user_data);
}

/* Returns: whether more has to be read */
static gboolean
judge (ScLoopbackConnection *self)
{
  ScLoopbackRequest request = { 0 };
  gsize end = sc_loopback_guard_find_end (self->bytes, self->length);

  if (end > 0)
    sc_loopback_guard_check (self->bytes, end, self->authority, &request);
  else if (!sc_loopback_guard_is_plausible (self->bytes, self->length))
    request.status = SOUP_STATUS_BAD_REQUEST;
  else if (self->length == sizeof self->bytes)
    request.status = STATUS_HEAD_TOO_LARGE;
  else
    return TRUE;
  receive (self, &request);
  sc_loopback_request_clear (&request);
  return FALSE;
}

static void read_cb (GObject *source, GAsyncResult *result, gpointer user_data);

static void
read_more (ScLoopbackConnection *self)
{
  read_async (self, self->bytes + self->length, sizeof self->bytes - self->length, read_cb);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ScLoopbackConnection) self = user_data;
  gssize count = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

  if (self->phase != PHASE_READING)
    return;
  if (count <= 0)
    {
      sc_loopback_connection_abort (self);
      return;
    }
  self->length += count;
  if (judge (self))
    read_more (self);
}

static void
set_headers (SoupMessageHeaders *headers, guint status)
{
  soup_message_headers_replace (headers, "Connection", "close");
  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  soup_message_headers_replace (headers, "Referrer-Policy", "no-referrer");
  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  soup_message_headers_replace (headers, "Content-Security-Policy", sc_loopback_page_get_policy ());
  if (status == SOUP_STATUS_METHOD_NOT_ALLOWED)
    soup_message_headers_replace (headers, "Allow", "GET");
}

static void
own_request_cb (SoupServer *server,
                SoupServerMessage *message,
                const char *path,
                GHashTable *query,
                gpointer user_data)
{
  ScLoopbackConnection *self = user_data;

  set_headers (soup_server_message_get_response_headers (message), self->status);
  soup_server_message_set_status (
    message, self->status,
    self->status == STATUS_HEAD_TOO_LARGE ? "Request Header Fields Too Large" : NULL);
  soup_server_message_set_response (message, "text/html; charset=utf-8", SOUP_MEMORY_COPY,
                                    self->html, strlen (self->html));
}

void
sc_loopback_connection_answer (ScLoopbackConnection *self,
                               guint status,
                               ScLoopbackPage page,
                               const char *reference)
{
  const char *own_request = NULL;
  g_autoptr (GSocketAddress) here = NULL;

  g_return_if_fail (SC_IS_LOOPBACK_CONNECTION (self));

  if (self->phase != PHASE_WAITING)
    return;
  self->phase = PHASE_ANSWERING;
  start_timer (self, self->deadline);
  self->status = status;
  self->html = sc_loopback_page_build (page, reference);
  own_request = self->is_head ? "HEAD" OWN_REQUEST : "GET" OWN_REQUEST;
  self->own_request = g_memory_input_stream_new_from_data (own_request, strlen (own_request), NULL);
  here = g_socket_connection_get_local_address (self->base, NULL);
  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, NULL, own_request_cb, self, NULL);
  if (here == NULL ||
      !soup_server_accept_iostream (self->server, G_IO_STREAM (self), here, here, NULL))
    sc_loopback_connection_abort (self);
}

gboolean
sc_loopback_connection_is_reading (ScLoopbackConnection *self)
{
  g_return_val_if_fail (SC_IS_LOOPBACK_CONNECTION (self), FALSE);

  return self->phase == PHASE_READING;
}

ScLoopbackConnection *
sc_loopback_connection_new (GSocketConnection *base,
                            const char *authority,
                            guint deadline,
                            ScLoopbackReceivedFunc received,
                            ScLoopbackClosedFunc closed,
                            gpointer user_data)
{
  ScLoopbackConnection *self = NULL;

  g_return_val_if_fail (G_IS_SOCKET_CONNECTION (base), NULL);
  g_return_val_if_fail (authority != NULL, NULL);
  g_return_val_if_fail (received != NULL, NULL);
  g_return_val_if_fail (closed != NULL, NULL);

  self = g_object_new (SC_TYPE_LOOPBACK_CONNECTION, NULL);
  self->base = g_object_ref (base);
  self->authority = g_strdup (authority);
  self->deadline = deadline;
  self->received = received;
  self->closed = closed;
  self->user_data = user_data;
  start_timer (self, self->deadline);
  read_more (self);
  return self;
}

static GInputStream *
get_input_stream (GIOStream *stream)
{
  return SC_LOOPBACK_CONNECTION (stream)->own_request;
}

static GOutputStream *
get_output_stream (GIOStream *stream)
{
  return g_io_stream_get_output_stream (G_IO_STREAM (SC_LOOPBACK_CONNECTION (stream)->base));
}

/* libsoup is done: the answer is in the socket, or could not be written. */
static gboolean
close_stream (GIOStream *stream, GCancellable *cancellable, GError **error)
{
  ScLoopbackConnection *self = SC_LOOPBACK_CONNECTION (stream);

  if (self->phase == PHASE_ANSWERING)
    linger (self);
  return TRUE;
}

static void
sc_loopback_connection_finalize (GObject *object)
{
  ScLoopbackConnection *self = SC_LOOPBACK_CONNECTION (object);

  stop_timer (self);
  sc_secret_wipe (self->bytes, sizeof self->bytes);
  g_clear_object (&self->server);
  g_clear_object (&self->own_request);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->base);
  g_free (self->authority);
  g_free (self->html);
  G_OBJECT_CLASS (sc_loopback_connection_parent_class)->finalize (object);
}

static void
sc_loopback_connection_class_init (ScLoopbackConnectionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sc_loopback_connection_finalize;
  G_IO_STREAM_CLASS (klass)->get_input_stream = get_input_stream;
  G_IO_STREAM_CLASS (klass)->get_output_stream = get_output_stream;
  G_IO_STREAM_CLASS (klass)->close_fn = close_stream;
}

static void
sc_loopback_connection_init (ScLoopbackConnection *self)
{
  self->cancellable = g_cancellable_new ();
}
