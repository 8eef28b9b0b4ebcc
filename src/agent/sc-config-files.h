// SPDX-License-Identifier: MIT
// Reads the configuration: built-in default < companion.ini < policy.ini.

#pragma once

#include "sc-config.h"

G_BEGIN_DECLS

/**
 * sc_config_files_load:
 * @user_path: companion.ini in the user's configuration folder
 * @policy_path: policy.ini of the computer
 * @cloud_url: (nullable): SIKKA_COMPANION_CLOUD_URL, for development; policy wins over it
 *
 * A file that is not there is fine; one that cannot be read, or is larger than 64 kB, is a problem
 * in the result.
 *
 * Returns: (transfer full): the configuration
 */
ScConfig *
sc_config_files_load (const char *user_path, const char *policy_path, const char *cloud_url);

G_END_DECLS
