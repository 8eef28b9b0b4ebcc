// SPDX-License-Identifier: MIT
// The PC of a practice on real parts.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-workplace.h"

#include "sc-test-browser.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

#define ERROR_PREFIX "ca.parlae.SikkaCompanion.Error."

ScTestWorkplace *
sc_test_workplace_prepare (ScTestDesktopFlags flags)
{
  ScTestWorkplace *self = g_new0 (ScTestWorkplace, 1);

  self->desktop = sc_test_desktop_start (flags);
  self->state_dir = sc_test_desktop_get_path (self->desktop, "cloud");
  sc_test_workplace_start_cloud (self);
  self->url = g_strdup (sc_test_sandbox_get_url (self->sandbox));
  self->port = g_strdup (sc_test_sandbox_get_port (self->sandbox));
  return self;
}

ScTestWorkplace *
sc_test_workplace_start (void)
{
  ScTestWorkplace *self = sc_test_workplace_prepare (SC_TEST_DESKTOP_KEYRING);

  sc_test_workplace_start_agent (self);
  return self;
}

void
sc_test_workplace_free (ScTestWorkplace *self)
{
  sc_test_agent_stop (self->agent);
  sc_test_sandbox_stop (self->sandbox);
  sc_test_desktop_stop (self->desktop);
  g_free (self->url);
  g_free (self->port);
  g_free (self->state_dir);
  g_free (self);
}

/* ---- processes ---- */

void
sc_test_workplace_start_agent (ScTestWorkplace *self)
{
  g_autoptr (GVariant) answer = NULL;

  g_assert_null (self->agent);
  self->agent = sc_test_agent_start (self->desktop, self->url, NULL);
  answer = sc_test_agent_call (self->agent, "SetSpuElsewhere", g_variant_new ("(b)", TRUE), NULL);
}

void
sc_test_workplace_stop_agent (ScTestWorkplace *self)
{
  sc_test_agent_stop (g_steal_pointer (&self->agent));
}

void
sc_test_workplace_kill_agent (ScTestWorkplace *self)
{
  sc_test_agent_kill (g_steal_pointer (&self->agent));
}

void
sc_test_workplace_stop_cloud (ScTestWorkplace *self)
{
  sc_test_sandbox_stop (g_steal_pointer (&self->sandbox));
}

void
sc_test_workplace_start_cloud (ScTestWorkplace *self)
{
  g_assert_null (self->sandbox);
  self->sandbox = sc_test_sandbox_start ("--state-dir", self->state_dir, "--port",
                                         self->port != NULL ? self->port : "0", NULL);
}

/* ---- commands ---- */

GVariant *
sc_test_workplace_call (ScTestWorkplace *self, const char *method, GVariant *arguments)
{
  g_autoptr (GError) error = NULL;
  GVariant *answer = sc_test_agent_call (self->agent, method, arguments, &error);

  g_assert_no_error (error);
  return answer;
}

void
sc_test_workplace_refuse (ScTestWorkplace *self,
                          const char *method,
                          GVariant *arguments,
                          const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = sc_test_agent_call (self->agent, method, arguments, &error);
  g_autofree char *name = NULL;

  g_assert_null (answer);
  name = g_dbus_error_get_remote_error (error);
  g_assert_nonnull (name);
  g_assert_true (g_str_has_prefix (name, ERROR_PREFIX));
  g_assert_cmpstr (name + strlen (ERROR_PREFIX), ==, expected);
}

/* The redirect that does not come back to the agent is not followed: the agent's page is asked for
 * as the browser would. */
char *
sc_test_workplace_decide (const char *url, const char *practice, const char *decision)
{
  g_autofree char *callback = sc_test_browser_decide (url, practice, decision);
  g_autoptr (ScTestAnswer) answer = sc_test_http_send ("GET", callback, NULL, NULL, NULL);

  g_assert_cmpuint (answer->status, ==, 200);
  return g_steal_pointer (&answer->body);
}

char *
sc_test_workplace_authorize (ScTestWorkplace *self, const char *practice, const char *decision)
{
  guint transaction = sc_test_agent_connect (self->agent, FALSE);
  g_autofree char *url = sc_test_agent_wait_address (self->agent);
  g_autofree char *page = sc_test_workplace_decide (url, practice, decision);
  const ScTestOutcome *outcome = sc_test_agent_wait_outcome (self->agent, transaction);

  return g_strdup_printf ("%s %s", outcome->outcome, outcome->error_id);
}

char *
sc_test_workplace_check (ScTestWorkplace *self)
{
  g_autoptr (GVariant) answer =
    sc_test_workplace_call (self, "Check", g_variant_new ("(a{sv})", NULL));
  const char *status;
  const char *error_id;

  g_variant_get (answer, "(&s&s&s)", &status, &error_id, NULL);
  return g_strdup_printf ("%s %s", status, error_id);
}

