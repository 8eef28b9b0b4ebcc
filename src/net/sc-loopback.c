// SPDX-License-Identifier: MIT
// The loopback redirect listener (RFC 8252 §7.3): one port, one path, one transaction.

#define G_LOG_DOMAIN "sc-net"

#include "sc-loopback.h"

#include "sc-error.h"
#include "sc-loopback-acceptor.h"
#include "sc-reference.h"

#include <libsoup/soup.h>

struct _ScLoopback
{
  GObject parent_instance;

  ScSecretString *state;
  guint hold;
  guint deadline;

  ScLoopbackAcceptor *acceptor;
  char *redirect_uri;
  guint16 port;
  gboolean is_listening;
  gboolean is_used;
  guint callbacks;
  ScLoopbackConnection *waiting; /* the browser whose answer is held */
  GSource *hold_timer;
};

enum
{
  PROP_0,
  PROP_STATE,
  PROP_HOLD,
  PROP_DEADLINE,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];
static guint redirected_signal;

G_DEFINE_FINAL_TYPE (ScLoopback, sc_loopback, G_TYPE_OBJECT)

static void
stop_hold (ScLoopback *self)
{
  if (self->hold_timer != NULL)
    g_source_destroy (self->hold_timer);
  g_clear_pointer (&self->hold_timer, g_source_unref);
}

void
sc_loopback_answer (ScLoopback *self, ScLoopbackPage page, const char *reference)
{
  g_autoptr (ScLoopbackConnection) waiting = NULL;

  g_return_if_fail (SC_IS_LOOPBACK (self));
  g_return_if_fail (reference == NULL || sc_reference_is_valid (reference));

  waiting = g_steal_pointer (&self->waiting);
  stop_hold (self);
  if (waiting != NULL)
    sc_loopback_connection_answer (waiting, SOUP_STATUS_OK, page, reference);
}

static gboolean
held_too_long_cb (gpointer user_data)
{
  sc_loopback_answer (user_data, SC_LOOPBACK_PAGE_GO_BACK, NULL);
  return G_SOURCE_REMOVE;
}

static void
hold (ScLoopback *self, ScLoopbackConnection *connection)
{
  self->waiting = g_object_ref (connection);
  self->hold_timer = g_timeout_source_new (self->hold);
  g_source_set_static_name (self->hold_timer, "sc-loopback hold");
  g_source_set_callback (self->hold_timer, held_too_long_cb, self, NULL);
  g_source_attach (self->hold_timer, g_main_context_get_thread_default ());
}

static void
refuse (ScLoopbackConnection *connection, guint status)
{
  g_debug ("loopback request refused: %u", status);
  sc_loopback_connection_answer (connection, status, SC_LOOPBACK_PAGE_IGNORED, NULL);
}

static void
received_cb (ScLoopbackConnection *connection, const ScLoopbackRequest *request, gpointer user_data)
{
  g_autoptr (ScLoopback) self = g_object_ref (user_data);
  g_autoptr (ScRedirect) redirect = NULL;

  if (request->is_callback)
    self->callbacks++;
  if (request->status != 0)
    {
      refuse (connection, request->status);
      return;
    }
  redirect = sc_redirect_parse (request->query, self->state, NULL);
  if (redirect == NULL)
    refuse (connection, SOUP_STATUS_BAD_REQUEST);
  else if (self->is_used)
    sc_loopback_connection_answer (connection, SOUP_STATUS_GONE, SC_LOOPBACK_PAGE_USED, NULL);
  else
    {
      self->is_used = TRUE;
      hold (self, connection);
      g_signal_emit (self, redirected_signal, 0, redirect);
    }
}

gboolean
sc_loopback_listen (ScLoopback *self, GError **error)
{
  g_return_val_if_fail (SC_IS_LOOPBACK (self), FALSE);
  g_return_val_if_fail (self->redirect_uri == NULL, FALSE);

  self->acceptor = sc_loopback_acceptor_new (self->deadline, received_cb, self, error);
  if (self->acceptor == NULL)
    return FALSE;
  self->is_listening = TRUE;
  self->port = sc_loopback_acceptor_get_port (self->acceptor);
  self->redirect_uri = g_strconcat ("http://", sc_loopback_acceptor_get_authority (self->acceptor),
                                    SC_LOOPBACK_PATH, NULL);
  return TRUE;
}

void
sc_loopback_close (ScLoopback *self)
{
  g_return_if_fail (SC_IS_LOOPBACK (self));

  if (self->acceptor != NULL)
    sc_loopback_acceptor_close (self->acceptor);
  self->is_listening = FALSE;
  sc_loopback_answer (self, SC_LOOPBACK_PAGE_FAILED, NULL);
  g_clear_object (&self->acceptor);
}

const char *
sc_loopback_get_redirect_uri (ScLoopback *self)
{
  g_return_val_if_fail (SC_IS_LOOPBACK (self), NULL);

  return self->redirect_uri;
}

guint16
sc_loopback_get_port (ScLoopback *self)
{
  g_return_val_if_fail (SC_IS_LOOPBACK (self), 0);

  return self->port;
}

gboolean
sc_loopback_is_listening (ScLoopback *self)
{
  g_return_val_if_fail (SC_IS_LOOPBACK (self), FALSE);

  return self->is_listening;
}

guint
sc_loopback_get_callbacks (ScLoopback *self)
{
  g_return_val_if_fail (SC_IS_LOOPBACK (self), 0);

  return self->callbacks;
}

ScLoopback *
sc_loopback_new (ScSecretString *state)
{
  g_return_val_if_fail (state != NULL, NULL);

  return g_object_new (SC_TYPE_LOOPBACK, "state", state, NULL);
}

static void
sc_loopback_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  ScLoopback *self = SC_LOOPBACK (object);

  switch (id)
    {
    case PROP_STATE:
      self->state = g_value_dup_boxed (value);
      break;
    case PROP_HOLD:
      self->hold = g_value_get_uint (value);
      break;
    case PROP_DEADLINE:
      self->deadline = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
sc_loopback_dispose (GObject *object)
{
  sc_loopback_close (SC_LOOPBACK (object));
  G_OBJECT_CLASS (sc_loopback_parent_class)->dispose (object);
}

static void
sc_loopback_finalize (GObject *object)
{
  ScLoopback *self = SC_LOOPBACK (object);

  g_clear_pointer (&self->state, sc_secret_string_unref);
  g_free (self->redirect_uri);
  G_OBJECT_CLASS (sc_loopback_parent_class)->finalize (object);
}

static void
sc_loopback_class_init (ScLoopbackClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->set_property = sc_loopback_set_property;
  object_class->dispose = sc_loopback_dispose;
  object_class->finalize = sc_loopback_finalize;

  properties[PROP_STATE] = g_param_spec_boxed ("state", NULL, NULL, SC_TYPE_SECRET_STRING, flags);
  /* In milliseconds, so that tests of them need not wait for real. */
  properties[PROP_HOLD] =
    g_param_spec_uint ("hold", NULL, NULL, 1, G_MAXUINT, SC_LOOPBACK_HOLD * 1000, flags);
  properties[PROP_DEADLINE] =
    g_param_spec_uint ("deadline", NULL, NULL, 1, G_MAXUINT, SC_LOOPBACK_DEADLINE * 1000, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  redirected_signal = g_signal_new ("redirected", SC_TYPE_LOOPBACK, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
sc_loopback_init (ScLoopback *self)
{
}
