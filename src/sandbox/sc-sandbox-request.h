// SPDX-License-Identifier: MIT
// One HTTP request on its way through the sandbox, and the tables that lead it to its handler.

#pragma once

#include "sc-sandbox.h"

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * ScSandboxRequest:
 * @sandbox: where it came in
 * @message: the HTTP message
 * @path: decoded path
 * @query: (element-type utf8 utf8): parameters of the URL
 * @query_repeats: a parameter came more than once
 */
typedef struct
{
  ScSandbox *sandbox;
  SoupServerMessage *message;
  char *path;
  GHashTable *query;
  gboolean query_repeats;
  /*< private >*/
  grefcount references;
  guint holds;
} ScSandboxRequest;

ScSandboxRequest *
sc_sandbox_request_new (ScSandbox *sandbox, SoupServerMessage *message, const char *path);
ScSandboxRequest *sc_sandbox_request_ref (ScSandboxRequest *self);
void sc_sandbox_request_unref (ScSandboxRequest *self);

/**
 * sc_sandbox_request_hold:
 *
 * Keeps the answer back until sc_sandbox_request_release() was called as often.
 *
 * Returns: (transfer full): @self
 */
ScSandboxRequest *sc_sandbox_request_hold (ScSandboxRequest *self);
void sc_sandbox_request_release (ScSandboxRequest *self);

/**
 * sc_sandbox_request_get:
 *
 * Returns: (transfer none) (nullable): parameter @name of the URL
 */
const char *sc_sandbox_request_get (ScSandboxRequest *self, const char *name);

/**
 * sc_sandbox_request_get_header:
 *
 * Returns: (transfer none) (nullable): header @name
 */
const char *sc_sandbox_request_get_header (ScSandboxRequest *self, const char *name);

/**
 * sc_sandbox_request_parse_form:
 *
 * Returns: (transfer container) (element-type utf8 utf8) (nullable): the parameters of a
 *   application/x-www-form-urlencoded body; %NULL when it is not one or a parameter is repeated
 *   (RFC 6749 §3.2)
 */
GHashTable *sc_sandbox_request_parse_form (ScSandboxRequest *self);

/**
 * sc_sandbox_request_parse_json:
 *
 * Returns: (transfer full) (nullable): the object of a JSON body; %NULL when it is something else
 */
JsonObject *sc_sandbox_request_parse_json (ScSandboxRequest *self);

typedef void (*ScSandboxHandler) (gpointer part, ScSandboxRequest *request);

/** ScSandboxRoute: a row of a part's table; the last row has no path */
typedef struct
{
  const char *method;
  const char *path;
  ScSandboxHandler handle;
} ScSandboxRoute;

/**
 * sc_sandbox_request_route:
 * @routes: (array zero-terminated=1): a part's table
 * @part: given to the handler
 *
 * Calls the handler of @self's path and method, or answers 405 when only the method is wrong.
 *
 * Returns: whether the path is in the table
 */
gboolean
sc_sandbox_request_route (ScSandboxRequest *self, const ScSandboxRoute *routes, gpointer part);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScSandboxRequest, sc_sandbox_request_unref)

G_END_DECLS
