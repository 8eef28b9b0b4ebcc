// SPDX-License-Identifier: MIT
// Sikka API v4 answers in Sikka's own shapes: text everywhere, errors in bodies, odd envelopes.

#define G_LOG_DOMAIN "sc-core"

#include "sc-sikka-answer.h"

#include <string.h>

#include "sc-error.h"
#include "sc-json.h"

/* Sikka's own limit of a page. */
#define MAX_PRACTICES 5000

/* Envelopes around a list: an array, "data", "items", and the list itself. */
#define MAX_ENVELOPES 5

/* Sikka's published codes. Those that mean success stand in the same body shape as errors. */
static const struct
{
  guint code;
  gboolean is_success;
  ScError error;
} codes[] = {
  { 2, TRUE },
  { 3, TRUE },
  { 1001, FALSE, SC_ERROR_SIKKA_REJECTED },
  { 1002, FALSE, SC_ERROR_SIKKA_REJECTED },
  { 1003, FALSE, SC_ERROR_SIKKA_REJECTED },
  { 1004, FALSE, SC_ERROR_SIKKA_REJECTED },
  { 1005, FALSE, SC_ERROR_SIKKA_REJECTED },
  { 1006, FALSE, SC_ERROR_SIKKA_REJECTED },
  { 1020, FALSE, SC_ERROR_SIKKA_REJECTED },
  { 1025, FALSE, SC_ERROR_SIKKA_KEY_EXPIRED },
  { 1026, FALSE, SC_ERROR_SIKKA_REJECTED },
  { 1029, TRUE },
  { 2001, FALSE, SC_ERROR_SIKKA_UNAVAILABLE },
  { 2002, FALSE, SC_ERROR_SIKKA_UNAVAILABLE },
  { 2003, FALSE, SC_ERROR_SIKKA_APP },
  { 2004, FALSE, SC_ERROR_SIKKA_NOT_GRANTED },
  { 2006, FALSE, SC_ERROR_SIKKA_UNAVAILABLE },
  { 2007, FALSE, SC_ERROR_SIKKA_NOT_GRANTED },
  { 2009, FALSE, SC_ERROR_SIKKA_REJECTED },
  { 2010, FALSE, SC_ERROR_SIKKA_NO_DATA_YET },
  { 2011, FALSE, SC_ERROR_SIKKA_QUOTA },
  { 2012, FALSE, SC_ERROR_SIKKA_QUOTA },
  { 2013, FALSE, SC_ERROR_SIKKA_REJECTED },
  { 2014, FALSE, SC_ERROR_SIKKA_REJECTED },
  { 2015, FALSE, SC_ERROR_SIKKA_REJECTED },
  { 2016, TRUE },
  { 2017, FALSE, SC_ERROR_SIKKA_SPU_OFFLINE },
  { 2018, FALSE, SC_ERROR_SIKKA_REJECTED },
  { 2019, FALSE, SC_ERROR_SIKKA_REJECTED },
  { 2022, FALSE, SC_ERROR_SIKKA_UNAVAILABLE },
  { 4001, FALSE, SC_ERROR_SIKKA_REJECTED },
  { 4002, FALSE, SC_ERROR_SIKKA_REJECTED },
  { 4003, FALSE, SC_ERROR_SIKKA_REJECTED },
  { 4004, FALSE, SC_ERROR_SIKKA_REJECTED },
  { 4005, FALSE, SC_ERROR_SIKKA_REJECTED },
  { 4006, TRUE },
  { 4007, FALSE, SC_ERROR_SIKKA_REJECTED },
};

void
sc_sikka_key_free (ScSikkaKey *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->request_key, sc_secret_string_unref);
  g_clear_pointer (&self->refresh_key, sc_secret_string_unref);
  g_free (self->office_id);
  g_free (self);
}

void
sc_sikka_practice_free (ScSikkaPractice *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->practice, sc_practice_free);
  g_clear_pointer (&self->secret_key, sc_secret_string_unref);
  g_free (self->data_synchronization_date);
  g_free (self);
}

static char *
value_to_text (JsonNode *node)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  switch (json_node_get_value_type (node))
    {
    case G_TYPE_STRING:
      return json_node_dup_string (node);
    case G_TYPE_INT64:
      return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
    case G_TYPE_DOUBLE:
      return g_strdup (g_ascii_dtostr (number, sizeof number, json_node_get_double (node)));
    default:
      return g_strdup (json_node_get_boolean (node) ? "true" : "false");
    }
}

