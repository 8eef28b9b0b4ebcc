// SPDX-License-Identifier: MIT
// The authorization response in the query of the redirect (RFC 6749 §4.1.2, RFC 9207).

#define G_LOG_DOMAIN "sc-core"

#include "sc-redirect.h"

#include "sc-error.h"

#include <string.h>

/* A code of the largest size with every byte percent-encoded, and room for the rest. */
#define MAX_QUERY_SIZE 8192
#define MAX_CODE_SIZE 2048
#define MAX_ISSUER_SIZE 2048
#define MAX_ERROR_SIZE 64

typedef enum
{
  PARAMETER_CODE,
  PARAMETER_STATE,
  PARAMETER_ERROR,
  PARAMETER_ISS,
  N_PARAMETERS
} Parameter;

static const char *const parameter_names[] = { "code", "state", "error", "iss" };
G_STATIC_ASSERT (G_N_ELEMENTS (parameter_names) == N_PARAMETERS);

/* Decoded; NULL where the parameter is not there. An empty one is not there (RFC 6749 §3.1). */
typedef struct
{
  char *values[N_PARAMETERS];
  gboolean seen[N_PARAMETERS];
} Parameters;

static void
parameters_clear (Parameters *self)
{
  for (guint i = 0; i < N_PARAMETERS; i++)
    sc_secret_free (self->values[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Parameters, parameters_clear)

void
sc_redirect_free (ScRedirect *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->code, sc_secret_string_unref);
  g_free (self->oauth_error);
  g_free (self->issuer);
  g_free (self);
}

/* One byte of form encoding at *at, which moves behind it; -1 for a broken escape. */
static int
decode_byte (const char **at, const char *end)
{
  const char *p = *at;

  *at = p + 1;
  if (*p != '%')
    return *p == '+' ? ' ' : (guchar) *p;
  if (end - p < 3 || !g_ascii_isxdigit (p[1]) || !g_ascii_isxdigit (p[2]))
    return -1;
  *at = p + 3;
  return g_ascii_xdigit_value (p[1]) * 16 + g_ascii_xdigit_value (p[2]);
}

/* Returns: the decoded text, NULL when it is broken or no UTF-8; free with sc_secret_free() */
static char *
decode (const char *start, const char *end)
{
  char *text = g_malloc0 ((gsize) (end - start) + 1);
  gsize length = 0;

  while (start < end)
    {
      int byte = decode_byte (&start, end);

      if (byte < 0)
        {
          sc_secret_free (text);
          return NULL;
        }
      text[length++] = (char) byte;
    }
  /* With a length, a NUL is not valid either. */
  if (g_utf8_validate (text, (gssize) length, NULL))
    return text;
  sc_secret_free (text);
  return NULL;
}

static Parameter
find_parameter (const char *start, const char *end)
{
  g_autofree char *name = decode (start, end);
  guint i = 0;

  while (i < N_PARAMETERS && g_strcmp0 (name, parameter_names[i]) != 0)
    i++;
  return i;
}

static gboolean
refuse (GError **error, const char *problem)
{
  g_set_error (error, SC_ERROR, SC_ERROR_OAUTH_REDIRECT, "the redirect has %s", problem);
  return FALSE;
}

/* start to end is one name=value pair, still encoded. */
static gboolean
read_pair (Parameters *parameters, const char *start, const char *end, GError **error)
{
  const char *equals = memchr (start, '=', (gsize) (end - start));
  const char *name_end = equals != NULL ? equals : end;
  Parameter parameter = find_parameter (start, name_end);

  if (parameter == N_PARAMETERS)
    return TRUE;
  if (parameters->seen[parameter])
    return refuse (error, "a repeated parameter");
  parameters->seen[parameter] = TRUE;
  if (equals == NULL || equals + 1 == end)
    return TRUE;
  parameters->values[parameter] = decode (equals + 1, end);
  if (parameters->values[parameter] == NULL)
    return refuse (error, "a value that is not encoded UTF-8");
  return TRUE;
}

static gboolean
read_parameters (Parameters *parameters, const char *query, GError **error)
{
  const char *start = query;

  if (strlen (query) > MAX_QUERY_SIZE)
    return refuse (error, "a query that is too long");
  while (*start != '\0')
    {
      const char *end = start + strcspn (start, "&");

      if (!read_pair (parameters, start, end, error))
        return FALSE;
      start = *end == '&' ? end + 1 : end;
    }
  return TRUE;
}

static gboolean
is_visible_ascii (const char *text, const char *except)
{
  for (const char *p = text; *p != '\0'; p++)
    if (*p < ' ' || *p > '~' || strchr (except, *p) != NULL)
      return FALSE;
  return TRUE;
}

/* The character sets are those of RFC 6749 appendices A.7 and A.11. */
static gboolean
check_values (const Parameters *parameters, GError **error)
{
  const char *code = parameters->values[PARAMETER_CODE];
  const char *oauth_error = parameters->values[PARAMETER_ERROR];
  const char *iss = parameters->values[PARAMETER_ISS];

  if ((code != NULL) == (oauth_error != NULL))
    return refuse (error, code != NULL ? "both code and error" : "neither code nor error");
  if (code != NULL && (strlen (code) > MAX_CODE_SIZE || !is_visible_ascii (code, "")))
    return refuse (error, "a code that is too long or not ASCII");
  if (oauth_error != NULL && !is_visible_ascii (oauth_error, "\"\\"))
    return refuse (error, "an error that is not ASCII");
  if (iss != NULL && (strlen (iss) > MAX_ISSUER_SIZE || !is_visible_ascii (iss, " ")))
    return refuse (error, "an iss that is no URL");
  return TRUE;
}

/* The registered errors are words of a-z and "_"; what else a server makes up is one word to us,
 * because it reaches logs. */
static char *
dup_error_word (const char *oauth_error)
{
  gsize length = strlen (oauth_error);
  gboolean is_word = strspn (oauth_error, "abcdefghijklmnopqrstuvwxyz_") == length;

  return g_strdup (is_word && length <= MAX_ERROR_SIZE ? oauth_error : "other_error");
}

ScRedirect *
sc_redirect_parse (const char *query, const ScSecretString *state, GError **error)
{
  g_auto (Parameters) parameters = { 0 };
  ScRedirect *self = NULL;

  g_return_val_if_fail (state != NULL, NULL);

  if (query != NULL && !read_parameters (&parameters, query, error))
    return NULL;
  if (!sc_secret_string_equal (state, parameters.values[PARAMETER_STATE]))
    {
      g_set_error (error, SC_ERROR, SC_ERROR_OAUTH_STATE, "the redirect has no state of ours");
      return NULL;
    }
  if (!check_values (&parameters, error))
    return NULL;

  self = g_new0 (ScRedirect, 1);
  if (parameters.values[PARAMETER_CODE] != NULL)
    self->code = sc_secret_string_new (parameters.values[PARAMETER_CODE]);
  else
    self->oauth_error = dup_error_word (parameters.values[PARAMETER_ERROR]);
  self->issuer = g_strdup (parameters.values[PARAMETER_ISS]);
  return self;
}

gboolean
sc_redirect_check_issuer (const ScRedirect *self,
                          const char *issuer,
                          gboolean iss_required,
                          GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (issuer != NULL, FALSE);

  if (self->issuer == NULL && !iss_required)
    return TRUE;
  /* Simple string comparison, RFC 3986 §6.2.1. */
  if (g_strcmp0 (self->issuer, issuer) == 0)
    return TRUE;
  g_set_error (error, SC_ERROR, SC_ERROR_OAUTH_ISSUER, "the redirect %s",
               self->issuer != NULL ? "names another issuer" : "does not name its issuer");
  return FALSE;
}

static ScError
classify_error (const char *oauth_error)
{
  if (g_str_equal (oauth_error, "access_denied"))
    return SC_ERROR_OAUTH_DENIED;
  if (g_str_equal (oauth_error, "unauthorized_client") ||
      g_str_equal (oauth_error, "invalid_client"))
    return SC_ERROR_OAUTH_CLIENT;
  return SC_ERROR_OAUTH_SERVER;
}

gboolean
sc_redirect_check_answer (const ScRedirect *self, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->code != NULL)
    return TRUE;
  g_set_error (error, SC_ERROR, classify_error (self->oauth_error), "the server answered %s",
               self->oauth_error);
  return FALSE;
}
