// SPDX-License-Identifier: MIT
// A look into the keyring, in the words of the Secret Service's own interface.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-keyring.h"

#include "sc-test-wait.h"

#include <string.h>

#define NAME "org.freedesktop.secrets"
#define SERVICE_PATH "/org/freedesktop/secrets"
#define COLLECTION_PATH SERVICE_PATH "/collection/login"
#define PREFIX "org.freedesktop.Secret."

static GVariant *
call (ScTestDesktop *desktop,
      const char *path,
      const char *interface,
      const char *method,
      GVariant *arguments)
{
  g_autoptr (GError) error = NULL;
  GVariant *answer =
    g_dbus_connection_call_sync (sc_test_desktop_get_bus (desktop), NAME, path, interface, method,
                                 arguments, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);

  g_assert_no_error (error);
  return answer;
}

static GVariant *
get_property (ScTestDesktop *desktop, const char *path, const char *interface, const char *name)
{
  g_autoptr (GVariant) answer = call (desktop, path, "org.freedesktop.DBus.Properties", "Get",
                                      g_variant_new ("(ss)", interface, name));
  GVariant *value;

  g_variant_get (answer, "(v)", &value);
  return value;
}

/* Returns: (transfer full) (nullable): %NULL when the item has just been deleted */
static char *
get_slot (ScTestDesktop *desktop, const char *item)
{
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (
    sc_test_desktop_get_bus (desktop), NAME, item, "org.freedesktop.DBus.Properties", "Get",
    g_variant_new ("(ss)", PREFIX "Item", "Attributes"), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL,
    NULL);
  g_autoptr (GVariant) attributes = NULL;
  const char *slot;

  if (answer == NULL)
    return NULL;
  g_variant_get (answer, "(v)", &attributes);
  return g_strdup (g_variant_lookup (attributes, "slot", "&s", &slot) ? slot : "-");
}

static char **
get_items (ScTestDesktop *desktop)
{
  g_autoptr (GVariant) items =
    get_property (desktop, COLLECTION_PATH, PREFIX "Collection", "Items");

  return g_variant_dup_objv (items, NULL);
}

static int
compare_text (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

char *
sc_test_keyring_list (ScTestDesktop *desktop)
{
  g_auto (GStrv) items = get_items (desktop);
  g_autoptr (GPtrArray) slots = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; items[i] != NULL; i++)
    {
      char *slot = get_slot (desktop, items[i]);

      if (slot != NULL)
        g_ptr_array_add (slots, slot);
    }
  g_ptr_array_sort (slots, compare_text);
  g_ptr_array_add (slots, NULL);
  return g_strjoinv (" ", (char **) slots->pdata);
}

typedef struct
{
  ScTestDesktop *desktop;
  const char *slots;
} ListWait;

static gboolean
is_listed (gpointer user_data)
{
  const ListWait *wait = user_data;
  g_autofree char *slots = sc_test_keyring_list (wait->desktop);

  return g_str_equal (slots, wait->slots);
}

void
sc_test_keyring_wait (ScTestDesktop *desktop, const char *slots)
{
  ListWait wait = { desktop, slots };

  sc_test_wait_polling (is_listed, &wait);
}

static char *
find_item (ScTestDesktop *desktop, const char *slot)
{
  g_auto (GStrv) items = get_items (desktop);

  for (guint i = 0; items[i] != NULL; i++)
    {
      g_autofree char *found = get_slot (desktop, items[i]);

      if (g_strcmp0 (found, slot) == 0)
        return g_strdup (items[i]);
    }
  g_error ("the keyring holds no %s", slot);
}

static char *
open_session (ScTestDesktop *desktop)
{
  g_autoptr (GVariant) answer = call (desktop, SERVICE_PATH, PREFIX "Service", "OpenSession",
                                      g_variant_new ("(sv)", "plain", g_variant_new_string ("")));
  char *session;

  g_variant_get (answer, "(vo)", NULL, &session);
  return session;
}

static GVariant *
build_secret (ScTestDesktop *desktop, const char *text)
{
  g_autofree char *session = open_session (desktop);

  return g_variant_new (
    "(o@ay@ays)", session, g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, NULL, 0, 1),
    g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, text, strlen (text), 1), "text/plain");
}

char *
sc_test_keyring_read (ScTestDesktop *desktop, const char *slot)
{
  g_autofree char *item = find_item (desktop, slot);
  g_autofree char *session = open_session (desktop);
  g_autoptr (GVariant) answer =
    call (desktop, item, PREFIX "Item", "GetSecret", g_variant_new ("(o)", session));
  g_autoptr (GVariant) value = NULL;
  gsize length;
  const char *text;

  g_variant_get (answer, "((o@ay@ays))", NULL, NULL, &value, NULL);
  text = g_variant_get_fixed_array (value, &length, 1);
  return length > 0 ? g_strndup (text, length) : g_strdup ("");
}

void
sc_test_keyring_write (ScTestDesktop *desktop, const char *slot, const char *text)
{
  g_autofree char *item = find_item (desktop, slot);
  g_autoptr (GVariant) answer = call (desktop, item, PREFIX "Item", "SetSecret",
                                      g_variant_new ("(@(oayays))", build_secret (desktop, text)));
}

void
sc_test_keyring_clear (ScTestDesktop *desktop)
{
  g_auto (GStrv) items = get_items (desktop);

  for (guint i = 0; items[i] != NULL; i++)
    g_variant_unref (call (desktop, items[i], PREFIX "Item", "Delete", NULL));
}

void
sc_test_keyring_add_foreign (ScTestDesktop *desktop, const char *slot, const char *text)
{
  g_autoptr (GVariant) answer = NULL;
  GVariantBuilder attributes;
  GVariantDict item;

  g_variant_builder_init (&attributes, G_VARIANT_TYPE ("a{ss}"));
  g_variant_builder_add (&attributes, "{ss}", "xdg:schema", "org.example.Other");
  g_variant_builder_add (&attributes, "{ss}", "slot", slot);
  g_variant_dict_init (&item, NULL);
  g_variant_dict_insert (&item, PREFIX "Item.Label", "s", "Somebody else's");
  g_variant_dict_insert_value (&item, PREFIX "Item.Attributes",
                               g_variant_builder_end (&attributes));
  answer = call (desktop, COLLECTION_PATH, PREFIX "Collection", "CreateItem",
                 g_variant_new ("(@a{sv}@(oayays)b)", g_variant_dict_end (&item),
                                build_secret (desktop, text), FALSE));
}