void
sc_test_workplace_connect (ScTestWorkplace *self, const char *practice)
{
  g_autofree char *outcome = sc_test_workplace_authorize (self, practice, "allow");
  g_autofree char *status = NULL;

  g_assert_cmpstr (outcome, ==, "returned ");
  status = sc_test_workplace_check (self);
  g_assert_cmpstr (status, ==, "connected ");
  sc_test_workplace_wait_reports (self, 0);
}

void
sc_test_workplace_disconnect (ScTestWorkplace *self)
{
  g_autoptr (GVariant) answer = NULL;
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "immediate", "b", TRUE);
  answer = sc_test_workplace_call (
    self, "Disconnect", g_variant_new ("(s@a{sv})", "this-pc", g_variant_dict_end (&options)));
}

char *
sc_test_workplace_run (ScTestWorkplace *self, const char *line, int status)
{
  g_autoptr (ScTestCommand) command = sc_test_command_run (self->desktop, line, NULL);

  g_assert_cmpint (sc_test_command_wait (command), ==, status);
  return g_strdup (sc_test_command_get_output (command));
}

/* ---- what is there ---- */

guint
sc_test_workplace_count_reports (ScTestWorkplace *self)
{
  g_autoptr (GVariant) answer = sc_test_workplace_call (self, "ListReports", NULL);
  g_autoptr (GVariant) rows = g_variant_get_child_value (answer, 0);

  return g_variant_n_children (rows);
}

typedef struct
{
  ScTestWorkplace *workplace;
  guint n;
} CountWait;

static gboolean
has_reports (gpointer user_data)
{
  const CountWait *wait = user_data;

  return sc_test_workplace_count_reports (wait->workplace) == wait->n;
}

void
sc_test_workplace_wait_reports (ScTestWorkplace *self, guint n)
{
  CountWait wait = { self, n };

  sc_test_wait_polling (has_reports, &wait);
}

static gboolean
has_grants (gpointer user_data)
{
  const CountWait *wait = user_data;
  g_autoptr (JsonObject) state = sc_test_sandbox_get_state (wait->workplace->sandbox);

  return json_object_get_int_member (state, "grantCount") == wait->n;
}

void
sc_test_workplace_wait_grants (ScTestWorkplace *self, guint n)
{
  CountWait wait = { self, n };

  sc_test_wait_polling (has_grants, &wait);
}

char *
sc_test_workplace_find_row (ScTestWorkplace *self, const char *account)
{
  g_autoptr (JsonObject) state = sc_test_sandbox_get_state (self->sandbox);
  JsonArray *rows = json_object_get_array_member (state, "integrations");

  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonObject *row = json_array_get_object_element (rows, i);

      if (g_str_equal (json_object_get_string_member (row, "account"), account))
        return g_strdup (json_object_get_string_member (row, "status"));
    }
  return g_strdup ("");
}

gboolean
sc_test_workplace_has_activity (ScTestWorkplace *self, const char *row)
{
  g_autoptr (GVariant) answer =
    sc_test_workplace_call (self, "ListActivity", g_variant_new ("(xu)", (gint64) 0, 1000));
  g_autoptr (GVariantIter) rows = NULL;
  const char *action;
  const char *result;

  g_variant_get (answer, "(a(xxsssss))", &rows);
  while (g_variant_iter_loop (rows, "(xxs&s&sss)", NULL, NULL, NULL, &action, &result, NULL, NULL))
    {
      g_autofree char *found = g_strdup_printf ("%s %s", action, result);

      if (g_str_equal (found, row))
        return TRUE;
    }
  return FALSE;
}

/* ---- files ---- */

char *
sc_test_workplace_get_path (ScTestWorkplace *self, const char *name)
{
  gboolean config = g_str_has_prefix (name, "config/");
  g_autofree char *folder = sc_test_desktop_get_path (
    self->desktop, config ? "home/.config/sikka-companion" : "home/.local/share/sikka-companion");

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  return g_build_filename (folder, strchr (name, '/') + 1, NULL);
}

void
sc_test_workplace_write (ScTestWorkplace *self, const char *name, const char *text, gssize size)
{
  g_autofree char *path = sc_test_workplace_get_path (self, name);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, size, &error);
  g_assert_no_error (error);
}

void
sc_test_workplace_sql (ScTestWorkplace *self, const char *sql)
{
  g_autofree char *path = sc_test_workplace_get_path (self, "data/journal.db");
  sqlite3 *database = NULL;

  g_assert_cmpint (sqlite3_open_v2 (path, &database, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (database, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (database), ==, SQLITE_OK);
}
