// SPDX-License-Identifier: MIT
// The table of fields: each class only where it may be, and the keyring item holds what it lists.

#define G_LOG_DOMAIN "sc-test"

#include "sc-credential.h"
#include "sc-field.h"
#include "sc-json.h"
#include "sc-report.h"

#include <string.h>

static void
test_class_allows (void)
{
  static const struct
  {
    ScFieldClass field_class;
    guint places;
  } rows[] = {
    { SC_FIELD_SECRET, SC_PLACE_KEYRING },
    { SC_FIELD_IDENTITY,
      SC_PLACE_KEYRING | SC_PLACE_JOURNAL | SC_PLACE_SETTINGS | SC_PLACE_REPORT },
    { SC_FIELD_STATUS, SC_PLACE_JOURNAL | SC_PLACE_SETTINGS | SC_PLACE_REPORT },
    { SC_FIELD_LOG, SC_PLACE_JOURNAL },
    { (ScFieldClass) 99, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    for (ScPlace place = SC_PLACE_KEYRING; place <= SC_PLACE_REPORT; place <<= 1)
      g_assert_cmpint (sc_field_class_allows (rows[i].field_class, place), ==,
                       (rows[i].places & place) != 0);
}

static void
test_rows_keep_their_place (void)
{
  gsize n_fields = 0;
  const ScField *fields = sc_field_get_table (&n_fields);

  g_assert_cmpuint (n_fields, >, 0);
  for (gsize i = 0; i < n_fields; i++)
    {
      g_test_message ("%s", fields[i].name);
      g_assert_true (sc_field_class_allows (fields[i].field_class, fields[i].place));
      if (fields[i].field_class == SC_FIELD_SECRET)
        g_assert_cmpint (fields[i].place, ==, SC_PLACE_KEYRING);
      /* No second row of the same name and place. */
      g_assert_true (sc_field_find (fields[i].place, fields[i].name) == &fields[i]);
    }
}

static void
test_finds (void)
{
  static const ScField rows[] = {
    { SC_PLACE_KEYRING, "refreshToken", SC_FIELD_SECRET },
    { SC_PLACE_KEYRING, "requestKey", SC_FIELD_SECRET },
    { SC_PLACE_KEYRING, "practice.officeId", SC_FIELD_IDENTITY },
    { SC_PLACE_JOURNAL, "activity.user", SC_FIELD_LOG },
    { SC_PLACE_REPORT, "state.phase", SC_FIELD_STATUS },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (sc_field_find (rows[i].place, rows[i].name)->field_class, ==,
                     rows[i].field_class);
  g_assert_null (sc_field_find (SC_PLACE_JOURNAL, "refreshToken"));
  g_assert_null (sc_field_find (SC_PLACE_KEYRING, "no-such-field"));
}

static void collect_object (JsonObject *object, const char *prefix, GHashTable *names);

/* The leaves under node, with "[]" for the elements of an array. */
static void
collect_node (JsonNode *node, const char *name, GHashTable *names)
{
  g_autofree char *prefix = NULL;
  JsonArray *array = NULL;

  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      prefix = g_strconcat (name, ".", NULL);
      collect_object (json_node_get_object (node), prefix, names);
      return;
    }
  if (!JSON_NODE_HOLDS_ARRAY (node))
    {
      g_hash_table_add (names, g_strdup (name));
      return;
    }
  prefix = g_strconcat (name, "[]", NULL);
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    collect_node (json_array_get_element (array, i), prefix, names);
}

static void
collect_object (JsonObject *object, const char *prefix, GHashTable *names)
{
  g_autoptr (GList) members = json_object_get_members (object);

  for (GList *l = members; l != NULL; l = l->next)
    {
      g_autofree char *name = g_strconcat (prefix, l->data, NULL);

      collect_node (json_object_get_member (object, l->data), name, names);
    }
}

static void
assert_names_are_rows (GHashTable *names, ScPlace place)
{
  gsize n_fields = 0;
  const ScField *fields = sc_field_get_table (&n_fields);
  GHashTableIter iter;
  gpointer name = NULL;

  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    {
      g_test_message ("written: %s", (char *) name);
      g_assert_nonnull (sc_field_find (place, name));
    }
  for (gsize i = 0; i < n_fields; i++)
    if (fields[i].place == place)
      {
        g_test_message ("listed: %s", fields[i].name);
        g_assert_true (g_hash_table_contains (names, fields[i].name));
      }
}

static ScCredential *
build_credential (void)
{
  ScCredential *credential = sc_credential_new ("grant-1", "sikka", "https://api.sikkasoft.com/v4");

  credential->refresh_token = sc_secret_string_new ("the refresh token");
  credential->request_key = sc_secret_string_new ("the request key");
  credential->request_key_expires = 2;
  credential->scope = g_strdup ("connection");
  credential->obtained = 1;
  credential->practice = sc_practice_new ("D10023", "Happy Dental Clinic", "Dentrix");
  return credential;
}

static JsonObject *
write_credential (void)
{
  g_autoptr (ScCredential) credential = build_credential ();
  g_autoptr (ScSecretString) text = sc_credential_serialize (credential, NULL);
  const char *json = sc_secret_string_peek (text);

  return sc_json_parse_object (json, strlen (json), NULL);
}

static void
test_credential_is_listed (void)
{
  g_autoptr (JsonObject) object = write_credential ();
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  collect_object (object, "", names);
  assert_names_are_rows (names, SC_PLACE_KEYRING);
}

/* The members that hold the secrets are the ones that the table calls so. */
static void
test_credential_secrets (void)
{
  g_autoptr (JsonObject) object = write_credential ();
  g_autoptr (GList) members = json_object_get_members (object);

  for (GList *l = members; l != NULL; l = l->next)
    {
      JsonNode *node = json_object_get_member (object, l->data);
      const char *text = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
      gboolean is_secret = text != NULL && g_str_has_prefix (text, "the ");

      if (JSON_NODE_HOLDS_VALUE (node))
        g_assert_cmpint (sc_field_find (SC_PLACE_KEYRING, l->data)->field_class == SC_FIELD_SECRET,
                         ==, is_secret);
    }
}

static void
test_report_is_listed (void)
{
  const ScConnection connection = { 0 };
  const ScLight lights[SC_N_LIGHTS] = { { .advice = "", .checked = 1 } };
  const ScReport report = { .id = "1", .connection = &connection, .lights = lights };
  g_autofree char *text = sc_report_serialize (&report);
  g_autoptr (JsonObject) object = sc_json_parse_object (text, strlen (text), NULL);
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  collect_object (object, "", names);
  assert_names_are_rows (names, SC_PLACE_REPORT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/field/class-allows", test_class_allows);
  g_test_add_func ("/core/field/rows-keep-their-place", test_rows_keep_their_place);
  g_test_add_func ("/core/field/finds", test_finds);
  g_test_add_func ("/core/field/credential-is-listed", test_credential_is_listed);
  g_test_add_func ("/core/field/credential-secrets", test_credential_secrets);
  g_test_add_func ("/core/field/report-is-listed", test_report_is_listed);
  return g_test_run ();
}