/* Any scalar as text: Sikka sends numbers as text, and now and then text as a number. @text is NULL
 * when the member is not there. */
static gboolean
read_text (JsonObject *object, const char *member, char **text, GError **error)
{
  JsonNode *node = json_object_get_member (object, member);

  *text = NULL;
  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (!JSON_NODE_HOLDS_VALUE (node))
    {
      g_set_error (error, SC_ERROR, SC_ERROR_JSON_TYPE, "member \"%s\" is not text", member);
      return FALSE;
    }
  *text = value_to_text (node);
  return TRUE;
}

static gboolean
require_text (JsonObject *object, const char *member, char **text, GError **error)
{
  if (!read_text (object, member, text, error))
    return FALSE;
  if (*text != NULL && **text != '\0')
    return TRUE;
  g_clear_pointer (text, g_free);
  g_set_error (error, SC_ERROR, SC_ERROR_JSON_MISSING, "member \"%s\" is missing", member);
  return FALSE;
}

static gboolean
read_secret (JsonObject *object, const char *member, ScSecretString **secret, GError **error)
{
  char *text = NULL;

  if (!read_text (object, member, &text, error))
    return FALSE;
  if (text != NULL && *text != '\0')
    *secret = sc_secret_string_new_take (text);
  else
    g_free (text);
  return TRUE;
}

static gboolean
require_secret (JsonObject *object, const char *member, ScSecretString **secret, GError **error)
{
  if (!read_secret (object, member, secret, error))
    return FALSE;
  if (*secret != NULL)
    return TRUE;
  g_set_error (error, SC_ERROR, SC_ERROR_JSON_MISSING, "member \"%s\" is missing", member);
  return FALSE;
}

/* The number of "API2010", also as "api2010", "2010" or 2010; 0 for anything else. */
static guint
parse_code (const char *text)
{
  guint64 code = 0;

  if (text == NULL)
    return 0;
  if (g_ascii_strncasecmp (text, "API", strlen ("API")) == 0)
    text += strlen ("API");
  return g_ascii_string_to_unsigned (text, 10, 1, 9999, &code, NULL) ? (guint) code : 0;
}

/* Returns: an index into codes, -1 when Sikka has not published @code */
static int
find_code (guint code)
{
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (codes[i].code == code)
      return (int) i;
  return -1;
}

