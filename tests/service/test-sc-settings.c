// SPDX-License-Identifier: MIT
// The agent's files: settings, which lose nothing that was there, and the configuration's order;
// and the waits between two attempts.

#include "sc-backoff.h"
#include "sc-config-files.h"
#include "sc-error.h"
#include "sc-settings.h"

#include <glib/gstdio.h>

typedef struct
{
  char *folder;
  char *settings;
  char *user;
  char *policy;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("sc-settings-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->settings = g_build_filename (fixture->folder, "settings.ini", NULL);
  fixture->user = g_build_filename (fixture->folder, "companion.ini", NULL);
  fixture->policy = g_build_filename (fixture->folder, "policy.ini", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) folder = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->settings);
  g_free (fixture->user);
  g_free (fixture->policy);
}

static void
write_file (const char *path, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static void
assert_file (const char *path, const char *expected)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, expected));
}

static void
test_set (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ScSettings) settings = sc_settings_new (fixture->settings);
  g_autoptr (ScSettings) again = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < SC_N_SETTINGS; i++)
    g_assert_false (sc_settings_get (settings, i));
  g_assert_null (sc_settings_get_problem (settings));
  g_assert_true (sc_settings_set (settings, SC_SETTING_CHECK_AT_SIGN_IN, TRUE, &error));
  g_assert_no_error (error);

  again = sc_settings_new (fixture->settings);
  g_assert_true (sc_settings_get (again, SC_SETTING_CHECK_AT_SIGN_IN));
  g_assert_false (sc_settings_get (again, SC_SETTING_SPU_ELSEWHERE));
}

static void
test_keeps_the_rest (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ScSettings) settings = NULL;

  write_file (fixture->settings, "# mine\n[general]\nspu_elsewhere=true\n[later]\nnew=1\n");
  settings = sc_settings_new (fixture->settings);
  g_assert_true (sc_settings_get (settings, SC_SETTING_SPU_ELSEWHERE));
  g_assert_true (sc_settings_set (settings, SC_SETTING_SPU_ELSEWHERE, FALSE, NULL));
  assert_file (fixture->settings, "# mine");
  assert_file (fixture->settings, "spu_elsewhere=false");
  assert_file (fixture->settings, "new=1");
}

static void
test_bad_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *aside = g_strconcat (fixture->settings, ".set-aside", NULL);
  g_autoptr (ScSettings) settings = NULL;

  write_file (fixture->settings, "this is no key file");
  settings = sc_settings_new (fixture->settings);
  g_assert_nonnull (sc_settings_get_problem (settings));
  g_assert_false (sc_settings_get (settings, SC_SETTING_SPU_ELSEWHERE));
  assert_file (fixture->settings, "this is no key file");

  g_assert_true (sc_settings_set (settings, SC_SETTING_SPU_ELSEWHERE, TRUE, NULL));
  assert_file (aside, "this is no key file");
  assert_file (fixture->settings, "spu_elsewhere=true");
}

static void
test_cannot_write (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "none", "settings.ini", NULL);
  g_autoptr (ScSettings) settings = sc_settings_new (path);
  g_autoptr (GError) error = NULL;

  g_assert_false (sc_settings_set (settings, SC_SETTING_SPU_ELSEWHERE, TRUE, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_FAILED);
  g_assert_false (sc_settings_get (settings, SC_SETTING_SPU_ELSEWHERE));
}

static void
test_config_order (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ScConfig) none = sc_config_files_load (fixture->user, fixture->policy, NULL);
  g_autoptr (ScConfig) user = NULL;
  g_autoptr (ScConfig) environment = NULL;
  g_autoptr (ScConfig) policy = NULL;

  g_assert_cmpuint (none->problems->len, ==, 0);
  write_file (fixture->user, "[cloud]\nurl=https://user.example\n");
  user = sc_config_files_load (fixture->user, fixture->policy, NULL);
  g_assert_cmpstr (user->cloud_url, ==, "https://user.example");
  environment = sc_config_files_load (fixture->user, fixture->policy, "http://127.0.0.1:9");
  g_assert_cmpstr (environment->cloud_url, ==, "http://127.0.0.1:9");
  write_file (fixture->policy, "[cloud]\nurl=https://policy.example\n");
  policy = sc_config_files_load (fixture->user, fixture->policy, "http://127.0.0.1:9");
  g_assert_cmpstr (policy->cloud_url, ==, "https://policy.example");
}

static void
assert_problem (const ScConfig *config, const char *file)
{
  const ScConfigProblem *problem;

  g_assert_cmpuint (config->problems->len, ==, 1);
  problem = g_ptr_array_index (config->problems, 0);
  g_assert_cmpstr (problem->file, ==, file);
}

static void
test_config_unreadable (Fixture *fixture, gconstpointer data)
{
  g_autofree char *large = g_strnfill (65 * 1024, '#');
  g_autoptr (ScConfig) too_large = NULL;
  g_autoptr (ScConfig) folder = NULL;

  write_file (fixture->user, large);
  too_large = sc_config_files_load (fixture->user, fixture->policy, NULL);
  assert_problem (too_large, "companion.ini");
  g_assert_cmpint (g_remove (fixture->user), ==, 0);
  g_assert_cmpint (g_mkdir (fixture->policy, 0700), ==, 0);
  folder = sc_config_files_load (fixture->user, fixture->policy, NULL);
  assert_problem (folder, "policy.ini");
}

static void
test_back_off (void)
{
  static const struct
  {
    guint attempts;
    gint64 retry_after;
    gint64 wait;
  } rows[] = {
    { 0, -1, 60 },       { 1, -1, 60 },       { 2, -1, 120 },
    { 3, -1, 240 },      { 9, -1, 15360 },    { 10, -1, 21600 },
    { 11, -1, 21600 },   { 2000, -1, 21600 }, { G_MAXUINT, -1, 21600 },
    { 1, 0, 60 },        { 1, 30, 60 },       { 1, 61, 61 },
    { 5, 86400, 86400 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (sc_backoff_compute (rows[i].attempts, rows[i].retry_after), ==, rows[i].wait);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add ("/agent/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("settings/set", test_set);
  ADD ("settings/keeps-the-rest", test_keeps_the_rest);
  ADD ("settings/bad-file", test_bad_file);
  ADD ("settings/cannot-write", test_cannot_write);
  ADD ("config-files/order", test_config_order);
  ADD ("config-files/unreadable", test_config_unreadable);
  g_test_add_func ("/agent/back-off", test_back_off);
  return g_test_run ();
}
