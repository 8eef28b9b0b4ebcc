// SPDX-License-Identifier: MIT
// Reading JSON from outside: bounded in size and depth, typed getters that name the wrong member.

#define G_LOG_DOMAIN "sc-core"

#include "sc-json.h"

#include "sc-error.h"
#include "sc-json-scan.h"

/* RFC 3339 §5.6 date-time begins so: 0 for a digit, else the character itself. */
#define TIME_SHAPE "0000-00-00T00:00:00"
#define OFFSET_SHAPE "00:00"
#define MAX_FRACTION 9

/* The last second of the year 9999, the largest that GDateTime knows. */
#define MAX_TIME G_GINT64_CONSTANT (253402300799)

/* Doubles are whole numbers without loss up to here. */
#define MAX_WHOLE_DOUBLE 9007199254740992.0

typedef enum
{
  KIND_STRING,
  KIND_BOOLEAN,
  KIND_INT,
  KIND_OBJECT,
  KIND_ARRAY,
} Kind;

static const char *const kind_names[] = {
  "a string", "true or false", "a whole number", "an object", "an array",
};

JsonNode *
sc_json_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (JsonParser) parser = NULL;

  g_return_val_if_fail (text != NULL || length == 0, NULL);

  /* The scan is the judge; json-glib also takes comments, single quotes and assignments. */
  if (!sc_json_scan (text, length, error))
    return NULL;
  parser = json_parser_new ();
  /* Its message is not passed on: it may quote the text. */
  if (!json_parser_load_from_data (parser, text, (gssize) length, NULL))
    {
      g_set_error (error, SC_ERROR, SC_ERROR_JSON_SYNTAX, "the text is not JSON");
      return NULL;
    }
  return json_parser_steal_root (parser);
}

JsonObject *
sc_json_parse_object (const char *text, gsize length, GError **error)
{
  g_autoptr (JsonNode) root = sc_json_parse (text, length, error);

  if (root == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error (error, SC_ERROR, SC_ERROR_JSON_TYPE, "the top of the text is not an object");
      return NULL;
    }
  return json_node_dup_object (root);
}

static gboolean
node_holds_whole_number (JsonNode *node)
{
  double number = 0;

  if (json_node_get_value_type (node) == G_TYPE_INT64)
    return TRUE;
  if (json_node_get_value_type (node) != G_TYPE_DOUBLE)
    return FALSE;
  number = json_node_get_double (node);
  /* The range comes first: the cast is undefined outside of it. */
  return number >= -MAX_WHOLE_DOUBLE && number <= MAX_WHOLE_DOUBLE &&
         number == (double) (gint64) number;
}

static gboolean
node_is (JsonNode *node, Kind kind)
{
  switch (kind)
    {
    case KIND_STRING:
      return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING;
    case KIND_BOOLEAN:
      return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_BOOLEAN;
    case KIND_INT:
      return JSON_NODE_HOLDS_VALUE (node) && node_holds_whole_number (node);
    case KIND_OBJECT:
      return JSON_NODE_HOLDS_OBJECT (node);
    case KIND_ARRAY:
      return JSON_NODE_HOLDS_ARRAY (node);
    default:
      g_assert_not_reached ();
    }
}

/* node is left NULL where the member is not there. */
static gboolean
find_member (JsonObject *object, const char *member, Kind kind, JsonNode **node, GError **error)
{
  JsonNode *found = json_object_get_member (object, member);

  *node = NULL;
  if (found == NULL || JSON_NODE_HOLDS_NULL (found))
    return TRUE;
  if (!node_is (found, kind))
    {
      g_set_error (error, SC_ERROR, SC_ERROR_JSON_TYPE, "member \"%s\" is not %s", member,
                   kind_names[kind]);
      return FALSE;
    }
  *node = found;
  return TRUE;
}

static JsonNode *
require_member (JsonObject *object, const char *member, Kind kind, GError **error)
{
  JsonNode *node = NULL;

  if (!find_member (object, member, kind, &node, error))
    return NULL;
  if (node == NULL)
    g_set_error (error, SC_ERROR, SC_ERROR_JSON_MISSING, "member \"%s\" is missing", member);
  return node;
}

const char *
sc_json_require_string (JsonObject *object, const char *member, GError **error)
{
  JsonNode *node = NULL;

  g_return_val_if_fail (object != NULL, NULL);
  g_return_val_if_fail (member != NULL, NULL);

  node = require_member (object, member, KIND_STRING, error);
  return node != NULL ? json_node_get_string (node) : NULL;
}

gboolean
sc_json_optional_string (JsonObject *object, const char *member, const char **value, GError **error)
{
  JsonNode *node = NULL;

  g_return_val_if_fail (object != NULL, FALSE);
  g_return_val_if_fail (member != NULL, FALSE);
  g_return_val_if_fail (value != NULL, FALSE);

  *value = NULL;
  if (!find_member (object, member, KIND_STRING, &node, error))
    return FALSE;
  if (node != NULL)
    *value = json_node_get_string (node);
  return TRUE;
}

