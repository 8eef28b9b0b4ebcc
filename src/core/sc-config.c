// SPDX-License-Identifier: MIT
// Configuration: built-in default < companion.ini < policy. Reads text; names what is wrong.

#define G_LOG_DOMAIN "sc-core"

#include "sc-config.h"

#include "sc-error.h"
#include "sc-url.h"

#include <string.h>

#define MAX_TEXT_CHARACTERS 200
#define MAX_ASCII_SIZE 255

/* A check returns what is wrong with a value, NULL when nothing is. A value is never quoted: what a
 * person pastes into the wrong line may be a key. */
typedef const char *(*Check) (const char *value);

static const char *
check_url (const char *value)
{
  if (sc_url_check (value, NULL))
    return NULL;
  return "not an https URL without user name and fragment (http on 127.0.0.1 and [::1] only)";
}

static const char *
check_optional_url (const char *value)
{
  return *value == '\0' ? NULL : check_url (value);
}

/* Paths are appended to it; an issuer has no query either (RFC 8414 §2). */
static const char *
check_base_url (const char *value)
{
  return strchr (value, '?') != NULL ? "a URL with a query" : check_url (value);
}

static const char *
check_ascii (const char *value, const char *except)
{
  for (const char *p = value; *p != '\0'; p++)
    if (*p < ' ' || *p > '~' || strchr (except, *p) != NULL)
      return "has characters that are not allowed";
  return *value == '\0' || strlen (value) > MAX_ASCII_SIZE ? "empty or too long" : NULL;
}

/* RFC 6749 appendix A.1 */
static const char *
check_client_id (const char *value)
{
  return check_ascii (value, " ");
}

/* RFC 6749 §3.3 */
static const char *
check_scope (const char *value)
{
  return check_ascii (value, "\"\\");
}

static const char *
check_provider (const char *value)
{
  if (g_str_equal (value, "cloud") || g_str_equal (value, "sikka"))
    return NULL;
  return "neither \"cloud\" nor \"sikka\"";
}

static const char *
check_optional_text (const char *value)
{
  for (const char *p = value; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)))
      return "has control characters";
  return g_utf8_strlen (value, -1) > MAX_TEXT_CHARACTERS ? "too long" : NULL;
}

static const char *
check_text (const char *value)
{
  return *value == '\0' ? "empty" : check_optional_text (value);
}

/* It becomes a mailto: link. */
static const char *
check_optional_mail (const char *value)
{
  const char *at = strchr (value, '@');

  if (*value == '\0')
    return NULL;
  if (at == NULL || at == value || at[1] == '\0' || strchr (at + 1, '@') != NULL)
    return "not a mail address";
  return check_ascii (value, " \"&,/:;<>?\\%");
}

/* One key that holds text. */
typedef struct
{
  const char *group;
  const char *key;
  gsize offset;
  Check check;
} TextKey;

static const TextKey text_keys[] = {
  { "cloud", "url", G_STRUCT_OFFSET (ScConfig, cloud_url), check_base_url },
  { "cloud", "issuer", G_STRUCT_OFFSET (ScConfig, issuer), check_base_url },
  { "cloud", "client_id", G_STRUCT_OFFSET (ScConfig, client_id), check_client_id },
  { "cloud", "scope", G_STRUCT_OFFSET (ScConfig, scope), check_scope },
  { "connection", "provider", G_STRUCT_OFFSET (ScConfig, provider), check_provider },
  { "sikka", "authorize_url", G_STRUCT_OFFSET (ScConfig, sikka_authorize_url), check_optional_url },
  { "sikka", "api_url", G_STRUCT_OFFSET (ScConfig, sikka_api_url), check_base_url },
  { "vendor", "service_name", G_STRUCT_OFFSET (ScConfig, service_name), check_text },
  { "vendor", "support_phone", G_STRUCT_OFFSET (ScConfig, support_phone), check_optional_text },
  { "vendor", "support_mail", G_STRUCT_OFFSET (ScConfig, support_mail), check_optional_mail },
  { "vendor", "guide_url", G_STRUCT_OFFSET (ScConfig, guide_url), check_optional_url },
  { "vendor", "privacy_url", G_STRUCT_OFFSET (ScConfig, privacy_url), check_optional_url },
};

#define POLICY_GROUP "policy"
#define POLICY_HIDE_DISCONNECT "hide_disconnect_practice"

