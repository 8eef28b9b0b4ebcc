// SPDX-License-Identifier: MIT
// Which answers the contract names, and which of them came by.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-contract.h"

struct _ScTestContract
{
  GHashTable *paths;   /* (element-type utf8 utf8): a set */
  GHashTable *answers; /* (element-type utf8 gboolean): "GET /path 200" to whether it was seen */
};

static void
add_operation (ScTestContract *self, const char *path, const char *method, JsonObject *operation)
{
  g_autofree char *verb = g_ascii_strup (method, -1);
  g_autoptr (GList) statuses =
    json_object_get_members (json_object_get_object_member (operation, "responses"));

  g_assert_nonnull (statuses);
  for (GList *link = statuses; link != NULL; link = link->next)
    g_hash_table_insert (self->answers,
                         g_strdup_printf ("%s %s %s", verb, path, (char *) link->data),
                         GINT_TO_POINTER (FALSE));
}

static void
add_path (JsonObject *paths, const char *path, JsonNode *node, gpointer user_data)
{
  ScTestContract *self = user_data;
  JsonObject *operations = json_node_get_object (node);
  g_autoptr (GList) methods = json_object_get_members (operations);

  g_hash_table_add (self->paths, g_strdup (path));
  for (GList *link = methods; link != NULL; link = link->next)
    add_operation (self, path, link->data, json_object_get_object_member (operations, link->data));
}

ScTestContract *
sc_test_contract_new (const char *text)
{
  ScTestContract *self = g_new0 (ScTestContract, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = json_from_string (text, &error);

  g_assert_no_error (error);
  self->paths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->answers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  json_object_foreach_member (json_object_get_object_member (json_node_get_object (root), "paths"),
                              add_path, self);
  g_assert_cmpuint (g_hash_table_size (self->answers), >, 0);
  return self;
}

void
sc_test_contract_free (ScTestContract *self)
{
  g_hash_table_unref (self->paths);
  g_hash_table_unref (self->answers);
  g_free (self);
}

static void
see (ScTestContract *self, JsonObject *request)
{
  char *answer =
    g_strdup_printf ("%s %s %" G_GINT64_FORMAT, json_object_get_string_member (request, "method"),
                     json_object_get_string_member (request, "path"),
                     json_object_get_int_member (request, "status"));

  if (!g_hash_table_contains (self->answers, answer))
    g_error ("the contract does not have: %s", answer);
  g_hash_table_insert (self->answers, answer, GINT_TO_POINTER (TRUE));
}

guint
sc_test_contract_see (ScTestContract *self, JsonArray *requests)
{
  guint count = 0;

  for (guint i = 0; i < json_array_get_length (requests); i++)
    {
      JsonObject *request = json_array_get_object_element (requests, i);

      if (!g_hash_table_contains (self->paths, json_object_get_string_member (request, "path")))
        continue;
      see (self, request);
      count++;
    }
  return count;
}

static gboolean
is_excused (const ScTestUnseen *unseen, const char *answer)
{
  for (; unseen->answer != NULL; unseen++)
    if (g_str_equal (unseen->answer, answer))
      return TRUE;
  return FALSE;
}

void
sc_test_contract_assert_seen (ScTestContract *self, const ScTestUnseen *unseen)
{
  GHashTableIter iter;
  gpointer answer, was_seen;

  g_hash_table_iter_init (&iter, self->answers);
  while (g_hash_table_iter_next (&iter, &answer, &was_seen))
    if ((was_seen != NULL) == is_excused (unseen, answer))
      g_error ("%s: %s", (char *) answer,
               was_seen != NULL ? "seen, and listed as not seen" : "neither seen nor listed");
  for (; unseen->answer != NULL; unseen++)
    {
      g_assert_true (g_hash_table_contains (self->answers, unseen->answer));
      g_test_message ("not seen: %s (%s)", unseen->answer, unseen->reason);
    }
}