gboolean
sc_json_require_boolean (JsonObject *object, const char *member, gboolean *value, GError **error)
{
  JsonNode *node = NULL;

  g_return_val_if_fail (object != NULL, FALSE);
  g_return_val_if_fail (member != NULL, FALSE);
  g_return_val_if_fail (value != NULL, FALSE);

  node = require_member (object, member, KIND_BOOLEAN, error);
  if (node == NULL)
    return FALSE;
  *value = json_node_get_boolean (node);
  return TRUE;
}

gboolean
sc_json_optional_boolean (JsonObject *object, const char *member, gboolean *value, GError **error)
{
  JsonNode *node = NULL;

  g_return_val_if_fail (object != NULL, FALSE);
  g_return_val_if_fail (member != NULL, FALSE);
  g_return_val_if_fail (value != NULL, FALSE);

  if (!find_member (object, member, KIND_BOOLEAN, &node, error))
    return FALSE;
  if (node != NULL)
    *value = json_node_get_boolean (node);
  return TRUE;
}

gboolean
sc_json_optional_int (JsonObject *object, const char *member, gint64 *value, GError **error)
{
  JsonNode *node = NULL;

  g_return_val_if_fail (object != NULL, FALSE);
  g_return_val_if_fail (member != NULL, FALSE);
  g_return_val_if_fail (value != NULL, FALSE);

  if (!find_member (object, member, KIND_INT, &node, error))
    return FALSE;
  if (node != NULL)
    *value = json_node_get_int (node);
  return TRUE;
}

ScSecretString *
sc_json_require_secret (JsonObject *object, const char *member, GError **error)
{
  const char *text = sc_json_require_string (object, member, error);

  if (text == NULL)
    return NULL;
  if (*text == '\0')
    {
      g_set_error (error, SC_ERROR, SC_ERROR_JSON_MISSING, "member \"%s\" is empty", member);
      return NULL;
    }
  return sc_secret_string_new (text);
}

gboolean
sc_json_optional_object (JsonObject *object, const char *member, JsonObject **value, GError **error)
{
  JsonNode *node = NULL;

  g_return_val_if_fail (object != NULL, FALSE);
  g_return_val_if_fail (member != NULL, FALSE);
  g_return_val_if_fail (value != NULL, FALSE);

  *value = NULL;
  if (!find_member (object, member, KIND_OBJECT, &node, error))
    return FALSE;
  if (node != NULL)
    *value = json_node_get_object (node);
  return TRUE;
}

gboolean
sc_json_optional_array (JsonObject *object, const char *member, JsonArray **value, GError **error)
{
  JsonNode *node = NULL;

  g_return_val_if_fail (object != NULL, FALSE);
  g_return_val_if_fail (member != NULL, FALSE);
  g_return_val_if_fail (value != NULL, FALSE);

  *value = NULL;
  if (!find_member (object, member, KIND_ARRAY, &node, error))
    return FALSE;
  if (node != NULL)
    *value = json_node_get_array (node);
  return TRUE;
}

/* Returns: (nullable): what follows @shape at the beginning of @text */
static const char *
skip_shape (const char *text, const char *shape)
{
  for (; *shape != '\0'; shape++, text++)
    if (*shape == '0' ? !g_ascii_isdigit (*text) : *text != *shape)
      return NULL;
  return text;
}

/* GLib reads the rest of ISO 8601 too. No regular expression: it would be the only one of the
 * program, and PCRE costs an idle agent a third of a megabyte. */
static gboolean
is_date_time (const char *text)
{
  const char *rest = skip_shape (text, TIME_SHAPE);

  if (rest != NULL && *rest == '.')
    {
      gsize digits = strspn (rest + 1, "0123456789");

      rest = digits >= 1 && digits <= MAX_FRACTION ? rest + 1 + digits : NULL;
    }
  if (rest != NULL && (*rest == '+' || *rest == '-'))
    rest = skip_shape (rest + 1, OFFSET_SHAPE);
  else if (rest != NULL)
    rest = skip_shape (rest, "Z");
  return rest != NULL && *rest == '\0';
}

gint64
sc_json_parse_time (const char *text)
{
  g_autoptr (GDateTime) time = NULL;
  g_autofree char *upper = NULL;

  if (text == NULL)
    return -1;
  /* RFC 3339 allows t and z, GLib does not. */
  upper = g_ascii_strup (text, -1);
  if (!is_date_time (upper))
    return -1;
  time = g_date_time_new_from_iso8601 (upper, NULL);
  return time != NULL ? g_date_time_to_unix (time) : -1;
}

char *
sc_json_format_time (gint64 seconds)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (CLAMP (seconds, 0, MAX_TIME));

  return g_date_time_format_iso8601 (time);
}

char *
sc_json_to_text (JsonObject *object)
{
  g_autoptr (JsonGenerator) generator = NULL;
  g_autoptr (JsonNode) root = NULL;

  g_return_val_if_fail (object != NULL, NULL);

  root = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (root, object);
  generator = json_generator_new ();
  json_generator_set_root (generator, root);
  return json_generator_to_data (generator, NULL);
}
