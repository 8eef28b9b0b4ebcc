// SPDX-License-Identifier: MIT
// What the loopback listener demands of a request before anything in it is believed.

#define G_LOG_DOMAIN "sc-net"

#include "sc-loopback-guard.h"

#include "sc-loopback.h"

#include <libsoup/soup.h>
#include <string.h>

/* Ends a head. */
#define END "\r\n\r\n"
#define TOKEN "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

typedef struct
{
  const char *authority;
  guint hosts;
  guint status;
} Check;

static gboolean
is_host (const char *value, const char *authority)
{
  return strcmp (value, authority) == 0;
}

static gboolean
is_own_origin (const char *value, const char *authority)
{
  return g_str_has_prefix (value, "http://") && strcmp (value + strlen ("http://"), authority) == 0;
}

static gboolean
is_navigation (const char *value, const char *authority)
{
  return strcmp (value, "navigate") == 0;
}

static gboolean
is_document (const char *value, const char *authority)
{
  return strcmp (value, "document") == 0;
}

static gboolean
is_no_prefetch (const char *value, const char *authority)
{
  g_autofree char *lower = g_ascii_strdown (value, -1);

  return strstr (lower, "prefetch") == NULL && strstr (lower, "prerender") == NULL;
}

/* The redirect has no body; one that is announced would be waited for. */
static gboolean
is_zero (const char *value, const char *authority)
{
  return strcmp (value, "0") == 0;
}

static gboolean
is_never (const char *value, const char *authority)
{
  return FALSE;
}

static const struct
{
  const char *name;
  gboolean (*is_allowed) (const char *value, const char *authority);
  guint status;
} header_rules[] = {
  { "Host", is_host, SOUP_STATUS_MISDIRECTED_REQUEST },
  { "Origin", is_own_origin, SOUP_STATUS_FORBIDDEN },
  { "Sec-Fetch-Mode", is_navigation, SOUP_STATUS_FORBIDDEN },
  { "Sec-Fetch-Dest", is_document, SOUP_STATUS_FORBIDDEN },
  { "Sec-Purpose", is_no_prefetch, SOUP_STATUS_FORBIDDEN },
  { "Purpose", is_no_prefetch, SOUP_STATUS_FORBIDDEN },
  { "Content-Length", is_zero, SOUP_STATUS_BAD_REQUEST },
  { "Transfer-Encoding", is_never, SOUP_STATUS_BAD_REQUEST },
};

static void
check_header (Check *check, const char *name, const char *value)
{
  if (g_ascii_strcasecmp (name, "Host") == 0)
    check->hosts++;
  for (guint i = 0; i < G_N_ELEMENTS (header_rules); i++)
    if (g_ascii_strcasecmp (name, header_rules[i].name) == 0 &&
        !header_rules[i].is_allowed (value, check->authority) && check->status == 0)
      check->status = header_rules[i].status;
}

/* One header line, which is cut up; nothing is skipped and nothing is folded (RFC 9112 §5.2). */
static gboolean
read_header (Check *check, char *line)
{
  gsize length = strspn (line, TOKEN);

  if (length == 0 || line[length] != ':')
    return FALSE;
  for (const char *byte = line; *byte != '\0'; byte++)
    if (g_ascii_iscntrl (*byte) && *byte != '\t')
      return FALSE;
  line[length] = '\0';
  check_header (check, line, g_strstrip (line + length + 1));
  return TRUE;
}

static guint
check_headers (char **lines, const char *authority)
{
  Check check = { authority, 0, 0 };

  for (; *lines != NULL && **lines != '\0'; lines++)
    if (!read_header (&check, *lines))
      return SOUP_STATUS_BAD_REQUEST;
  if (check.hosts != 1)
    return SOUP_STATUS_MISDIRECTED_REQUEST;
  return check.status;
}

/* "GET /callback?query HTTP/1.1": three parts with one space between, and the query still raw. */
static guint
check_request_line (const char *line, ScLoopbackRequest *request)
{
  g_auto (GStrv) parts = g_strsplit (line, " ", 4);
  const char *query = NULL;

  if (g_strv_length (parts) != 3 || strspn (parts[0], TOKEN) != strlen (parts[0]))
    return SOUP_STATUS_BAD_REQUEST;
  if (strcmp (parts[2], "HTTP/1.1") != 0 && strcmp (parts[2], "HTTP/1.0") != 0)
    return SOUP_STATUS_HTTP_VERSION_NOT_SUPPORTED;
  query = strchr (parts[1], '?');
  request->is_head = strcmp (parts[0], "HEAD") == 0;
  request->is_callback = strncmp (parts[1], SC_LOOPBACK_PATH, strlen (SC_LOOPBACK_PATH)) == 0 &&
                         strcspn (parts[1], "?") == strlen (SC_LOOPBACK_PATH);
  request->query = query != NULL ? g_strdup (query + 1) : NULL;
  sc_secret_wipe (parts[1], strlen (parts[1]));
  if (strcmp (parts[0], "GET") != 0)
    return SOUP_STATUS_METHOD_NOT_ALLOWED;
  return request->is_callback ? 0 : SOUP_STATUS_NOT_FOUND;
}

gsize
sc_loopback_guard_find_end (const char *bytes, gsize length)
{
  g_return_val_if_fail (bytes != NULL, 0);

  /* Not g_strstr_len(), which ends at a NUL. */
  for (gsize end = strlen (END); end <= length; end++)
    if (memcmp (bytes + end - strlen (END), END, strlen (END)) == 0)
      return end;
  return 0;
}

gboolean
sc_loopback_guard_is_plausible (const char *bytes, gsize length)
{
  g_return_val_if_fail (bytes != NULL, FALSE);

  return length == 0 || g_ascii_isupper (bytes[0]);
}

void
sc_loopback_guard_check (const char *head,
                         gsize length,
                         const char *authority,
                         ScLoopbackRequest *request)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  g_return_if_fail (head != NULL);
  g_return_if_fail (authority != NULL);
  g_return_if_fail (request != NULL);

  memset (request, 0, sizeof *request);
  request->status = SOUP_STATUS_BAD_REQUEST;
  if (memchr (head, '\0', length) != NULL)
    return;
  text = g_strndup (head, length);
  lines = g_strsplit (text, "\r\n", -1);
  sc_secret_wipe (text, length);
  request->status = check_request_line (lines[0], request);
  if (request->status == 0)
    request->status = check_headers (lines + 1, authority);
  sc_secret_wipe (lines[0], strlen (lines[0]));
  if (request->status != 0)
    g_clear_pointer (&request->query, sc_secret_free);
}

void
sc_loopback_request_clear (ScLoopbackRequest *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->query, sc_secret_free);
}
