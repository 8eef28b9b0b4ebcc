// SPDX-License-Identifier: MIT
// Reads the configuration: built-in default < companion.ini < policy.ini.

#define G_LOG_DOMAIN "sc-agent"

#include "sc-config-files.h"

#include "config.h"

#include <gio/gio.h>

#define MAX_SIZE (64 * 1024)

static void
merge_file (ScConfig *config, const char *path, gboolean is_policy)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, &error))
    {
      if (!g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        sc_config_add_problem (config, name, "", error->message);
      return;
    }
  if (length > MAX_SIZE)
    sc_config_add_problem (config, name, "", "is larger than 64 kB and was not read");
  else
    sc_config_merge (config, name, text, length, is_policy);
}

ScConfig *
sc_config_files_load (const char *user_path, const char *policy_path, const char *cloud_url)
{
  ScConfig *config = sc_config_new (SC_DEFAULT_CLOUD_URL);

  g_return_val_if_fail (user_path != NULL && policy_path != NULL, config);

  merge_file (config, user_path, FALSE);
  if (cloud_url != NULL)
    sc_config_set_cloud_url (config, "SIKKA_COMPANION_CLOUD_URL", cloud_url);
  merge_file (config, policy_path, TRUE);
  return config;
}
