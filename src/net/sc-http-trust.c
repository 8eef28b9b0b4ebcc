// SPDX-License-Identifier: MIT
// The system's trusted certificates, for as long as they are needed.

#define G_LOG_DOMAIN "sc-net"

#include "sc-http-trust.h"

/* glib-networking's types for the system's store. They have no public constructor, but are the
 * parents of those for a file of certificates, and initialise themselves with the store. */
static const char *const known_types[] = { "GTlsDatabaseGnutls", "GTlsDatabaseOpenssl", NULL };

static GTlsDatabase *
load (GTlsBackend *backend)
{
  GType type = g_type_parent (g_tls_backend_get_file_database_type (backend));
  g_autoptr (GError) error = NULL;
  GTlsDatabase *trust;

  if (type == G_TYPE_INVALID || !g_strv_contains (known_types, g_type_name (type)))
    return NULL;
  trust = g_initable_new (type, NULL, &error, NULL);
  if (trust == NULL)
    g_warning ("the system's certificates cannot be read: %s", error->message);
  return trust;
}

void
sc_http_trust_hold (void)
{
  GTlsBackend *backend = g_tls_backend_get_default ();
  g_autoptr (GTlsDatabase) trust = load (backend);

  if (trust != NULL)
    g_tls_backend_set_default_database (backend, trust);
}

void
sc_http_trust_release (void)
{
  g_tls_backend_set_default_database (g_tls_backend_get_default (), NULL);
}
