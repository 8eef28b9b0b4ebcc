// SPDX-License-Identifier: MIT
// The system's proxies, except that loopback literals always go direct: a proxy that is asked for
// 127.0.0.1 would answer for itself.

#define G_LOG_DOMAIN "sc-net"

#include "sc-http-private.h"

#define SC_TYPE_HTTP_PROXY_RESOLVER (sc_http_proxy_resolver_get_type ())
G_DECLARE_FINAL_TYPE (ScHttpProxyResolver, sc_http_proxy_resolver, SC, HTTP_PROXY_RESOLVER, GObject)

struct _ScHttpProxyResolver
{
  GObject parent_instance;

  GProxyResolver *system;
};

static void iface_init (GProxyResolverInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ScHttpProxyResolver,
                               sc_http_proxy_resolver,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_PROXY_RESOLVER, iface_init))

static gboolean
is_loopback_literal (const char *uri)
{
  g_autofree char *host = NULL;
  g_autoptr (GInetAddress) address = NULL;

  if (!g_uri_split_network (uri, G_URI_FLAGS_NONE, NULL, &host, NULL, NULL) || host == NULL)
    return FALSE;
  address = g_inet_address_new_from_string (host);
  return address != NULL && g_inet_address_get_is_loopback (address);
}

static char **
direct (void)
{
  static const char *const proxies[] = { "direct://", NULL };

  return g_strdupv ((char **) proxies);
}

static char **
lookup (GProxyResolver *resolver, const char *uri, GCancellable *cancellable, GError **error)
{
  ScHttpProxyResolver *self = SC_HTTP_PROXY_RESOLVER (resolver);

  if (is_loopback_literal (uri))
    return direct ();
  return g_proxy_resolver_lookup (self->system, uri, cancellable, error);
}

static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  char **proxies = g_proxy_resolver_lookup_finish (G_PROXY_RESOLVER (source), result, &error);

  if (proxies == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, proxies, (GDestroyNotify) g_strfreev);
}

static void
lookup_async (GProxyResolver *resolver,
              const char *uri,
              GCancellable *cancellable,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
  ScHttpProxyResolver *self = SC_HTTP_PROXY_RESOLVER (resolver);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, lookup_async);
  if (is_loopback_literal (uri))
    g_task_return_pointer (task, direct (), (GDestroyNotify) g_strfreev);
  else
    g_proxy_resolver_lookup_async (self->system, uri, cancellable, looked_up_cb,
                                   g_steal_pointer (&task));
}

static char **
lookup_finish (GProxyResolver *resolver, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, resolver), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
iface_init (GProxyResolverInterface *iface)
{
  iface->lookup = lookup;
  iface->lookup_async = lookup_async;
  iface->lookup_finish = lookup_finish;
}

static void
sc_http_proxy_resolver_finalize (GObject *object)
{
  g_clear_object (&SC_HTTP_PROXY_RESOLVER (object)->system);
  G_OBJECT_CLASS (sc_http_proxy_resolver_parent_class)->finalize (object);
}

static void
sc_http_proxy_resolver_class_init (ScHttpProxyResolverClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sc_http_proxy_resolver_finalize;
}

static void
sc_http_proxy_resolver_init (ScHttpProxyResolver *self)
{
}

GProxyResolver *
sc_http_proxy_resolver_new (GProxyResolver *system)
{
  ScHttpProxyResolver *self = g_object_new (SC_TYPE_HTTP_PROXY_RESOLVER, NULL);

  self->system = g_object_ref (system);
  return G_PROXY_RESOLVER (self);
}
