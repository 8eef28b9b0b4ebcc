// SPDX-License-Identifier: MIT
// Reading JSON: what is JSON, what is too much, and getters that name what is wrong.

#define G_LOG_DOMAIN "sc-test"

#include "sc-error.h"
#include "sc-json.h"

#include <string.h>

typedef struct
{
  const char *name;
  const char *text;
} TextRow;

static const TextRow accepted[] = {
  { "empty-object", "{}" },
  { "empty-array", "[]" },
  { "space-everywhere", " \t\r\n{ \"a\" : [ 1 , 2 ] , \"b\" : { } } \n" },
  { "top-string", "\"text\"" },
  { "top-number", "1" },
  { "words", "[true,false,null]" },
  { "numbers", "[0,-0,-1,1.5,1E5,0e5,1.5e+3,-2.5E-3]" },
  { "largest-int", "9223372036854775807" },
  { "smallest-int", "-9223372036854775808" },
  { "tiny-double", "1e-400" },
  { "escapes", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u00E9\"" },
  { "surrogate-pair", "\"\\ud83d\\ude00\"" },
  { "utf-8", "\"é…😀\"" },
  { "comment-in-string", "\"/* // # ' */\"" },
  { "delete-character", "\"\x7f\"" },
  { "repeated-member", "{\"a\":1,\"a\":2}" },
  { "empty-name", "{\"\":1}" },
};

static const TextRow refused[] = {
  { "nothing", "" },
  { "space", "  " },
  { "comment", "/* c */{}" },
  { "line-comment", "{}// c" },
  { "hash-comment", "# c\n{}" },
  { "assignment", "var a = {};" },
  { "single-quotes", "{'a':1}" },
  { "bare-name", "{a:1}" },
  { "trailing-text", "{} x" },
  { "second-value", "{}{}" },
  { "trailing-comma-object", "{\"a\":1,}" },
  { "trailing-comma-array", "[1,]" },
  { "leading-comma", "[,1]" },
  { "missing-comma", "[1 2]" },
  { "missing-colon", "{\"a\" 1}" },
  { "missing-value", "{\"a\":}" },
  { "open-object", "{\"a\":1" },
  { "open-array", "[1" },
  { "open-string", "\"a" },
  { "open-escape", "\"\\" },
  { "wrong-close", "[1}" },
  { "unknown-escape", "\"\\x41\"" },
  { "short-unicode-escape", "\"\\u12\"" },
  { "odd-unicode-escape", "\"\\u12g4\"" },
  { "escaped-nul", "\"a\\u0000b\"" },
  { "half-surrogate", "\"\\ud83d\"" },
  { "half-surrogate-then-text", "\"\\ud83dxxxxxx\"" },
  { "half-surrogate-then-other", "\"\\ud83d\\u0041\"" },
  { "low-surrogate-first", "\"\\ude00\\ud83d\"" },
  { "newline-in-string", "\"a\nb\"" },
  { "control-in-string", "\"a\x01\"" },
  { "leading-zero", "01" },
  { "plus", "+1" },
  { "bare-minus", "-" },
  { "no-fraction", "1." },
  { "no-whole", ".5" },
  { "no-exponent", "1e" },
  { "no-exponent-digits", "1e+" },
  { "hex", "0x10" },
  { "nan", "NaN" },
  { "infinity", "Infinity" },
  { "upper-case-word", "True" },
  { "cut-word", "tru" },
  { "long-word", "truest" },
  { "bad-utf-8", "\"\xff\"" },
  { "overlong-utf-8", "\"\xc0\xaf\"" },
  { "byte-order-mark", "\xef\xbb\xbf{}" },
};

static void
test_accepts (gconstpointer data)
{
  const TextRow *row = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = sc_json_parse (row->text, strlen (row->text), &error);

  g_assert_no_error (error);
  g_assert_nonnull (node);
}

