// SPDX-License-Identifier: MIT
// Tokens: the access token with its expiry, and the token endpoint's answers (RFC 6749 §5).

#define G_LOG_DOMAIN "sc-core"

#include "sc-token.h"

#include "sc-cloud-status.h"
#include "sc-error.h"
#include "sc-json.h"

#include <string.h>

#define MAX_REFRESH_TOKEN_SIZE 2000
/* A token this close to its end may be refused by the time it arrives. */
#define FRESH_SECONDS 60
/* Sixty-eight years: beyond it a number is as good as "never", and adding to the time is safe. */
#define MAX_EXPIRES_IN G_MAXINT32

void
sc_token_free (ScToken *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->access_token, sc_secret_string_unref);
  g_clear_pointer (&self->refresh_token, sc_secret_string_unref);
  g_free (self->scope);
  g_clear_pointer (&self->practice, sc_practice_free);
  g_free (self);
}

static ScSecretString *
share_secret (ScSecretString *secret)
{
  return secret != NULL ? sc_secret_string_ref (secret) : NULL;
}

ScToken *
sc_token_copy (const ScToken *self)
{
  ScToken *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new0 (ScToken, 1);
  copy->access_token = share_secret (self->access_token);
  copy->expires_at = self->expires_at;
  copy->refresh_token = share_secret (self->refresh_token);
  copy->scope = g_strdup (self->scope);
  copy->practice = self->practice != NULL ? sc_practice_copy (self->practice) : NULL;
  return copy;
}

static gboolean
refuse (GError **error, const char *member, const char *problem)
{
  g_set_error (error, SC_ERROR, SC_ERROR_OAUTH_TOKEN, "member \"%s\" %s", member, problem);
  return FALSE;
}

/* RFC 6749 appendix A.12, without the space: the token becomes part of a header. */
static gboolean
is_graphic (const ScSecretString *secret)
{
  for (const char *p = sc_secret_string_peek (secret); *p != '\0'; p++)
    if (!g_ascii_isgraph (*p))
      return FALSE;
  return TRUE;
}

static gboolean
read_access_token (JsonObject *object, ScToken *self, GError **error)
{
  self->access_token = sc_json_require_secret (object, "access_token", error);
  if (self->access_token == NULL)
    return FALSE;
  if (!is_graphic (self->access_token))
    return refuse (error, "access_token", "has characters that no token has");
  return TRUE;
}

static gboolean
read_token_type (JsonObject *object, GError **error)
{
  const char *token_type = sc_json_require_string (object, "token_type", error);

  if (token_type == NULL)
    return FALSE;
  if (g_ascii_strcasecmp (token_type, "Bearer") != 0)
    return refuse (error, "token_type", "is not Bearer");
  return TRUE;
}

static gboolean
read_refresh_token (JsonObject *object, ScToken *self, GError **error)
{
  const char *text = NULL;

  if (!sc_json_optional_string (object, "refresh_token", &text, error))
    return FALSE;
  if (text == NULL)
    return TRUE;
  self->refresh_token = sc_json_require_secret (object, "refresh_token", error);
  if (self->refresh_token == NULL)
    return FALSE;
  if (sc_secret_string_get_length (self->refresh_token) > MAX_REFRESH_TOKEN_SIZE)
    return refuse (error, "refresh_token", "is longer than 2,000 bytes");
  if (!is_graphic (self->refresh_token))
    return refuse (error, "refresh_token", "has characters that no token has");
  return TRUE;
}

static gboolean
parse_expires_in_text (const char *text, gint64 *seconds, GError **error)
{
  guint64 number = 0;

  if (!g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &number, NULL))
    return refuse (error, "expires_in", "is not a number of seconds");
  *seconds = (gint64) number;
  return TRUE;
}

