// SPDX-License-Identifier: MIT
// The text of the keyring's pending-revocation item.

#define G_LOG_DOMAIN "sc-agent"

#include "sc-revoker-item.h"

#include "sc-error.h"
#include "sc-json.h"

#define ITEM_VERSION 1

ScSecretString *
sc_revoker_item_serialize (GPtrArray *grants)
{
  g_autoptr (GString) text = NULL;
  ScSecretString *item;

  g_return_val_if_fail (grants != NULL, NULL);

  /* Never grown, so that no copy of it is left behind in memory. */
  text = g_string_sized_new ((grants->len + 1) * (SC_CREDENTIAL_MAX_SIZE + 1));
  g_string_append_printf (text, "{\"v\":%d,\"grants\":[", ITEM_VERSION);
  for (guint i = 0; i < grants->len; i++)
    {
      g_autoptr (ScSecretString) one =
        sc_credential_serialize (g_ptr_array_index (grants, i), NULL);

      if (one == NULL)
        continue;
      if (text->str[text->len - 1] == '}')
        g_string_append_c (text, ',');
      g_string_append (text, sc_secret_string_peek (one));
    }
  g_string_append (text, "]}");
  item = sc_secret_string_new_len (text->str, text->len);
  sc_secret_wipe (text->str, text->allocated_len);
  return item;
}

static void
parse_grant (GPtrArray *grants, JsonNode *node)
{
  g_autoptr (ScSecretString) text = NULL;
  g_autoptr (ScCredential) grant = NULL;
  g_autoptr (GError) error = NULL;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return;
  text = sc_secret_string_new_take (sc_json_to_text (json_node_get_object (node)));
  grant = sc_credential_parse (text, &error);
  if (grant != NULL)
    g_ptr_array_add (grants, g_steal_pointer (&grant));
  else
    g_warning ("a grant that waits for revocation is unreadable: %s", error->message);
}

GPtrArray *
sc_revoker_item_parse (const ScSecretString *item, GError **error)
{
  g_autoptr (JsonObject) root = NULL;
  g_autoptr (GError) cause = NULL;
  JsonArray *array = NULL;
  GPtrArray *grants;

  g_return_val_if_fail (item != NULL, NULL);

  root =
    sc_json_parse_object (sc_secret_string_peek (item), sc_secret_string_get_length (item), &cause);
  if (root == NULL || !sc_json_optional_array (root, "grants", &array, &cause))
    {
      sc_error_set_cause (error, SC_ERROR_STORE_DAMAGED, "grants that wait for revocation", cause);
      return NULL;
    }
  grants = g_ptr_array_new_with_free_func ((GDestroyNotify) sc_credential_free);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    parse_grant (grants, json_array_get_element (array, i));
  return grants;
}