static void
test_refuses (gconstpointer data)
{
  const TextRow *row = data;
  g_autoptr (GError) error = NULL;

  g_assert_null (sc_json_parse (row->text, strlen (row->text), &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_JSON_SYNTAX);
}

static void
test_refuses_nul (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (sc_json_parse ("{}\0", 3, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_JSON_SYNTAX);
  g_clear_error (&error);
  g_assert_null (sc_json_parse (NULL, 0, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_JSON_SYNTAX);
}

/* The length rules, not a NUL that happens to follow. */
static void
test_reads_length_only (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = sc_json_parse ("[12]garbage", 4, &error);

  g_assert_no_error (error);
  g_assert_cmpint (json_array_get_int_element (json_node_get_array (node), 0), ==, 12);
}

static void
test_keeps_values (void)
{
  static const char text[] = "{\"s\":\"\\ud83d\\ude00\\n\","
                             "\"big\":9223372036854775807,\"d\":-2.5e1}";
  g_autoptr (JsonObject) object = sc_json_parse_object (text, strlen (text), NULL);

  g_assert_cmpstr (json_object_get_string_member (object, "s"), ==, "😀\n");
  g_assert_cmpint (json_object_get_int_member (object, "big"), ==, G_MAXINT64);
  g_assert_cmpfloat (json_object_get_double_member (object, "d"), ==, -25.0);
}

static char *
nest (guint depth)
{
  g_autofree char *open = g_strnfill (depth, '[');
  g_autofree char *close = g_strnfill (depth, ']');

  return g_strconcat (open, close, NULL);
}

static void
assert_limit (const char *text, gsize length, gboolean is_within)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = sc_json_parse (text, length, &error);

  if (is_within)
    g_assert_no_error (error);
  else
    g_assert_error (error, SC_ERROR, SC_ERROR_JSON_LIMIT);
  g_assert_cmpint (node != NULL, ==, is_within);
}

static void
test_limits_depth (void)
{
  g_autofree char *deepest = nest (SC_JSON_MAX_DEPTH);
  g_autofree char *too_deep = nest (SC_JSON_MAX_DEPTH + 1);
  g_autofree char *bomb = g_strnfill (SC_JSON_MAX_SIZE, '[');
  GString *wide = g_string_new ("[[]");

  for (guint i = 0; i < 100; i++)
    g_string_append (wide, ",[{}]");
  g_string_append_c (wide, ']');
  assert_limit (deepest, strlen (deepest), TRUE);
  assert_limit (too_deep, strlen (too_deep), FALSE);
  assert_limit (bomb, SC_JSON_MAX_SIZE, FALSE);
  /* Depth is counted down again at each close. */
  assert_limit (wide->str, wide->len, TRUE);
  g_string_free (wide, TRUE);
}

static void
test_limits_size (void)
{
  g_autofree char *text = g_strnfill (SC_JSON_MAX_SIZE + 1, ' ');

  memcpy (text, "{}", 2);
  assert_limit (text, SC_JSON_MAX_SIZE, TRUE);
  assert_limit (text, SC_JSON_MAX_SIZE + 1, FALSE);
}

static void
test_limits_numbers (void)
{
  static const char *const too_large[] = { "9223372036854775808", "-9223372036854775809",
                                           "99999999999999999999999", "1e400", "-1e400" };

  for (guint i = 0; i < G_N_ELEMENTS (too_large); i++)
    assert_limit (too_large[i], strlen (too_large[i]), FALSE);
}

static void
test_object_only (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (sc_json_parse_object ("[]", 2, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_JSON_TYPE);
  g_clear_error (&error);
  g_assert_null (sc_json_parse_object ("{", 1, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_JSON_SYNTAX);
}

/* What is in the text is nobody's business but the reader's. */
static void
test_errors_quote_nothing (void)
{
  static const char text[] = "{\"refresh_token\":\"hush-hush\" hush-hush}";
  g_autoptr (GError) error = NULL;

  g_assert_null (sc_json_parse (text, strlen (text), &error));
  g_assert_null (strstr (error->message, "hush"));
  g_assert_nonnull (strstr (error->message, "byte 29"));
}

static JsonObject *
build_sample (void)
{
  static const char text[] = "{\"s\":\"text\",\"empty\":\"\",\"t\":true,\"n\":null,\"i\":12,"
                             "\"w\":3.0,\"d\":1.5,\"huge\":1e300,"
                             "\"digits\":\"12\",\"o\":{\"x\":1},\"a\":[1]}";
  g_autoptr (GError) error = NULL;
  JsonObject *object = sc_json_parse_object (text, strlen (text), &error);

  g_assert_no_error (error);
  return object;
}

static void
assert_named (GError **error, int code, const char *member)
{
  g_autofree char *quoted = g_strdup_printf ("\"%s\"", member);

  g_assert_error (*error, SC_ERROR, code);
  g_assert_nonnull (strstr ((*error)->message, quoted));
  g_clear_error (error);
}

static void
test_strings (void)
{
  g_autoptr (JsonObject) object = build_sample ();
  g_autoptr (GError) error = NULL;
  const char *value = "before";

  g_assert_cmpstr (sc_json_require_string (object, "s", &error), ==, "text");
  g_assert_cmpstr (sc_json_require_string (object, "empty", &error), ==, "");
  g_assert_no_error (error);
  g_assert_null (sc_json_require_string (object, "none", &error));
  assert_named (&error, SC_ERROR_JSON_MISSING, "none");
  g_assert_null (sc_json_require_string (object, "n", &error));
  assert_named (&error, SC_ERROR_JSON_MISSING, "n");
  g_assert_null (sc_json_require_string (object, "i", &error));
  assert_named (&error, SC_ERROR_JSON_TYPE, "i");

  g_assert_true (sc_json_optional_string (object, "s", &value, &error));
  g_assert_cmpstr (value, ==, "text");
  g_assert_true (sc_json_optional_string (object, "n", &value, &error));
  g_assert_null (value);
  g_assert_false (sc_json_optional_string (object, "o", &value, &error));
  assert_named (&error, SC_ERROR_JSON_TYPE, "o");
}

static void
test_booleans (void)
{
  g_autoptr (JsonObject) object = build_sample ();
  g_autoptr (GError) error = NULL;
  gboolean value = FALSE;

  g_assert_true (sc_json_require_boolean (object, "t", &value, &error));
  g_assert_true (value);
  g_assert_true (sc_json_optional_boolean (object, "none", &value, &error));
  g_assert_true (value);
  g_assert_false (sc_json_require_boolean (object, "none", &value, &error));
  assert_named (&error, SC_ERROR_JSON_MISSING, "none");
  g_assert_false (sc_json_optional_boolean (object, "i", &value, &error));
  assert_named (&error, SC_ERROR_JSON_TYPE, "i");
  value = FALSE;
  g_assert_true (sc_json_optional_boolean (object, "t", &value, &error));
  g_assert_true (value);
}

static void
test_ints (void)
{
  static const char *const odd[] = { "d", "digits", "t", "o", "huge", "a" };
  g_autoptr (JsonObject) object = build_sample ();
  g_autoptr (GError) error = NULL;
  gint64 value = 7;

  g_assert_true (sc_json_optional_int (object, "none", &value, &error));
  g_assert_cmpint (value, ==, 7);
  g_assert_true (sc_json_optional_int (object, "i", &value, &error));
  g_assert_cmpint (value, ==, 12);
  g_assert_true (sc_json_optional_int (object, "w", &value, &error));
  g_assert_cmpint (value, ==, 3);
  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    {
      g_assert_false (sc_json_optional_int (object, odd[i], &value, &error));
      assert_named (&error, SC_ERROR_JSON_TYPE, odd[i]);
    }
}

static void
test_secrets (void)
{
  g_autoptr (JsonObject) object = build_sample ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ScSecretString) secret = sc_json_require_secret (object, "s", &error);

  g_assert_true (sc_secret_string_equal (secret, "text"));
  g_assert_null (sc_json_require_secret (object, "empty", &error));
  assert_named (&error, SC_ERROR_JSON_MISSING, "empty");
  g_assert_null (sc_json_require_secret (object, "none", &error));
  assert_named (&error, SC_ERROR_JSON_MISSING, "none");
  g_assert_null (sc_json_require_secret (object, "a", &error));
  assert_named (&error, SC_ERROR_JSON_TYPE, "a");
}

static void
test_containers (void)
{
  g_autoptr (JsonObject) object = build_sample ();
  g_autoptr (GError) error = NULL;
  JsonObject *inner = NULL;
  JsonArray *array = NULL;

  g_assert_true (sc_json_optional_object (object, "o", &inner, &error));
  g_assert_cmpint (json_object_get_int_member (inner, "x"), ==, 1);
  g_assert_true (sc_json_optional_object (object, "none", &inner, &error));
  g_assert_null (inner);
  g_assert_false (sc_json_optional_object (object, "a", &inner, &error));
  assert_named (&error, SC_ERROR_JSON_TYPE, "a");

  g_assert_true (sc_json_optional_array (object, "a", &array, &error));
  g_assert_cmpuint (json_array_get_length (array), ==, 1);
  g_assert_true (sc_json_optional_array (object, "none", &array, &error));
  g_assert_null (array);
  g_assert_false (sc_json_optional_array (object, "o", &array, &error));
  assert_named (&error, SC_ERROR_JSON_TYPE, "o");
}

static void
test_parses_time (void)
{
  static const struct
  {
    const char *text;
    gint64 seconds;
  } rows[] = {
    { "2026-11-21T09:12:00Z", 1795252320 },
    { "2026-11-21t09:12:00z", 1795252320 },
    { "2026-11-21T09:12:00.123Z", 1795252320 },
    { "2026-11-21T10:12:00+01:00", 1795252320 },
    { "2026-11-21T04:12:00-05:00", 1795252320 },
    { "1970-01-01T00:00:00Z", 0 },
    { "2026-11-21T09:12:00", -1 },
    { "2026-11-21 09:12:00Z", -1 },
    { "20261121T091200Z", -1 },
    { "2026-W47-6T09:12:00Z", -1 },
    { "2026-13-21T09:12:00Z", -1 },
    { "2026-11-21T25:12:00Z", -1 },
    { "2026-11-21", -1 },
    { "2026-11-21T09:12:00Z\n", -1 },
    { "2026-11-21T09:12:00.Z", -1 },
    { "2026-11-21T09:12:00.123456789Z", 1795252320 },
    { "2026-11-21T09:12:00.1234567890Z", -1 },
    { "2026-11-21T09:12:00+0100", -1 },
    { "2026-11-21T09:12:00+01:0", -1 },
    { "2026-11-21T09:12:00+01:00Z", -1 },
    { "2026-11-2x", -1 },
    { "\xff", -1 },
    { "", -1 },
    { NULL, -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (sc_json_parse_time (rows[i].text), ==, rows[i].seconds);
}

static void
assert_time (gint64 seconds, const char *text)
{
  g_autofree char *formatted = sc_json_format_time (seconds);

  g_assert_cmpstr (formatted, ==, text);
}

static void
test_formats_time (void)
{
  assert_time (1795252320, "2026-11-21T09:12:00Z");
  assert_time (0, "1970-01-01T00:00:00Z");
  assert_time (G_MININT64, "1970-01-01T00:00:00Z");
  assert_time (G_MAXINT64, "9999-12-31T23:59:59Z");
}

static void
test_writes_text (void)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *text = NULL;

  json_object_set_string_member (object, "s", "é\"\n");
  json_object_set_int_member (object, "i", 1);
  text = sc_json_to_text (object);
  g_assert_cmpstr (text, ==, "{\"s\":\"é\\\"\\n\",\"i\":1}");
}

static void
add_rows (const char *group, const TextRow *rows, gsize n_rows, GTestDataFunc function)
{
  for (gsize i = 0; i < n_rows; i++)
    {
      g_autofree char *path = g_strdup_printf ("/core/json/%s/%s", group, rows[i].name);

      g_test_add_data_func (path, &rows[i], function);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_rows ("accepts", accepted, G_N_ELEMENTS (accepted), test_accepts);
  add_rows ("refuses", refused, G_N_ELEMENTS (refused), test_refuses);
  g_test_add_func ("/core/json/refuses-nul", test_refuses_nul);
  g_test_add_func ("/core/json/reads-length-only", test_reads_length_only);
  g_test_add_func ("/core/json/keeps-values", test_keeps_values);
  g_test_add_func ("/core/json/limits-depth", test_limits_depth);
  g_test_add_func ("/core/json/limits-size", test_limits_size);
  g_test_add_func ("/core/json/limits-numbers", test_limits_numbers);
  g_test_add_func ("/core/json/object-only", test_object_only);
  g_test_add_func ("/core/json/errors-quote-nothing", test_errors_quote_nothing);
  g_test_add_func ("/core/json/strings", test_strings);
  g_test_add_func ("/core/json/booleans", test_booleans);
  g_test_add_func ("/core/json/ints", test_ints);
  g_test_add_func ("/core/json/secrets", test_secrets);
  g_test_add_func ("/core/json/containers", test_containers);
  g_test_add_func ("/core/json/parses-time", test_parses_time);
  g_test_add_func ("/core/json/formats-time", test_formats_time);
  g_test_add_func ("/core/json/writes-text", test_writes_text);
  return g_test_run ();
}
