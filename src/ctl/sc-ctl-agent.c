// SPDX-License-Identifier: MIT
// The way to the agent: the one file that knows how it is found on this system's D-Bus.

#define G_LOG_DOMAIN "sc-ctl"

#include <gio/gio.h>

#include "sc-ctl-agent.h"
#include "sc-ctl-error-text.h"
#include "sc-ctl-text.h"

#define BUS_NAME "ca.parlae.SikkaCompanion.Agent"
#define OBJECT_PATH "/ca/parlae/SikkaCompanion/Agent"
#define INTERFACE "ca.parlae.SikkaCompanion.Agent1"
#define ERROR_PREFIX "ca.parlae.SikkaCompanion.Error."

/* A check may wait for the cloud, and then for a setup there; the agent has limits of its own. */
#define CALL_TIMEOUT_MS (3 * 60 * 1000)

void
sc_ctl_agent_connect_async (GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  sc_agent1_proxy_new_for_bus (G_BUS_TYPE_SESSION, G_DBUS_PROXY_FLAGS_NONE, BUS_NAME, OBJECT_PATH,
                               cancellable, callback, user_data);
}

ScAgent1 *
sc_ctl_agent_connect_finish (GAsyncResult *result, GError **error)
{
  g_autoptr (ScAgent1) agent = NULL;

  g_return_val_if_fail (G_IS_ASYNC_RESULT (result), NULL);

  agent = sc_agent1_proxy_new_for_bus_finish (result, error);
  if (agent == NULL)
    return NULL;

  g_dbus_proxy_set_default_timeout (G_DBUS_PROXY (agent), CALL_TIMEOUT_MS);
  return g_steal_pointer (&agent);
}

void
sc_ctl_agent_read_async (ScAgent1 *agent,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GDBusProxy *proxy = G_DBUS_PROXY (agent);

  g_return_if_fail (G_IS_DBUS_PROXY (agent));

  g_dbus_connection_call (g_dbus_proxy_get_connection (proxy), g_dbus_proxy_get_name (proxy),
                          OBJECT_PATH, "org.freedesktop.DBus.Properties", "GetAll",
                          g_variant_new ("(s)", INTERFACE), G_VARIANT_TYPE ("(a{sv})"),
                          G_DBUS_CALL_FLAGS_NONE, CALL_TIMEOUT_MS, cancellable, callback,
                          user_data);
}

GVariant *
sc_ctl_agent_read_finish (GAsyncResult *result, GError **error)
{
  g_autoptr (GObject) connection = NULL;
  g_autoptr (GVariant) reply = NULL;

  g_return_val_if_fail (G_IS_ASYNC_RESULT (result), NULL);

  connection = g_async_result_get_source_object (result);
  reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (connection), result, error);
  return reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;
}

/* "OauthTimedOut" to "oauth-timed-out" */
static char *
id_from_camel_case (const char *name)
{
  g_autoptr (GString) id = g_string_new (NULL);

  for (const char *p = name; *p != '\0'; p++)
    {
      if (g_ascii_isupper (*p) && p != name)
        g_string_append_c (id, '-');
      g_string_append_c (id, g_ascii_tolower (*p));
    }

  return g_string_free (g_steal_pointer (&id), FALSE);
}

/* Somebody answered, but not as the interface says. */
static gboolean
is_misunderstanding (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_INTERFACE) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_PROPERTY) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_SIGNATURE) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS);
}

char *
sc_ctl_agent_get_error_id (const GError *error)
{
  g_autofree char *remote = NULL;

  g_return_val_if_fail (error != NULL, NULL);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_strdup ("cancelled");

  remote = g_dbus_error_get_remote_error (error);
  if (remote != NULL && g_str_has_prefix (remote, ERROR_PREFIX))
    return id_from_camel_case (remote + strlen (ERROR_PREFIX));
  if (is_misunderstanding (error) ||
      (remote != NULL && !g_str_has_prefix (remote, "org.freedesktop.DBus.Error.")))
    return g_strdup (SC_CTL_ERROR_ANSWER);

  return g_strdup (SC_CTL_ERROR_NOT_REACHABLE);
}

char *
sc_ctl_agent_get_detail (const GError *error)
{
  g_autoptr (GError) copy = NULL;

  g_return_val_if_fail (error != NULL, NULL);

  copy = g_error_copy (error);
  g_dbus_error_strip_remote_error (copy);
  return sc_ctl_text_clean (copy->message);
}
