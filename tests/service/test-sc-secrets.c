// SPDX-License-Identifier: MIT
// No secret is left anywhere. A planted one is found in each place first, or the rest would prove
// nothing; then the agent connects, checks, refreshes, fails and disconnects, and all that the
// sandbox issued or was sent is searched for.

#define _GNU_SOURCE
#define G_LOG_DOMAIN "sc-test"

#include "sc-test-monitor.h"
#include "sc-test-search.h"
#include "sc-test-workplace.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The sandbox's invented app. The id stands in the link, as a client id does. */
#define APP_ID "SANDBOX-APP-ID-NOT-REAL"
#define APP_KEY "SANDBOX-APP-KEY-NOT-REAL"
#define PLANT "cGxhbnRlZC1zZWNyZXQtdGhhdC1oYXMtdG8tYmUtZm91bmQ"
#define HOUR (60 * 60)
#define BUS_LINK "bus AuthorizationUrl"
#define BUS_LAUNCHED "bus Launched"

/**
 * Fixture:
 * @workplace: its agent writes all that it logs to a file
 * @plant: put into each place, or %NULL
 * @app_key: for the environment of the agent, or %NULL
 * @browsers: opened so far
 */
typedef struct
{
  ScTestWorkplace *workplace;
  ScTestMonitor *monitor;
  ScTestSearch *search;
  const char *plant;
  const char *app_key;
  guint browsers;
} Fixture;

/* Stays, so that what it was given can be looked at; ends with the test. */
static const char browser_script[] = "#!/bin/sh\n"
                                     "printf . >>\"$1\"\n"
                                     "tail --pid=\"$2\" -f /dev/null\n";

static const char browser_entry[] = "[Desktop Entry]\n"
                                    "Type=Application\n"
                                    "Name=Browser of the test\n"
                                    "Exec=\"%s\" \"%s\" %d %s %%u\n"
                                    "MimeType=x-scheme-handler/http;\n";

static const char browser_default[] = "[Default Applications]\n"
                                      "x-scheme-handler/http=sc-test-browser.desktop\n";

static const char agent_script[] = "#!/bin/bash\n"
                                   "exec -a 'sikka-companion-agent%s' '%s' >>'%s' 2>&1\n";

/* ---- the place of work ---- */

static char *
write_file (Fixture *self, const char *name, int mode, const char *format, ...)
{
  char *path = sc_test_desktop_get_path (self->workplace->desktop, name);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, mode, NULL));
  return path;
}

static void
install_browser (Fixture *self)
{
  g_autofree char *script = write_file (self, "browser.sh", 0700, "%s", browser_script);
  g_autofree char *count = sc_test_desktop_get_path (self->workplace->desktop, "browsers");
  const char *plant = self->plant != NULL ? self->plant : "-";

  g_free (write_file (self, "home/.local/share/applications/sc-test-browser.desktop", 0600,
                      browser_entry, script, count, (int) getpid (), plant));
  g_free (write_file (self, "home/.config/mimeapps.list", 0600, "%s", browser_default));
}

static void
configure (Fixture *self)
{
  const char *url = self->workplace->url;

  if (self->plant != NULL)
    g_free (write_file (self, "home/.config/sikka-companion/companion.ini", 0600,
                        "[vendor]\nservice_name=%s\n", self->plant));
  else if (self->app_key != NULL)
    g_free (write_file (self, "home/.config/sikka-companion/companion.ini", 0600,
                        "[connection]\nprovider=sikka\n"
                        "[sikka]\nauthorize_url=%s/portal/authapp.aspx\napi_url=%s/v4\n",
                        url, url));
}

/* The agent of the build, through a shell that gives its place to it. */
static void
start_agent (Fixture *self)
{
  ScTestWorkplace *workplace = self->workplace;
  g_autofree char *real = g_strdup (g_getenv ("SC_TEST_AGENT"));
  g_autofree char *log = sc_test_desktop_get_path (workplace->desktop, "log");
  const char *plant = self->plant != NULL ? self->plant : "";
  const char *readable = g_getenv ("SC_TEST_READABLE");
  g_autofree char *script = write_file (self, "agent.sh", 0700, agent_script, plant, real, log);
  g_autoptr (GVariant) answer = NULL;

  g_setenv ("SC_TEST_AGENT", script, TRUE);
  /* A name that is NULL ends them. */
  workplace->agent = sc_test_agent_start (
    workplace->desktop, workplace->url, "G_MESSAGES_DEBUG", "all", "LD_PRELOAD",
    readable != NULL ? readable : "", "SC_TEST_PLANT", plant,
    self->app_key != NULL ? "SIKKA_APP_KEY" : NULL, self->app_key, "SIKKA_APP_ID", APP_ID, NULL);
  g_setenv ("SC_TEST_AGENT", real, TRUE);
  answer = sc_test_workplace_call (workplace, "SetSpuElsewhere", g_variant_new ("(b)", TRUE));
}

