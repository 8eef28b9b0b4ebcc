// SPDX-License-Identifier: MIT
// A client of the sandbox that is not the companion: plain requests, headers and failures visible.

#pragma once

#include "sc-test-sandbox.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/** The one redirect URI that these tests listen on in thought only. */
#define SC_TEST_REDIRECT_URI "http://127.0.0.1:45671/callback"
/** A code_verifier and its S256 challenge: RFC 7636 appendix B. */
#define SC_TEST_VERIFIER "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define SC_TEST_CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
/** Parameters of a good authorization request, without the scope. */
#define SC_TEST_AUTHORIZE                                      \
  "response_type=code&client_id=sikka-companion&state=state-1" \
  "&redirect_uri=http%3A%2F%2F127.0.0.1%3A45671%2Fcallback"    \
  "&code_challenge=" SC_TEST_CHALLENGE "&code_challenge_method=S256"

typedef struct _ScTestClient ScTestClient;

/**
 * ScTestReply:
 * @headers: of the answer
 * @text: its body
 * @json: (nullable): its body when that is a JSON object
 * @error: (nullable): why there is no whole answer
 */
typedef struct
{
  guint status;
  SoupMessageHeaders *headers;
  char *text;
  JsonObject *json;
  GError *error;
} ScTestReply;

void sc_test_reply_free (ScTestReply *self);

/** sc_test_reply_get: Returns: (transfer none) (nullable): a text member of the body */
const char *sc_test_reply_get (const ScTestReply *self, const char *name);

/** sc_test_reply_get_header: Returns: (transfer none) (nullable): a header of the answer */
const char *sc_test_reply_get_header (const ScTestReply *self, const char *name);

/** sc_test_client_new: @first_arg: (nullable): of the sandbox that it starts, ended by %NULL */
ScTestClient *sc_test_client_new (const char *first_arg, const char *second_arg);
void sc_test_client_free (ScTestClient *self);

/** sc_test_client_get_sandbox: Returns: (transfer none): the running sandbox */
ScTestSandbox *sc_test_client_get_sandbox (ScTestClient *self);

/**
 * sc_test_client_send:
 * @path: of the sandbox, or an absolute URL
 * @type: (nullable): of @body
 * @...: header name, nullable value pairs, ended by %NULL
 *
 * Returns: (transfer full): the answer; no redirect is followed
 */
ScTestReply *sc_test_client_send (ScTestClient *self,
                                  const char *method,
                                  const char *path,
                                  const char *type,
                                  const char *body,
                                  ...) G_GNUC_NULL_TERMINATED;

/** sc_test_client_call: @token: (nullable): bearer token; @json: (nullable): body */
ScTestReply *sc_test_client_call (ScTestClient *self,
                                  const char *method,
                                  const char *path,
                                  const char *token,
                                  const char *json);

/** sc_test_client_post_form: @form: encoded parameters */
ScTestReply *sc_test_client_post_form (ScTestClient *self, const char *path, const char *form);

/**
 * sc_test_client_follow:
 * @path: where to begin
 *
 * Goes where the sandbox sends the browser until that is somewhere else or is no redirect.
 *
 * Returns: (transfer full) (nullable): the foreign URL; %NULL when the last answer was a page
 */
char *sc_test_client_follow (ScTestClient *self, const char *path);

/** sc_test_client_authorize: @more: (nullable): e.g. "&scope=connection"; Returns: as follow() */
char *sc_test_client_authorize (ScTestClient *self, const char *more);

/** sc_test_client_exchange: @url: the redirect; Returns: (transfer full): the token answer */
ScTestReply *sc_test_client_exchange (ScTestClient *self, const char *url);

/** sc_test_client_refresh: Returns: (transfer full): the answer to a refresh token */
ScTestReply *sc_test_client_refresh (ScTestClient *self, const char *refresh_token);

/** sc_test_client_sign_in: Returns: (transfer full): a good token answer */
ScTestReply *sc_test_client_sign_in (ScTestClient *self);

/** sc_test_client_advance: moves the sandbox's clock */
void sc_test_client_advance (ScTestClient *self, int seconds);

/** sc_test_get_parameter: Returns: (transfer full) (nullable): parameter @name of @url */
char *sc_test_get_parameter (const char *url, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScTestReply, sc_test_reply_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScTestClient, sc_test_client_free)

G_END_DECLS
