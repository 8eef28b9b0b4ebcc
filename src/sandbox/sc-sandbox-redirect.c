// SPDX-License-Identifier: MIT
// Redirect URIs: which ones are registered, and what is added to them.

#define G_LOG_DOMAIN "sc-sandbox"

#include "sc-sandbox-redirect.h"

#include <string.h>

static const char *const registered_hosts[] = { "http://127.0.0.1", "http://[::1]" };
static const char registered_path[] = "/callback";

static gboolean
is_port_and_path (const char *text)
{
  g_autofree char *port = NULL;
  gsize digits;

  if (*text != ':')
    return strcmp (text, registered_path) == 0;

  text++;
  digits = strspn (text, "0123456789");
  port = g_strndup (text, digits);

  return *port != '0' && g_ascii_string_to_unsigned (port, 10, 1, G_MAXUINT16, NULL, NULL) &&
         strcmp (text + digits, registered_path) == 0;
}

gboolean
sc_sandbox_redirect_is_loopback (const char *uri)
{
  for (gsize i = 0; uri != NULL && i < G_N_ELEMENTS (registered_hosts); i++)
    {
      if (g_str_has_prefix (uri, registered_hosts[i]))
        return is_port_and_path (uri + strlen (registered_hosts[i]));
    }

  return FALSE;
}

char *
sc_sandbox_redirect_build (const char *uri, ...)
{
  GString *url = g_string_new (uri);
  char separator = strchr (uri, '?') != NULL ? '&' : '?';
  const char *name;
  va_list arguments;

  va_start (arguments, uri);
  while ((name = va_arg (arguments, const char *)) != NULL)
    {
      const char *value = va_arg (arguments, const char *);

      if (value == NULL)
        continue;
      g_string_append_printf (url, "%c%s=", separator, name);
      g_string_append_uri_escaped (url, value, NULL, FALSE);
      separator = '&';
    }
  va_end (arguments);

  return g_string_free (url, FALSE);
}