static void
set_up (Fixture *self)
{
  g_auto (GStrv) environment = NULL;

  self->workplace = sc_test_workplace_prepare (SC_TEST_DESKTOP_KEYRING);
  sc_test_workplace_stop_cloud (self->workplace);
  self->workplace->sandbox =
    sc_test_sandbox_start ("--tell-secrets", "--port", self->workplace->port, NULL);
  environment = g_strdupv (sc_test_desktop_get_environment (self->workplace->desktop));
  self->monitor =
    sc_test_monitor_start (g_environ_getenv (environment, "DBUS_SESSION_BUS_ADDRESS"));
  self->search = sc_test_search_new ();
  install_browser (self);
  configure (self);
  start_agent (self);
}

static void
tear_down (Fixture *self)
{
  sc_test_monitor_stop (self->monitor);
  sc_test_workplace_free (self->workplace);
  sc_test_search_free (self->search);
}

/* ---- where is searched ---- */

/* The link is for "Copy link", and GIO tells the desktop what it has launched. */
static const struct
{
  const char *word;
  const char *place;
} links_on_bus[] = {
  { "AuthorizationUrl", BUS_LINK },
  { "org.gtk.gio.DesktopAppInfo", BUS_LAUNCHED },
};

static void
search_message (const guint8 *message, gsize length, gpointer user_data)
{
  const char *place = "bus";

  for (gsize i = 0; i < G_N_ELEMENTS (links_on_bus); i++)
    if (memmem (message, length, links_on_bus[i].word, strlen (links_on_bus[i].word)) != NULL)
      place = links_on_bus[i].place;
  sc_test_search_bytes (user_data, place, message, length);
}

/* The agent, and whatever lives in its session: its children, and the bus and keyring with them. */
static void
search_processes (Fixture *self)
{
  g_autofree char *home = sc_test_desktop_get_path (self->workplace->desktop, "home");
  g_autofree char *mark = g_strconcat ("HOME=", home, NULL);
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (proc)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc", name, "environ", NULL);
      g_autofree char *environment = NULL;
      gsize length;
      int pid = atoi (name);
      const char *who = pid == sc_test_agent_get_pid (self->workplace->agent) ? "agent" : "child";

      if (pid == 0 || !g_file_get_contents (path, &environment, &length, NULL) ||
          memmem (environment, length, mark, strlen (mark)) == NULL)
        continue;
      sc_test_search_proc (self->search, who, pid, "cmdline");
      sc_test_search_proc (self->search, who, pid, "environ");
    }
}

static void
search_all_but_memory (Fixture *self)
{
  ScTestWorkplace *workplace = self->workplace;
  g_autofree char *home = sc_test_desktop_get_path (workplace->desktop, "home");
  g_autofree char *run = sc_test_desktop_get_path (workplace->desktop, "run");
  g_autofree char *log = sc_test_desktop_get_path (workplace->desktop, "log");
  g_autofree char *text = NULL;
  gsize length;

  sc_test_search_folder (self->search, "file", home);
  sc_test_search_folder (self->search, "file", run);
  g_assert_true (g_file_get_contents (log, &text, &length, NULL));
  g_assert_nonnull (strstr (text, "sc-net-DEBUG"));
  sc_test_search_bytes (self->search, "log", text, length);
  sc_test_monitor_wait (self->monitor, sc_test_desktop_get_bus (workplace->desktop));
  sc_test_monitor_foreach (self->monitor, search_message, self->search);
  search_processes (self);
}

/* Returns: whether memory was looked at; a build for a sanitizer keeps what was freed */
static gboolean
search_memory (Fixture *self)
{
  if (g_getenv ("SC_TEST_READABLE") == NULL)
    {
      g_test_skip ("the heap of this build does not forget");
      return FALSE;
    }
  g_assert_true (
    sc_test_search_memory (self->search, "agent", sc_test_agent_get_pid (self->workplace->agent)));
  return TRUE;
}

/* ---- what is done ---- */