/* One file on its way into the configuration. */
typedef struct
{
  ScConfig *config;
  const char *file;
  gboolean is_policy;
  GKeyFile *key_file;
} Merge;

static void
problem_free (gpointer data)
{
  ScConfigProblem *problem = data;

  g_free (problem->file);
  g_free (problem->key);
  g_free (problem->problem);
  g_free (problem);
}

static void
replace_text (char **field, const char *value)
{
  g_free (*field);
  *field = g_strdup (value);
}

static char *
dup_without_slash (const char *url)
{
  gsize length = strlen (url);

  while (length > 0 && url[length - 1] == '/')
    length--;
  return g_strndup (url, length);
}

/* The issuer follows unless it was set itself. It is compared letter by letter, and a "/" at the
 * end of the cloud's URL is what people add without meaning another issuer. */
static void
take_cloud_url (ScConfig *self, const char *url)
{
  g_free (self->cloud_url);
  self->cloud_url = dup_without_slash (url);
  if (!self->is_issuer_set)
    replace_text (&self->issuer, self->cloud_url);
}

ScConfig *
sc_config_new (const char *cloud_url)
{
  ScConfig *self = NULL;

  g_return_val_if_fail (cloud_url != NULL, NULL);

  self = g_new0 (ScConfig, 1);
  take_cloud_url (self, cloud_url);
  self->client_id = g_strdup ("sikka-companion");
  self->scope = g_strdup ("connection offline_access");
  self->provider = g_strdup ("cloud");
  self->sikka_authorize_url = g_strdup ("");
  self->sikka_api_url = g_strdup ("https://api.sikkasoft.com/v4");
  self->service_name = g_strdup ("Parlae");
  self->support_phone = g_strdup ("");
  self->support_mail = g_strdup ("");
  self->guide_url = g_strdup ("");
  self->privacy_url = g_strdup ("");
  self->locked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->problems = g_ptr_array_new_with_free_func (problem_free);
  return self;
}

void
sc_config_free (ScConfig *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (text_keys); i++)
    g_free (G_STRUCT_MEMBER (char *, self, text_keys[i].offset));
  g_hash_table_unref (self->locked);
  g_ptr_array_unref (self->problems);
  g_free (self);
}

void
sc_config_add_problem (ScConfig *self, const char *file, const char *key, const char *problem)
{
  ScConfigProblem *row = NULL;

  g_return_if_fail (self != NULL);
  g_return_if_fail (file != NULL);
  g_return_if_fail (key != NULL);
  g_return_if_fail (problem != NULL);

  row = g_new0 (ScConfigProblem, 1);
  row->file = g_strdup (file);
  row->key = g_strdup (key);
  row->problem = g_utf8_make_valid (problem, -1);
  g_ptr_array_add (self->problems, row);
}

static void
take_text (ScConfig *self, const TextKey *row, const char *value)
{
  if (row->offset == G_STRUCT_OFFSET (ScConfig, cloud_url))
    {
      take_cloud_url (self, value);
      return;
    }
  self->is_issuer_set = self->is_issuer_set || row->offset == G_STRUCT_OFFSET (ScConfig, issuer);
  replace_text (&G_STRUCT_MEMBER (char *, self, row->offset), value);
}

/* As g_key_file_get_string() knows them, which warns about a programming error when a value has two
 * broken ones. */
static gboolean
has_broken_escape (const char *raw)
{
  for (const char *p = strchr (raw, '\\'); p != NULL; p = strchr (p + 2, '\\'))
    if (p[1] == '\0' || strchr ("sntr\\", p[1]) == NULL)
      return TRUE;
  return FALSE;
}

static const char *
merge_text (const Merge *merge, const TextKey *row)
{
  g_autofree char *raw = g_key_file_get_value (merge->key_file, row->group, row->key, NULL);
  g_autofree char *value = NULL;
  const char *problem = NULL;

  if (raw != NULL && !has_broken_escape (raw))
    value = g_key_file_get_string (merge->key_file, row->group, row->key, NULL);
  if (value == NULL)
    return "has a broken escape";
  problem = row->check (g_strstrip (value));
  if (problem == NULL)
    take_text (merge->config, row, value);
  return problem;
}

