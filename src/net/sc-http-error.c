// SPDX-License-Identifier: MIT
// What the errors of libsoup and GIO mean for somebody who has to act on them.

#define G_LOG_DOMAIN "sc-net"

#include "sc-http-private.h"

static ScError
io_error_to_code (int code)
{
  switch (code)
    {
    case G_IO_ERROR_CONNECTION_REFUSED:
      return SC_ERROR_NET_REFUSED;
    case G_IO_ERROR_TIMED_OUT:
      return SC_ERROR_NET_TIMED_OUT;
    case G_IO_ERROR_HOST_NOT_FOUND:
    case G_IO_ERROR_HOST_UNREACHABLE:
    case G_IO_ERROR_NETWORK_UNREACHABLE:
    case G_IO_ERROR_NOT_CONNECTED:
      return SC_ERROR_NET_OFFLINE;
    case G_IO_ERROR_PROXY_FAILED:
    case G_IO_ERROR_PROXY_AUTH_FAILED:
    case G_IO_ERROR_PROXY_NEED_AUTH:
    case G_IO_ERROR_PROXY_NOT_ALLOWED:
      return SC_ERROR_NET_PROXY;
    case G_IO_ERROR_PARTIAL_INPUT:
    case G_IO_ERROR_CONNECTION_CLOSED: /* also BROKEN_PIPE, the same number */
      return SC_ERROR_NET_TRUNCATED;
    default:
      return SC_ERROR_FAILED;
    }
}

ScError
sc_http_error_to_code (const GError *error, gboolean has_status)
{
  if (error->domain == G_RESOLVER_ERROR)
    return SC_ERROR_NET_OFFLINE;
  /* A peer that ends TLS within a body cut the answer; before one, it was not trusted. */
  if (error->domain == G_TLS_ERROR)
    return has_status ? SC_ERROR_NET_TRUNCATED : SC_ERROR_NET_TLS;
  /* What is no HTTP says as little as an answer that ended early. */
  if (error->domain == SOUP_SESSION_ERROR)
    return SC_ERROR_NET_TRUNCATED;
  return error->domain == G_IO_ERROR ? io_error_to_code (error->code) : SC_ERROR_FAILED;
}