static gboolean
is_browser_open (gpointer user_data)
{
  Fixture *self = user_data;
  g_autofree char *path = sc_test_desktop_get_path (self->workplace->desktop, "browsers");
  g_autofree char *lines = NULL;
  gsize length = 0;

  g_file_get_contents (path, &lines, &length, NULL);
  return length == self->browsers;
}

static char *
authorize (Fixture *self, const char *decision)
{
  ScTestWorkplace *workplace = self->workplace;
  guint transaction = sc_test_agent_connect (workplace->agent, TRUE);
  g_autofree char *url = sc_test_agent_wait_address (workplace->agent);
  g_autofree char *page = sc_test_workplace_decide (url, SC_TEST_HAPPY, decision);
  const ScTestOutcome *outcome = sc_test_agent_wait_outcome (workplace->agent, transaction);

  self->browsers++;
  sc_test_wait_polling (is_browser_open, self);
  return g_strdup_printf ("%s %s", outcome->outcome, outcome->error_id);
}

#define assert_authorize(self, decision, expected)               \
  G_STMT_START                                                   \
  {                                                              \
    g_autofree char *authorized_as = authorize (self, decision); \
    g_assert_cmpstr (authorized_as, ==, expected);               \
  }                                                              \
  G_STMT_END

static void
assert_check (Fixture *self)
{
  g_autofree char *status = sc_test_workplace_check (self->workplace);

  g_assert_cmpstr (status, ==, "connected ");
}

static void
learn_secrets (Fixture *self)
{
  g_autofree char *url = g_strconcat (self->workplace->url, "/sandbox/secrets", NULL);
  g_autoptr (ScTestAnswer) answer = sc_test_http_send ("GET", url, NULL, NULL, NULL);
  g_autoptr (JsonObject) object = sc_test_answer_get_object (answer);
  JsonArray *secrets = json_object_get_array_member (object, "secrets");

  for (guint i = 0; i < json_array_get_length (secrets); i++)
    {
      JsonObject *secret = json_array_get_object_element (secrets, i);

      sc_test_search_add (self->search, json_object_get_string_member (secret, "kind"),
                          json_object_get_string_member (secret, "value"));
    }
}

/* ---- the plant ---- */

static void
plant_elsewhere (Fixture *self)
{
  g_autofree char *log = sc_test_desktop_get_path (self->workplace->desktop, "log");
  g_autofree char *sql = g_strdup_printf (
    "PRAGMA busy_timeout = 30000; CREATE TABLE planted AS SELECT '%s'", self->plant);
  FILE *file = g_fopen (log, "a");

  g_assert_nonnull (file);
  g_assert_cmpint (fprintf (file, "%s\n", self->plant), >, 0);
  g_assert_cmpint (fclose (file), ==, 0);
  sc_test_workplace_sql (self->workplace, sql);
}

static void
test_plant_is_found (void)
{
  static const char *const places[] = {
    "log",           "file journal.db*", "file companion.ini", "bus*",
    "agent cmdline", "agent environ",    "child cmdline",      "child environ",
  };
  Fixture self = { .plant = PLANT };

  set_up (&self);
  sc_test_search_add (self.search, "plant", PLANT);
  assert_authorize (&self, "allow", "returned ");
  plant_elsewhere (&self);
  search_all_but_memory (&self);
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    if (!sc_test_search_has (self.search, places[i]))
      g_error ("the plant is not found in: %s", places[i]);
  if (search_memory (&self))
    {
      g_assert_true (sc_test_search_has (self.search, "agent memory [heap]"));
      g_assert_true (sc_test_search_has (self.search, "agent memory [stack]"));
    }
  tear_down (&self);
}

/* ---- the real thing ---- */

/* Where a secret may be, and why. */
static const struct
{
  const char *kind;
  const char *place;
  const char *why;
} exemptions[] = {
  { "state", BUS_LINK, "a part of the link" },
  { "state", BUS_LAUNCHED, "a part of the link" },
  { "state", "child cmdline", "a part of the link" },
  { "app_id", BUS_LINK, "a part of the link" },
  { "app_id", BUS_LAUNCHED, "a part of the link" },
  { "app_id", "child cmdline", "a part of the link" },
  { "app_id", "agent memory [heap]", "the next connection needs it, no file has it" },
  { "app_key", "agent memory [heap]", "the next connection needs it, no file has it" },
};

/* Returns: (transfer full): what is found where it may not be */
static char *
take_finds (Fixture *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (exemptions); i++)
    sc_test_search_exempt (self->search, exemptions[i].kind, exemptions[i].place,
                           exemptions[i].why);
  return sc_test_search_take (self->search);
}

