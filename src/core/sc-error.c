// SPDX-License-Identifier: MIT
// The one error domain of the program, with stable text ids that survive renaming and translation.

#define G_LOG_DOMAIN "sc-core"

#include "sc-error.h"

/* G_IO_ERROR_CANCELLED; part of GIO's ABI, so it cannot change. */
#define IO_ERROR_DOMAIN "g-io-error-quark"
#define IO_ERROR_CANCELLED 19

typedef struct
{
  const char *id;
  gboolean is_transport;
} ErrorRow;

/* In the order of ScError, without designators, so that a forgotten row does not compile. */
static const ErrorRow error_rows[] = {
  { "failed", FALSE },
  { "cancelled", FALSE },
  { "busy", FALSE },
  { "not-connected", FALSE },
  { "not-supported", FALSE },
  { "invalid-argument", FALSE },
  { "random", FALSE },
  { "config", FALSE },
  { "browser", FALSE },

  { "loopback-bind", FALSE },
  { "loopback-blocked", FALSE },

  { "oauth-denied", FALSE },
  { "oauth-timed-out", FALSE },
  { "oauth-redirect", FALSE },
  { "oauth-state", FALSE },
  { "oauth-issuer", TRUE },
  { "oauth-metadata", TRUE },
  { "oauth-server", TRUE },
  { "oauth-grant", FALSE },
  { "oauth-client", FALSE },
  { "oauth-token", TRUE },
  { "practice-unknown", FALSE },
  { "practice-declined", FALSE },

  { "net-offline", TRUE },
  { "net-refused", TRUE },
  { "net-timed-out", TRUE },
  { "net-tls", TRUE },
  { "net-intercepted", TRUE },
  { "net-captive-portal", TRUE },
  { "net-proxy", TRUE },
  { "net-insecure", TRUE },
  { "net-too-large", TRUE },
  { "net-truncated", TRUE },
  { "clock", TRUE },

  { "cloud-unauthorized", FALSE },
  { "cloud-forbidden", FALSE },
  { "cloud-rejected", TRUE },
  { "cloud-rate-limited", TRUE },
  { "cloud-unavailable", TRUE },
  { "cloud-answer", TRUE },
  { "cloud-status", FALSE },

  { "sikka-app", FALSE },
  { "sikka-not-granted", FALSE },
  { "sikka-key-expired", FALSE },
  { "sikka-no-data-yet", FALSE },
  { "sikka-spu-offline", FALSE },
  { "sikka-quota", TRUE },
  { "sikka-unavailable", TRUE },
  { "sikka-rejected", FALSE },

  { "json-syntax", TRUE },
  { "json-limit", TRUE },
  { "json-type", TRUE },
  { "json-missing", TRUE },

  { "store-absent", FALSE },
  { "store-locked", FALSE },
  { "store-unavailable", FALSE },
  { "store-failed", FALSE },
  { "store-too-large", FALSE },
  { "store-damaged", FALSE },

  { "journal-full", FALSE },
  { "journal-read-only", FALSE },
  { "journal-failed", FALSE },
  { "journal-broken", FALSE },
};

G_STATIC_ASSERT (G_N_ELEMENTS (error_rows) == SC_N_ERRORS);

G_DEFINE_QUARK (sc_error_quark, sc_error)

const char *
sc_error_to_id (int code)
{
  if (code < 0 || code >= SC_N_ERRORS)
    return error_rows[SC_ERROR_FAILED].id;
  return error_rows[code].id;
}

ScError
sc_error_from_id (const char *id)
{
  for (guint i = 0; i < SC_N_ERRORS; i++)
    if (g_strcmp0 (error_rows[i].id, id) == 0)
      return i;
  return SC_ERROR_FAILED;
}

const char *
sc_error_get_id (const GError *error)
{
  if (error == NULL)
    return "";
  if (error->domain == SC_ERROR)
    return sc_error_to_id (error->code);
  if (error->domain == g_quark_try_string (IO_ERROR_DOMAIN) && error->code == IO_ERROR_CANCELLED)
    return sc_error_to_id (SC_ERROR_CANCELLED);
  return sc_error_to_id (SC_ERROR_FAILED);
}

gboolean
sc_error_is_transport (int code)
{
  return code >= 0 && code < SC_N_ERRORS && error_rows[code].is_transport;
}

void
sc_error_set_cause (GError **error, ScError code, const char *what, const GError *cause)
{
  g_return_if_fail (what != NULL);
  g_return_if_fail (cause != NULL);

  g_set_error (error, SC_ERROR, code, "%s: %s", what, cause->message);
}
