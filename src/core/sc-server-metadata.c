// SPDX-License-Identifier: MIT
// Authorization server metadata (RFC 8414).

#define G_LOG_DOMAIN "sc-core"

#include "sc-server-metadata.h"

#include "sc-error.h"
#include "sc-json.h"
#include "sc-url.h"

#include <string.h>

#define WELL_KNOWN_PATH "/.well-known/oauth-authorization-server"

void
sc_server_metadata_free (ScServerMetadata *self)
{
  if (self == NULL)
    return;
  g_free (self->issuer);
  g_free (self->authorization_endpoint);
  g_free (self->token_endpoint);
  g_free (self->revocation_endpoint);
  g_free (self);
}

char *
sc_server_metadata_build_url (const char *issuer)
{
  const char *authority = NULL;
  gsize host_end = 0, length = 0;

  g_return_val_if_fail (issuer != NULL, NULL);

  authority = strstr (issuer, "://");
  host_end = authority != NULL ? (gsize) (authority + 3 - issuer) : 0;
  host_end += strcspn (issuer + host_end, "/");
  length = strlen (issuer);
  while (length > host_end && issuer[length - 1] == '/')
    length--;
  return g_strdup_printf ("%.*s" WELL_KNOWN_PATH "%.*s", (int) host_end, issuer,
                          (int) (length - host_end), issuer + host_end);
}

static gboolean
array_has_string (JsonArray *array, const char *wanted)
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_VALUE (element) &&
          g_strcmp0 (json_node_get_string (element), wanted) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
check_advertised (JsonObject *object, const char *member, const char *wanted, GError **error)
{
  JsonArray *array = NULL;

  if (!sc_json_optional_array (object, member, &array, error))
    return FALSE;
  if (array != NULL && array_has_string (array, wanted))
    return TRUE;
  g_set_error (error, SC_ERROR, SC_ERROR_OAUTH_METADATA, "member \"%s\" lacks \"%s\"", member,
               wanted);
  return FALSE;
}

static gboolean
check_endpoint (const char *member, const char *url, GError **error)
{
  g_autoptr (GError) cause = NULL;

  if (sc_url_check (url, &cause))
    return TRUE;
  sc_error_set_cause (error, SC_ERROR_OAUTH_METADATA, member, cause);
  return FALSE;
}

static gboolean
require_endpoint (JsonObject *object, const char *member, char **endpoint, GError **error)
{
  const char *url = sc_json_require_string (object, member, error);

  if (url == NULL || !check_endpoint (member, url, error))
    return FALSE;
  *endpoint = g_strdup (url);
  return TRUE;
}

static gboolean
read_revocation_endpoint (JsonObject *object, ScServerMetadata *self, GError **error)
{
  const char *url = NULL;

  if (!sc_json_optional_string (object, "revocation_endpoint", &url, error) ||
      (url != NULL && !check_endpoint ("revocation_endpoint", url, error)))
    return FALSE;
  self->revocation_endpoint = g_strdup (url);
  return TRUE;
}

static gboolean
read_issuer (JsonObject *object, const char *issuer, ScServerMetadata *self, GError **error)
{
  const char *found = sc_json_require_string (object, "issuer", error);

  if (found == NULL)
    return FALSE;
  if (!g_str_equal (found, issuer))
    {
      g_set_error (error, SC_ERROR, SC_ERROR_OAUTH_ISSUER,
                   "member \"issuer\" names another issuer");
      return FALSE;
    }
  self->issuer = g_strdup (found);
  return TRUE;
}

static gboolean
read_members (JsonObject *object, const char *issuer, ScServerMetadata *self, GError **error)
{
  return read_issuer (object, issuer, self, error) &&
         require_endpoint (object, "authorization_endpoint", &self->authorization_endpoint,
                           error) &&
         require_endpoint (object, "token_endpoint", &self->token_endpoint, error) &&
         read_revocation_endpoint (object, self, error) &&
         check_advertised (object, "response_types_supported", "code", error) &&
         check_advertised (object, "code_challenge_methods_supported", "S256", error) &&
         sc_json_optional_boolean (object, "authorization_response_iss_parameter_supported",
                                   &self->iss_supported, error);
}

ScServerMetadata *
sc_server_metadata_parse (const char *text, gsize length, const char *issuer, GError **error)
{
  g_autoptr (ScServerMetadata) self = NULL;
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (GError) cause = NULL;

  g_return_val_if_fail (text != NULL || length == 0, NULL);
  g_return_val_if_fail (issuer != NULL, NULL);

  self = g_new0 (ScServerMetadata, 1);
  object = sc_json_parse_object (text, length, &cause);
  if (object != NULL && read_members (object, issuer, self, &cause))
    return g_steal_pointer (&self);
  if (g_error_matches (cause, SC_ERROR, SC_ERROR_OAUTH_ISSUER))
    g_propagate_error (error, g_steal_pointer (&cause));
  else
    sc_error_set_cause (error, SC_ERROR_OAUTH_METADATA, "server metadata", cause);
  return NULL;
}