static gboolean
is_memory_clean (gpointer user_data)
{
  Fixture *self = user_data;
  g_autofree char *finds = NULL;

  if (!search_memory (self))
    return TRUE;
  finds = take_finds (self);
  if (*finds != '\0')
    g_test_message ("%s", finds);
  return *finds == '\0';
}

/* What is held while connected is there to be found. */
static void
assert_held (Fixture *self, const char *kind)
{
  g_autofree char *finds = NULL;

  learn_secrets (self);
  if (!search_memory (self))
    return;
  finds = sc_test_search_take (self->search);
  g_assert_nonnull (strstr (finds, kind));
}

static void
assert_clean (Fixture *self)
{
  g_autofree char *finds = NULL;

  sc_test_agent_assert_text (self->workplace->agent, "AuthorizationUrl", "");
  learn_secrets (self);
  search_all_but_memory (self);
  finds = take_finds (self);
  g_assert_cmpstr (finds, ==, "");
  /* A connection to the cloud is kept for some seconds, and with it what was said last. */
  sc_test_wait_polling (is_memory_clean, self);
}

static void
fail (Fixture *self, const char *scenario, const char *decision, const char *outcome)
{
  sc_test_sandbox_set_scenario (self->workplace->sandbox, scenario);
  assert_authorize (self, decision, outcome);
  sc_test_sandbox_set_scenario (self->workplace->sandbox, "none");
}

static void
test_cloud (void)
{
  Fixture self = { NULL };

  set_up (&self);
  assert_authorize (&self, "allow", "returned ");
  assert_check (&self);
  assert_held (&self, "access_token in agent memory [heap]");
  for (guint i = 0; i < 2; i++)
    {
      sc_test_sandbox_advance_clock (self.workplace->sandbox, 2 * HOUR);
      assert_check (&self);
    }
  fail (&self, "exchange-fails", "allow", "failed oauth-grant");
  fail (&self, "none", "deny", "denied oauth-denied");
  sc_test_workplace_disconnect (self.workplace);
  sc_test_workplace_wait_grants (self.workplace, 0);
  sc_test_workplace_wait_reports (self.workplace, 0);

  assert_clean (&self);
  g_assert_cmpuint (sc_test_search_count (self.search, "access_token"), >=, 3);
  g_assert_cmpuint (sc_test_search_count (self.search, "refresh_token"), >=, 3);
  g_assert_cmpuint (sc_test_search_count (self.search, "code_verifier"), >=, 2);
  g_assert_cmpuint (sc_test_search_count (self.search, "code"), >=, 3);
  g_assert_cmpuint (sc_test_search_count (self.search, "state"), >=, 3);
  tear_down (&self);
}

static gboolean
are_keys_deleted (gpointer user_data)
{
  Fixture *self = user_data;

  return sc_test_sandbox_count (self->workplace->sandbox, "DELETE /v4/refresh_key") > 0;
}

/* Found as gone from the agent's own environment too, which wipes them there. */
static void
test_sikka (void)
{
  Fixture self = { .app_key = APP_KEY };

  set_up (&self);
  sc_test_search_add (self.search, "app_id", APP_ID);
  sc_test_search_add (self.search, "app_key", APP_KEY);
  assert_authorize (&self, "allow", "returned ");
  assert_check (&self);
  assert_held (&self, "request_key in agent memory [heap]");
  sc_test_sandbox_advance_clock (self.workplace->sandbox, 25 * HOUR);
  assert_check (&self);
  fail (&self, "exchange-fails", "allow", "failed oauth-grant");
  fail (&self, "none", "deny", "denied oauth-denied");
  sc_test_workplace_disconnect (self.workplace);
  sc_test_wait_polling (are_keys_deleted, &self);

  assert_clean (&self);
  g_assert_cmpuint (sc_test_search_count (self.search, "request_key"), >=, 2);
  g_assert_cmpuint (sc_test_search_count (self.search, "refresh_key"), >=, 2);
  g_assert_cmpuint (sc_test_search_count (self.search, "code"), >=, 2);
  g_assert_cmpuint (sc_test_search_count (self.search, "state"), >=, 2);
  tear_down (&self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/secrets/plant-is-found", test_plant_is_found);
  g_test_add_func ("/secrets/cloud", test_cloud);
  g_test_add_func ("/secrets/sikka", test_sikka);

  return g_test_run ();
}