static gboolean
read_expires_in (JsonObject *object, gint64 now, ScToken *self, GError **error)
{
  const char *text = NULL;
  gint64 seconds = -1;

  if (!json_object_has_member (object, "expires_in") ||
      json_object_get_null_member (object, "expires_in"))
    return TRUE;
  if (sc_json_optional_string (object, "expires_in", &text, NULL))
    {
      if (!parse_expires_in_text (text, &seconds, error))
        return FALSE;
    }
  else if (!sc_json_optional_int (object, "expires_in", &seconds, error))
    return FALSE;
  if (seconds < 0)
    return refuse (error, "expires_in", "is negative");
  self->expires_at = now + MIN (seconds, MAX_EXPIRES_IN);
  return TRUE;
}

static gboolean
read_practice (JsonObject *object, ScToken *self, GError **error)
{
  g_autoptr (GError) cause = NULL;
  JsonObject *practice = NULL;

  if (!sc_json_optional_object (object, "practice", &practice, error))
    return FALSE;
  if (practice == NULL)
    return TRUE;
  self->practice = sc_cloud_status_parse_practice (practice, &cause);
  if (self->practice != NULL)
    return TRUE;
  sc_error_set_cause (error, SC_ERROR_OAUTH_TOKEN, "practice", cause);
  return FALSE;
}

static gboolean
read_scope (JsonObject *object, ScToken *self, GError **error)
{
  const char *scope = NULL;

  if (!sc_json_optional_string (object, "scope", &scope, error))
    return FALSE;
  self->scope = g_strdup (scope);
  return TRUE;
}

ScToken *
sc_token_parse (const char *text, gsize length, gint64 now, GError **error)
{
  g_autoptr (ScToken) self = NULL;
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (GError) cause = NULL;

  g_return_val_if_fail (text != NULL || length == 0, NULL);

  self = g_new0 (ScToken, 1);
  object = sc_json_parse_object (text, length, &cause);
  if (object != NULL && read_access_token (object, self, &cause) &&
      read_token_type (object, &cause) && read_expires_in (object, now, self, &cause) &&
      read_refresh_token (object, self, &cause) && read_scope (object, self, &cause) &&
      read_practice (object, self, &cause))
    return g_steal_pointer (&self);
  sc_error_set_cause (error, SC_ERROR_OAUTH_TOKEN, "token answer", cause);
  return NULL;
}

gboolean
sc_token_is_fresh (const ScToken *self, gint64 now)
{
  if (self == NULL)
    return FALSE;
  return self->expires_at == 0 || self->expires_at - now > FRESH_SECONDS;
}

/* Returns: (transfer full): the error word of RFC 6749 §5.2, "" when the body has none */
static char *
read_error_word (const char *text, gsize length)
{
  g_autoptr (JsonObject) object = sc_json_parse_object (text, length, NULL);
  const char *word = NULL;

  if (object != NULL)
    sc_json_optional_string (object, "error", &word, NULL);
  /* What is not a plain word is not quoted in a message. */
  if (word == NULL || strlen (word) > 64 ||
      word[strspn (word, "abcdefghijklmnopqrstuvwxyz_")] != '\0')
    return g_strdup ("");
  return g_strdup (word);
}

static ScError
classify_error (const char *word, guint http_status)
{
  if (http_status == 429)
    return SC_ERROR_CLOUD_RATE_LIMITED;
  if (http_status >= 500)
    return SC_ERROR_CLOUD_UNAVAILABLE;
  if (g_str_equal (word, "invalid_grant"))
    return SC_ERROR_OAUTH_GRANT;
  if (g_str_equal (word, "invalid_client") || g_str_equal (word, "unauthorized_client"))
    return SC_ERROR_OAUTH_CLIENT;
  return SC_ERROR_OAUTH_SERVER;
}

GError *
sc_token_parse_error (const char *text, gsize length, guint http_status)
{
  g_autofree char *word = NULL;

  g_return_val_if_fail (text != NULL || length == 0, NULL);

  word = read_error_word (text, length);
  return g_error_new (SC_ERROR, classify_error (word, http_status), "the server answered %u %s",
                      http_status, *word != '\0' ? word : "without an error word");
}