static ScError
status_to_error (guint http_status)
{
  static const struct
  {
    guint status;
    ScError error;
  } statuses[] = {
    { 401, SC_ERROR_SIKKA_APP },
    { 403, SC_ERROR_SIKKA_NOT_GRANTED },
    { 412, SC_ERROR_SIKKA_SPU_OFFLINE },
    { 429, SC_ERROR_SIKKA_QUOTA },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (statuses[i].status == http_status)
      return statuses[i].error;
  return http_status >= 500 ? SC_ERROR_SIKKA_UNAVAILABLE : SC_ERROR_SIKKA_REJECTED;
}

int
sc_sikka_answer_code_to_error (const char *error_code, guint http_status)
{
  int found = find_code (parse_code (error_code));

  if (found >= 0 && !codes[found].is_success)
    return codes[found].error;
  return status_to_error (http_status);
}

gint64
sc_sikka_answer_parse_expires_in (const char *text)
{
  guint64 seconds = 0;
  char *rest = NULL;

  if (text == NULL || !g_ascii_isdigit (*text))
    return -1;
  seconds = g_ascii_strtoull (text, &rest, 10);
  if (seconds > G_MAXINT32)
    return -1;
  if (*rest == '\0' || g_str_equal (rest, " second(s)"))
    return (gint64) seconds;
  return -1;
}

/* The object that counts, out of an array or "data" around it. */
static JsonObject *
unwrap_object (JsonNode *node)
{
  JsonNode *data = NULL;

  if (JSON_NODE_HOLDS_ARRAY (node) && json_array_get_length (json_node_get_array (node)) > 0)
    node = json_array_get_element (json_node_get_array (node), 0);
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return NULL;
  data = json_object_get_member (json_node_get_object (node), "data");
  if (data != NULL && JSON_NODE_HOLDS_OBJECT (data))
    node = data;
  return json_node_get_object (node);
}

/* What the body itself says went wrong: numbers, 0 where it says nothing readable. */
typedef struct
{
  guint code;
  guint http_status;
} Said;

static Said
read_said (JsonObject *object)
{
  g_autofree char *code = NULL;
  g_autofree char *status = NULL;
  guint64 number = 0;
  Said said = { 0 };

  if (read_text (object, "error_code", &code, NULL))
    said.code = parse_code (code);
  if (read_text (object, "http_code", &status, NULL) && status != NULL &&
      g_ascii_string_to_unsigned (status, 10, 100, 599, &number, NULL))
    said.http_status = (guint) number;
  return said;
}

static gboolean
is_failure (Said said)
{
  int found = find_code (said.code);

  return said.http_status >= 400 || (found >= 0 && !codes[found].is_success);
}

/* Names the code only: Sikka's messages may quote what was sent. */
static GError *
said_to_error (Said said)
{
  g_autofree char *code = said.code != 0 ? g_strdup_printf ("API%04u", said.code) : NULL;
  int error = sc_sikka_answer_code_to_error (code, said.http_status);

  if (code == NULL)
    return g_error_new (SC_ERROR, error, "sikka answered HTTP %u", said.http_status);
  return g_error_new (SC_ERROR, error, "sikka answered %s (HTTP %u)", code, said.http_status);
}

GError *
sc_sikka_answer_parse_error (const char *text, gsize length, guint http_status)
{
  g_autoptr (JsonNode) root = text != NULL ? sc_json_parse (text, length, NULL) : NULL;
  JsonObject *object = root != NULL ? unwrap_object (root) : NULL;
  Said said = { 0 };

  if (object != NULL)
    said = read_said (object);
  if (said.http_status == 0)
    said.http_status = http_status;
  return said_to_error (said);
}

/* Returns: FALSE, with Sikka's error, when @object is the error shape of a failure */
static gboolean
check_not_failure (JsonObject *object, GError **error)
{
  Said said = read_said (object);

  if (!is_failure (said))
    return TRUE;
  if (said.http_status == 0)
    said.http_status = 200;
  g_propagate_error (error, said_to_error (said));
  return FALSE;
}

static gboolean
read_expires_in (JsonObject *object, ScSikkaKey *key, GError **error)
{
  g_autofree char *text = NULL;

  if (!read_text (object, "expires_in", &text, error))
    return FALSE;
  if (text == NULL)
    return TRUE;
  key->expires_in = sc_sikka_answer_parse_expires_in (text);
  if (key->expires_in >= 0)
    return TRUE;
  g_set_error (error, SC_ERROR, SC_ERROR_JSON_TYPE,
               "member \"expires_in\" is no number of seconds");
  return FALSE;
}

static gboolean
read_status (JsonObject *object, ScSikkaKey *key, GError **error)
{
  g_autofree char *text = NULL;

  if (!read_text (object, "status", &text, error))
    return FALSE;
  key->is_active = text != NULL && g_ascii_strcasecmp (text, "active") == 0;
  return TRUE;
}

static gboolean
read_key (JsonObject *object, ScSikkaKey *key, GError **error)
{
  return require_secret (object, "request_key", &key->request_key, error) &&
         read_secret (object, "refresh_key", &key->refresh_key, error) &&
         require_text (object, "issued_to", &key->office_id, error) &&
         read_expires_in (object, key, error) && read_status (object, key, error);
}

ScSikkaKey *
sc_sikka_answer_parse_key (const char *text, gsize length, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (JsonNode) root = sc_json_parse (text, length, &cause);
  g_autoptr (ScSikkaKey) key = g_new0 (ScSikkaKey, 1);
  JsonObject *object = root != NULL ? unwrap_object (root) : NULL;

  if (root != NULL && object == NULL)
    g_set_error (&cause, SC_ERROR, SC_ERROR_JSON_TYPE, "the answer is not an object");
  if (object != NULL && !check_not_failure (object, error))
    return NULL;
  if (object != NULL && read_key (object, key, &cause))
    return g_steal_pointer (&key);
  sc_error_set_cause (error, SC_ERROR_SIKKA_REJECTED, "sikka's key", cause);
  return NULL;
}

static gboolean
is_envelope (JsonNode *node)
{
  return JSON_NODE_HOLDS_OBJECT (node) &&
         (json_object_has_member (json_node_get_object (node), "items") ||
          json_object_has_member (json_node_get_object (node), "data"));
}

static JsonNode *
open_envelope (JsonNode *node)
{
  JsonObject *object = NULL;
  JsonArray *array = NULL;

  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      array = json_node_get_array (node);
      return json_array_get_length (array) == 1 ? json_array_get_element (array, 0) : NULL;
    }
  object = json_node_get_object (node);
  if (json_object_has_member (object, "items"))
    return json_object_get_member (object, "items");
  return json_object_get_member (object, "data");
}