static const char *
merge_policy (const Merge *merge, const char *key)
{
  g_autoptr (GError) error = NULL;
  gboolean value = FALSE;

  if (!g_str_equal (key, POLICY_HIDE_DISCONNECT))
    return "unknown key";
  if (!merge->is_policy)
    return "only policy may set it";
  value = g_key_file_get_boolean (merge->key_file, POLICY_GROUP, key, &error);
  if (error != NULL)
    return "neither true nor false";
  merge->config->hide_disconnect_practice = value;
  return NULL;
}

static const TextKey *
find_text_key (const char *group, const char *key)
{
  for (guint i = 0; i < G_N_ELEMENTS (text_keys); i++)
    if (g_str_equal (text_keys[i].group, group) && g_str_equal (text_keys[i].key, key))
      return &text_keys[i];
  return NULL;
}

static const char *
merge_value (const Merge *merge, const char *group, const char *key)
{
  const TextKey *row = find_text_key (group, key);

  if (g_str_equal (group, POLICY_GROUP))
    return merge_policy (merge, key);
  return row != NULL ? merge_text (merge, row) : "unknown key";
}

static void
merge_key (const Merge *merge, const char *group, const char *key)
{
  g_autofree char *name = g_strdup_printf ("%s.%s", group, key);
  const char *problem = "set by policy";

  if (!g_hash_table_contains (merge->config->locked, name))
    problem = merge_value (merge, group, key);
  if (problem != NULL)
    sc_config_add_problem (merge->config, merge->file, name, problem);
  else if (merge->is_policy)
    g_hash_table_add (merge->config->locked, g_steal_pointer (&name));
}

static gboolean
is_known_group (const char *group)
{
  for (guint i = 0; i < G_N_ELEMENTS (text_keys); i++)
    if (g_str_equal (text_keys[i].group, group))
      return TRUE;
  return g_str_equal (group, POLICY_GROUP);
}

static void
merge_group (const Merge *merge, const char *group)
{
  g_auto (GStrv) keys = NULL;

  if (!is_known_group (group))
    {
      sc_config_add_problem (merge->config, merge->file, group, "unknown group");
      return;
    }
  keys = g_key_file_get_keys (merge->key_file, group, NULL, NULL);
  for (guint i = 0; keys[i] != NULL; i++)
    merge_key (merge, group, keys[i]);
}

/* Notepad puts a byte order mark in front, which a GKeyFile does not take. */
static void
skip_byte_order_mark (const char **text, gsize *length)
{
  if (*length < 3 || memcmp (*text, "\xEF\xBB\xBF", 3) != 0)
    return;
  *text += 3;
  *length -= 3;
}

/* Returns: (nullable): what is wrong with the file */
static const char *
load (GKeyFile *key_file, const char *text, gsize length)
{
  if (length == 0)
    return NULL;
  if (!g_utf8_validate_len (text, length, NULL))
    return "not UTF-8 text";
  if (!g_key_file_load_from_data (key_file, text, length, G_KEY_FILE_NONE, NULL))
    return "not in the form of [group] and key=value lines";
  return NULL;
}

void
sc_config_merge (ScConfig *self,
                 const char *file,
                 const char *text,
                 gsize length,
                 gboolean is_policy)
{
  g_autoptr (GKeyFile) key_file = g_key_file_new ();
  g_auto (GStrv) groups = NULL;
  const Merge merge = { self, file, is_policy, key_file };
  const char *problem = NULL;

  g_return_if_fail (self != NULL);
  g_return_if_fail (file != NULL);
  g_return_if_fail (text != NULL || length == 0);

  skip_byte_order_mark (&text, &length);
  problem = load (key_file, text, length);
  if (problem != NULL)
    {
      sc_config_add_problem (self, file, "", problem);
      return;
    }
  groups = g_key_file_get_groups (key_file, NULL);
  for (guint i = 0; groups[i] != NULL; i++)
    merge_group (&merge, groups[i]);
}

void
sc_config_set_cloud_url (ScConfig *self, const char *origin, const char *url)
{
  const char *problem = "set by policy";

  g_return_if_fail (self != NULL);
  g_return_if_fail (origin != NULL);
  g_return_if_fail (url != NULL);

  if (!g_hash_table_contains (self->locked, "cloud.url"))
    problem = check_base_url (url);
  if (problem != NULL)
    sc_config_add_problem (self, origin, "cloud.url", problem);
  else
    take_cloud_url (self, url);
}
