// SPDX-License-Identifier: MIT
// Files that nobody should leave behind, through the real agent: each is named, none is lost, and
// the agent runs.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-workplace.h"

#include <glib/gstdio.h>
#include <string.h>

#define COMPANION_INI "config/companion.ini"
#define SETTINGS_INI "config/settings.ini"
#define JOURNAL "data/journal.db"
#define LARGE (1024 * 1024)

/* Returns: (transfer full): "FILE KEY" of each problem, in lines */
static char *
get_problems (ScTestWorkplace *workplace)
{
  GVariant *rows = sc_agent1_get_config_problems (sc_test_agent_get_proxy (workplace->agent));
  g_autoptr (GString) text = g_string_new (NULL);
  GVariantIter iter;
  const char *file;
  const char *key;
  const char *problem;

  g_variant_iter_init (&iter, rows);
  while (g_variant_iter_loop (&iter, "(&s&s&s)", &file, &key, &problem))
    {
      g_assert_cmpstr (problem, !=, "");
      g_string_append_printf (text, "%s %s\n", file, key);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
assert_problems (ScTestWorkplace *workplace, const char *expected)
{
  g_autofree char *found = get_problems (workplace);

  g_assert_cmpstr (found, ==, expected);
}

static void
assert_check (ScTestWorkplace *workplace, const char *expected)
{
  g_autofree char *found = sc_test_workplace_check (workplace);

  g_assert_cmpstr (found, ==, expected);
}

/* ---- companion.ini ---- */

#define LONG_TEXT                                                          \
  "0123456789012345678901234567890123456789012345678901234567890123456789" \
  "0123456789012345678901234567890123456789012345678901234567890123456789" \
  "0123456789012345678901234567890123456789012345678901234567890123456789"

/* One line of a file, and the key that is to be named for it. */
static const struct
{
  const char *group;
  const char *line;
  const char *key;
} bad_values[] = {
  { "cloud", "url=ftp://cloud.example.com", "cloud.url" },
  { "cloud", "url=http://cloud.example.com", "cloud.url" },
  { "cloud", "url=https://user:word@cloud.example.com", "cloud.url" },
  { "cloud", "url=https://cloud.example.com/?a=b", "cloud.url" },
  { "cloud", "url=", "cloud.url" },
  { "cloud", "issuer=http://cloud.example.com", "cloud.issuer" },
  { "cloud", "client_id=two words", "cloud.client_id" },
  { "cloud", "client_id=", "cloud.client_id" },
  { "cloud", "scope=\"connection\"", "cloud.scope" },
  { "cloud", "scope=" LONG_TEXT LONG_TEXT, "cloud.scope" },
  { "cloud", "colour=blue", "cloud.colour" },
  { "connection", "provider=fax", "connection.provider" },
  { "connection", "provider=sikka", "connection.provider" },
  { "sikka", "authorize_url=portal", "sikka.authorize_url" },
  { "sikka", "api_url=http://api.example.com", "sikka.api_url" },
  { "vendor", "service_name=", "vendor.service_name" },
  { "vendor", "service_name=a\\nb", "vendor.service_name" },
  { "vendor", "support_phone=" LONG_TEXT, "vendor.support_phone" },
  { "vendor", "support_mail=nobody", "vendor.support_mail" },
  { "vendor", "guide_url=javascript:alert(1)", "vendor.guide_url" },
  { "vendor", "privacy_url=file:///etc/passwd", "vendor.privacy_url" },
  { "policy", "hide_disconnect_practice=true", "policy.hide_disconnect_practice" },
  { "weather", "rain=yes", "weather" },
};

static void
assert_defaults (ScTestWorkplace *workplace)
{
  GVariant *vendor = sc_agent1_get_vendor (sc_test_agent_get_proxy (workplace->agent));
  const char *name = NULL;

  sc_test_agent_assert_text (workplace->agent, "CloudUrl", workplace->url);
  sc_test_agent_assert_text (workplace->agent, "Provider", "cloud");
  g_assert_true (g_variant_lookup (vendor, "service_name", "&s", &name));
  g_assert_cmpstr (name, ==, "Parlae");
}

static void
test_values (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_prepare (SC_TEST_DESKTOP_KEYRING);

  for (gsize i = 0; i < G_N_ELEMENTS (bad_values); i++)
    {
      g_autofree char *text =
        g_strdup_printf ("[%s]\n%s\n", bad_values[i].group, bad_values[i].line);
      g_autofree char *expected = g_strdup_printf ("companion.ini %s\n", bad_values[i].key);

      sc_test_workplace_write (workplace, COMPANION_INI, text, -1);
      sc_test_workplace_start_agent (workplace);
      assert_problems (workplace, expected);
      assert_defaults (workplace);
      sc_test_workplace_stop_agent (workplace);
    }
  sc_test_workplace_start_agent (workplace);
  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
}

/* A good value beside bad ones counts. */
static void
test_good_beside_bad (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_prepare (SC_TEST_DESKTOP_BUS);
  GVariant *vendor;
  const char *phone = NULL;

  sc_test_workplace_write (
    workplace, COMPANION_INI,
    "[vendor]\nsupport_mail=nobody\nsupport_phone=555 0100\n[cloud]\nurl=x\n", -1);
  sc_test_workplace_start_agent (workplace);
  assert_problems (workplace, "companion.ini vendor.support_mail\ncompanion.ini cloud.url\n");
  vendor = sc_agent1_get_vendor (sc_test_agent_get_proxy (workplace->agent));
  g_assert_true (g_variant_lookup (vendor, "support_phone", "&s", &phone));
  g_assert_cmpstr (phone, ==, "555 0100");
}

static void
test_whole_files (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_prepare (SC_TEST_DESKTOP_KEYRING);
  g_autofree char *large = g_strnfill (LARGE, 'x');
  g_autofree char *path = sc_test_workplace_get_path (workplace, COMPANION_INI);
  const struct
  {
    const char *text;
    gssize size;
    const char *problems;
  } files[] = {
    { "", 0, "" },
    { "\xEF\xBB\xBF[cloud]\n", -1, "" },
    { "no group\n", -1, "companion.ini \n" },
    { "[cloud\nurl\n", -1, "companion.ini \n" },
    { "\x00\x01\xff\xfe\x00[\x00", 7, "companion.ini \n" },
    { "[cloud]\nurl=\xff\xff\n", -1, "companion.ini \n" },
    { large, LARGE, "companion.ini \n" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      sc_test_workplace_write (workplace, COMPANION_INI, files[i].text, files[i].size);
      sc_test_workplace_start_agent (workplace);
      assert_problems (workplace, files[i].problems);
      assert_defaults (workplace);
      sc_test_workplace_stop_agent (workplace);
    }

  /* Permissions do not bind root; that a folder cannot be read does. */
  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  sc_test_workplace_start_agent (workplace);
  assert_problems (workplace, "companion.ini \n");
  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
}

static const char *const bad_urls[] = {
  "http://example.com", "ftp://127.0.0.1", "", "x", "https://", "http://127.0.0.1.example.com",
};

static void
test_environment (void)
{
  g_autoptr (ScTestDesktop) desktop = sc_test_desktop_start (SC_TEST_DESKTOP_BUS);

  for (gsize i = 0; i < G_N_ELEMENTS (bad_urls); i++)
    {
      g_autoptr (ScTestAgent) agent = sc_test_agent_start (desktop, bad_urls[i], NULL);
      ScTestWorkplace workplace = { .desktop = desktop, .agent = agent };

      assert_problems (&workplace, "SIKKA_COMPANION_CLOUD_URL cloud.url\n");
      sc_test_agent_assert_text (agent, "CloudUrl", "https://app.parlae.ca");
    }
}

/* ---- settings.ini ---- */

static const struct
{
  const char *text;
  gssize size;
  const char *aside; /* where it is found afterwards */
} bad_settings[] = {
  { "garbage", -1, "config/settings.ini.set-aside" },
  { "\x00\x01\xff[general]", 12, "config/settings.ini.set-aside-2" },
  { "[general\nspu_elsewhere=true\n", -1, "config/settings.ini.set-aside-3" },
};

static void
assert_holds (ScTestWorkplace *workplace, const char *name, const char *text, gsize size)
{
  g_autofree char *path = sc_test_workplace_get_path (workplace, name);
  g_autofree char *found = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_file_get_contents (path, &found, &length, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (found, length, text, size);
}

static void
test_settings (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_prepare (SC_TEST_DESKTOP_BUS);

  for (gsize i = 0; i < G_N_ELEMENTS (bad_settings); i++)
    {
      gsize size =
        bad_settings[i].size < 0 ? strlen (bad_settings[i].text) : (gsize) bad_settings[i].size;

      sc_test_workplace_write (workplace, SETTINGS_INI, bad_settings[i].text, (gssize) size);
      workplace->agent = sc_test_agent_start (workplace->desktop, workplace->url, NULL);
      assert_problems (workplace, "settings.ini \n");
      g_assert_false (sc_agent1_get_spu_elsewhere (sc_test_agent_get_proxy (workplace->agent)));
      assert_holds (workplace, SETTINGS_INI, bad_settings[i].text, size);
      g_variant_unref (
        sc_test_workplace_call (workplace, "SetSpuElsewhere", g_variant_new ("(b)", TRUE)));
      assert_holds (workplace, bad_settings[i].aside, bad_settings[i].text, size);
      sc_test_workplace_stop_agent (workplace);

      workplace->agent = sc_test_agent_start (workplace->desktop, workplace->url, NULL);
      assert_problems (workplace, "");
      g_assert_true (sc_agent1_get_spu_elsewhere (sc_test_agent_get_proxy (workplace->agent)));
      sc_test_workplace_stop_agent (workplace);
    }
}

/* ---- journal.db ---- */

typedef void (*Damage) (ScTestWorkplace *workplace);

static void
make_garbage (ScTestWorkplace *workplace)
{
  sc_test_workplace_write (workplace, JOURNAL, "This is not a database, and never was one.", -1);
}

static void
truncate_file (ScTestWorkplace *workplace)
{
  g_autofree char *path = sc_test_workplace_get_path (workplace, JOURNAL);
  g_autofree char *text = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  sc_test_workplace_write (workplace, JOURNAL, text, (gssize) (length / 2 - 100));
}

static void
make_newer (ScTestWorkplace *workplace)
{
  sc_test_workplace_sql (workplace, "PRAGMA user_version = 99");
}

static void
drop_table (ScTestWorkplace *workplace)
{
  sc_test_workplace_sql (workplace, "DROP TABLE outbox");
}

/* Returns: (transfer full): path of the file that was put aside; there has to be one */
static char *
find_set_aside (ScTestWorkplace *workplace)
{
  g_autofree char *journal = sc_test_workplace_get_path (workplace, JOURNAL);
  g_autofree char *folder = g_path_get_dirname (journal);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, "journal.db.set-aside-") && !g_str_has_suffix (name, "-wal") &&
        !g_str_has_suffix (name, "-shm"))
      return g_build_filename (folder, name, NULL);
  g_error ("nothing was put aside");
}

static void
test_journal (gconstpointer data)
{
  Damage damage = *(const Damage *) data;
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();
  g_autofree char *path = sc_test_workplace_get_path (workplace, JOURNAL);
  g_autofree char *aside = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize before_length;
  gsize after_length;

  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  sc_test_workplace_stop_agent (workplace);
  damage (workplace);
  g_assert_true (g_file_get_contents (path, &before, &before_length, NULL));

  sc_test_workplace_start_agent (workplace);
  aside = find_set_aside (workplace);
  g_assert_true (g_file_get_contents (aside, &after, &after_length, NULL));
  g_assert_cmpmem (after, after_length, before, before_length);
  assert_problems (workplace, "journal.db \n");
  sc_test_agent_assert_text (workplace->agent, "JournalState", "recording");
  /* The connection is the keyring's: it only has to be looked at again. */
  assert_check (workplace, "connected ");
  sc_test_agent_assert_text (workplace->agent, "PracticeName", "Happy Dental Clinic");
  g_assert_true (sc_test_workplace_has_activity (workplace, "journal set-aside"));
  g_free (sc_test_workplace_run (workplace, "sikkactl log --verify", 0));
}

static const struct
{
  const char *path;
  Damage damage;
} damages[] = {
  { "/agent/bad-input/journal/garbage", make_garbage },
  { "/agent/bad-input/journal/truncated", truncate_file },
  { "/agent/bad-input/journal/newer", make_newer },
  { "/agent/bad-input/journal/without-a-table", drop_table },
};

/* A file where the folder should be: nothing can be recorded, and that is said. */
static void
test_no_data_folder (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();
  g_autofree char *journal = sc_test_workplace_get_path (workplace, JOURNAL);
  g_autofree char *folder = g_path_get_dirname (journal);
  g_autofree char *kept = g_strconcat (folder, ".kept", NULL);

  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  sc_test_workplace_stop_agent (workplace);
  g_assert_cmpint (g_rename (folder, kept), ==, 0);
  g_assert_true (g_file_set_contents (folder, "in the way", -1, NULL));

  sc_test_workplace_start_agent (workplace);
  sc_test_agent_assert_text (workplace->agent, "JournalState", "read-only");
  assert_check (workplace, "connected ");
  sc_test_workplace_refuse (workplace, "Connect", g_variant_new ("(a{sv}a{sv})", NULL, NULL),
                            "JournalReadOnly");
  sc_test_agent_assert_text (workplace->agent, "Status", "connected");
  sc_test_workplace_stop_agent (workplace);

  g_assert_cmpint (g_remove (folder), ==, 0);
  g_assert_cmpint (g_rename (kept, folder), ==, 0);
  sc_test_workplace_start_agent (workplace);
  sc_test_agent_assert_text (workplace->agent, "JournalState", "recording");
  g_assert_true (sc_test_workplace_has_activity (workplace, "check connected"));
  assert_check (workplace, "connected ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/agent/bad-input/companion-ini/values", test_values);
  g_test_add_func ("/agent/bad-input/companion-ini/good-beside-bad", test_good_beside_bad);
  g_test_add_func ("/agent/bad-input/companion-ini/whole-files", test_whole_files);
  g_test_add_func ("/agent/bad-input/environment", test_environment);
  g_test_add_func ("/agent/bad-input/settings-ini", test_settings);
  for (gsize i = 0; i < G_N_ELEMENTS (damages); i++)
    g_test_add_data_func (damages[i].path, &damages[i].damage, test_journal);
  g_test_add_func ("/agent/bad-input/no-data-folder", test_no_data_folder);

  return g_test_run ();
}