/* The list inside of its envelopes; NULL when there is none. */
static JsonArray *
find_items (JsonNode *node)
{
  for (guint i = 0; i < MAX_ENVELOPES; i++)
    {
      JsonNode *inner = NULL;

      if (!JSON_NODE_HOLDS_ARRAY (node) && !is_envelope (node))
        return NULL;
      inner = open_envelope (node);
      if (JSON_NODE_HOLDS_ARRAY (node) && (inner == NULL || !is_envelope (inner)))
        return json_node_get_array (node);
      node = inner;
    }
  return NULL;
}

static gboolean
read_identity (JsonObject *item, ScSikkaPractice *practice, GError **error)
{
  g_autofree char *office_id = NULL;
  g_autofree char *name = NULL;
  g_autofree char *pms_type = NULL;

  if (!require_text (item, "office_id", &office_id, error) ||
      !read_text (item, "practice_name", &name, error) ||
      !read_text (item, "practice_management_system", &pms_type, error))
    return FALSE;
  practice->practice = sc_practice_new (office_id, name, pms_type);
  return TRUE;
}

static ScSikkaPractice *
read_practice (JsonNode *node, GError **error)
{
  g_autoptr (ScSikkaPractice) practice = g_new0 (ScSikkaPractice, 1);
  JsonObject *item = NULL;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error (error, SC_ERROR, SC_ERROR_JSON_TYPE, "it is not an object");
      return NULL;
    }
  item = json_node_get_object (node);
  if (!read_identity (item, practice, error) ||
      !read_secret (item, "secret_key", &practice->secret_key, error) ||
      !read_text (item, "data_synchronization_date", &practice->data_synchronization_date, error))
    return NULL;
  return g_steal_pointer (&practice);
}

static gboolean
read_practices (JsonArray *items, GPtrArray *practices, GError **error)
{
  guint n_items = json_array_get_length (items);

  if (n_items > MAX_PRACTICES)
    {
      g_set_error (error, SC_ERROR, SC_ERROR_SIKKA_REJECTED,
                   "sikka's practices: more than %d items", MAX_PRACTICES);
      return FALSE;
    }
  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr (GError) cause = NULL;
      g_autofree char *where = g_strdup_printf ("sikka's practices: items[%u]", i);
      ScSikkaPractice *practice = read_practice (json_array_get_element (items, i), &cause);

      if (practice == NULL)
        {
          sc_error_set_cause (error, SC_ERROR_SIKKA_REJECTED, where, cause);
          return FALSE;
        }
      g_ptr_array_add (practices, practice);
    }
  return TRUE;
}

GPtrArray *
sc_sikka_answer_parse_practices (const char *text, gsize length, GError **error)
{
  g_autoptr (GPtrArray) practices =
    g_ptr_array_new_with_free_func ((GDestroyNotify) sc_sikka_practice_free);
  g_autoptr (GError) cause = NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonObject *object = NULL;
  JsonArray *items = NULL;

  if (length == 0)
    return g_steal_pointer (&practices);
  root = sc_json_parse (text, length, &cause);
  object = root != NULL ? unwrap_object (root) : NULL;
  if (object != NULL && !check_not_failure (object, error))
    return NULL;
  items = root != NULL ? find_items (root) : NULL;
  if (root != NULL && items == NULL)
    g_set_error (&cause, SC_ERROR, SC_ERROR_JSON_MISSING, "member \"items\" is missing");
  if (items == NULL)
    {
      sc_error_set_cause (error, SC_ERROR_SIKKA_REJECTED, "sikka's practices", cause);
      return NULL;
    }
  return read_practices (items, practices, error) ? g_steal_pointer (&practices) : NULL;
}
