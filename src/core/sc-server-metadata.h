// SPDX-License-Identifier: MIT
// Authorization server metadata (RFC 8414).

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  char *issuer;
  char *authorization_endpoint;
  char *token_endpoint;
  char *revocation_endpoint; /* (nullable) */
  gboolean iss_supported;    /* authorization_response_iss_parameter_supported, RFC 9207 §3 */
} ScServerMetadata;

void sc_server_metadata_free (ScServerMetadata *self);

/**
 * sc_server_metadata_build_url:
 * @issuer: the issuer, perhaps with a path
 *
 * Returns: (transfer full): where its metadata is, by RFC 8414 §3.1: the well-known part goes
 * between
 *   host and path
 */
char *sc_server_metadata_build_url (const char *issuer);

/**
 * sc_server_metadata_parse:
 * @text: (array length=length): the document
 * @length: its size in bytes
 * @issuer: the issuer that was asked; the document's must be identical (§3.3)
 * @error: return location
 *
 * Requires S256 among code_challenge_methods_supported, "code" among response_types_supported, and
 * endpoints that sc_url_check() accepts.
 *
 * Errors: %SC_ERROR_OAUTH_ISSUER, %SC_ERROR_OAUTH_METADATA (naming the member).
 *
 * Returns: (transfer full): the metadata
 */
ScServerMetadata *
sc_server_metadata_parse (const char *text, gsize length, const char *issuer, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScServerMetadata, sc_server_metadata_free)

G_END_DECLS
