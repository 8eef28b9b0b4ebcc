// SPDX-License-Identifier: MIT
// What a person has chosen: settings.ini in the user's configuration folder, written atomically.

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SC_TYPE_SETTINGS (sc_settings_get_type ())
G_DECLARE_FINAL_TYPE (ScSettings, sc_settings, SC, SETTINGS, GObject)

typedef enum
{
  SC_SETTING_SPU_ELSEWHERE,    /* general.spu_elsewhere */
  SC_SETTING_CHECK_AT_SIGN_IN, /* general.check_at_sign_in */
  SC_N_SETTINGS
} ScSetting;

/**
 * sc_settings_new:
 * @path: the file; a bad one is set aside under another name when something is written
 *
 * Returns: (transfer full): the settings, all FALSE where the file says nothing
 */
ScSettings *sc_settings_new (const char *path);

gboolean sc_settings_get (ScSettings *self, ScSetting setting);

/** sc_settings_set: Errors: %SC_ERROR_FAILED; the setting keeps its value then */
gboolean sc_settings_set (ScSettings *self, ScSetting setting, gboolean value, GError **error);

/** sc_settings_get_problem: Returns: (transfer none) (nullable): what is wrong with the file */
const char *sc_settings_get_problem (ScSettings *self);

G_END_DECLS
