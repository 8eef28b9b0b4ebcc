// SPDX-License-Identifier: MIT
// Which URLs the program talks to or opens: https, and http on loopback literals only.

#define G_LOG_DOMAIN "sc-core"

#include "sc-url.h"

#include "sc-error.h"
#include "sc-secret-string.h"

#include <string.h>

/* More than any form of ours: growing would leave a copy of a secret in freed memory. */
#define FORM_SIZE 16384

static gboolean
has_only_url_characters (const char *url)
{
  for (const char *p = url; *p != '\0'; p++)
    if (!g_ascii_isgraph (*p) || strchr ("\\\"<>^`{|}", *p) != NULL)
      return FALSE;
  return TRUE;
}

/* A host in disguise ("a%2eb"), or an IPv6 zone: GUri would decode it. */
static gboolean
has_encoded_authority (const char *url)
{
  const char *authority = strstr (url, "//");

  return authority != NULL && memchr (authority + 2, '%', strcspn (authority + 2, "/?#")) != NULL;
}

static GUri *
parse_url (const char *url)
{
  if (!has_only_url_characters (url) || has_encoded_authority (url))
    return NULL;
  return g_uri_parse (url, G_URI_FLAGS_ENCODED, NULL);
}

static gboolean
has_host (GUri *uri)
{
  const char *host = g_uri_get_host (uri);

  return host != NULL && *host != '\0';
}

static gboolean
is_loopback_literal (const char *host)
{
  return g_str_equal (host, "127.0.0.1") || g_str_equal (host, "::1");
}

static gboolean
is_plain (GUri *uri)
{
  return has_host (uri) && g_uri_get_userinfo (uri) == NULL && g_uri_get_fragment (uri) == NULL &&
         g_uri_get_port (uri) != 0;
}

gboolean
sc_url_check (const char *url, GError **error)
{
  g_autoptr (GUri) uri = NULL;
  const char *scheme = NULL;

  g_return_val_if_fail (url != NULL, FALSE);

  uri = parse_url (url);
  if (uri == NULL)
    {
      g_set_error (error, SC_ERROR, SC_ERROR_INVALID_ARGUMENT, "not an absolute URL");
      return FALSE;
    }
  scheme = g_uri_get_scheme (uri);
  if (!g_str_equal (scheme, "https") && !g_str_equal (scheme, "http"))
    {
      g_set_error (error, SC_ERROR, SC_ERROR_NET_INSECURE, "the URL's scheme is not https");
      return FALSE;
    }
  if (!is_plain (uri))
    {
      g_set_error (error, SC_ERROR, SC_ERROR_INVALID_ARGUMENT,
                   "the URL has no host, or has user info, a fragment or port 0");
      return FALSE;
    }
  if (g_str_equal (scheme, "http") && !is_loopback_literal (g_uri_get_host (uri)))
    {
      g_set_error (error, SC_ERROR, SC_ERROR_NET_INSECURE,
                   "http is allowed to 127.0.0.1 and [::1] only");
      return FALSE;
    }
  return TRUE;
}

char *
sc_url_join (const char *base, const char *path)
{
  gsize length = 0;

  g_return_val_if_fail (base != NULL, NULL);
  g_return_val_if_fail (path != NULL && *path == '/', NULL);

  length = strlen (base);
  while (length > 0 && base[length - 1] == '/')
    length--;
  return g_strdup_printf ("%.*s%s", (int) length, base, path);
}

char *
sc_url_redact (const char *url)
{
  g_autoptr (GUri) uri = url != NULL ? parse_url (url) : NULL;

  if (uri == NULL || !has_host (uri))
    return g_strdup ("(no url)");
  return g_uri_join (G_URI_FLAGS_ENCODED, g_uri_get_scheme (uri), NULL, g_uri_get_host (uri),
                     g_uri_get_port (uri), g_uri_get_path (uri), NULL, NULL);
}

static void
append_encoded (GString *text, const char *value)
{
  char *encoded = g_uri_escape_string (value, NULL, FALSE);

  g_string_append (text, encoded);
  sc_secret_free (encoded);
}

/* Appends name=value pairs, each but the first with & in front; %20 is a space in forms as well. */
static void
append_pairs (GString *text, const char *first_name, va_list pairs)
{
  const char *separator = "";

  for (const char *name = first_name; name != NULL; name = va_arg (pairs, const char *))
    {
      const char *value = va_arg (pairs, const char *);

      if (value == NULL)
        continue;
      g_string_append (text, separator);
      append_encoded (text, name);
      g_string_append_c (text, '=');
      append_encoded (text, value);
      separator = "&";
    }
}

static char *
build_form (const char *first_name, va_list pairs)
{
  GString *form = g_string_sized_new (FORM_SIZE);

  append_pairs (form, first_name, pairs);
  return g_string_free (form, FALSE);
}

static const char *
find_separator (const char *url)
{
  const char *query = strchr (url, '?');

  if (query == NULL)
    return "?";
  return query[1] == '\0' || g_str_has_suffix (url, "&") ? "" : "&";
}

char *
sc_url_add_query (const char *url, ...)
{
  g_autofree char *query = NULL;
  va_list pairs;

  g_return_val_if_fail (url != NULL, NULL);

  va_start (pairs, url);
  query = build_form (va_arg (pairs, const char *), pairs);
  va_end (pairs);
  if (*query == '\0')
    return g_strdup (url);
  return g_strconcat (url, find_separator (url), query, NULL);
}

char *
sc_url_build_form (const char *first_name, ...)
{
  char *form = NULL;
  va_list pairs;

  va_start (pairs, first_name);
  form = build_form (first_name, pairs);
  va_end (pairs);
  return form;
}

static int
get_port (GUri *uri)
{
  if (g_uri_get_port (uri) != -1)
    return g_uri_get_port (uri);
  return g_str_equal (g_uri_get_scheme (uri), "https") ? 443 : 80;
}

gboolean
sc_url_has_origin (const char *a, const char *b)
{
  g_autoptr (GUri) uri_a = NULL;
  g_autoptr (GUri) uri_b = NULL;

  g_return_val_if_fail (a != NULL, FALSE);
  g_return_val_if_fail (b != NULL, FALSE);

  uri_a = parse_url (a);
  uri_b = parse_url (b);
  if (uri_a == NULL || uri_b == NULL || !has_host (uri_a) || !has_host (uri_b))
    return FALSE;
  return g_str_equal (g_uri_get_scheme (uri_a), g_uri_get_scheme (uri_b)) &&
         g_ascii_strcasecmp (g_uri_get_host (uri_a), g_uri_get_host (uri_b)) == 0 &&
         get_port (uri_a) == get_port (uri_b);
}
