// SPDX-License-Identifier: MIT
// A certified authorization server as a process of a test.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-oidc.h"

#include "sc-test-child.h"
#include "sc-test-http.h"
#include "sc-test-wait.h"

#include <libsoup/soup.h>

#define READY_PREFIX "ready at "
#define MAX_STEPS 12

struct _ScTestOidc
{
  GSubprocess *process;
  char *url;
};

static char *
read_line (GSubprocess *process)
{
  g_autoptr (GDataInputStream) lines =
    g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *place = NULL;
  char *line;

  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT, NULL, sc_test_result_cb, &place);
  result = sc_test_wait_result (&place);
  line = g_data_input_stream_read_line_finish (lines, result, NULL, &error);
  g_assert_no_error (error);
  if (line == NULL)
    g_error ("the authorization server ended before it was ready");
  return line;
}

ScTestOidc *
sc_test_oidc_start (const char *option)
{
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  ScTestOidc *self = g_new0 (ScTestOidc, 1);
  const char *script = g_getenv ("SC_TEST_OIDC");
  g_autoptr (GError) error = NULL;
  g_autofree char *line = NULL;

  if (script == NULL)
    g_error ("SC_TEST_OIDC has to name provider.mjs");
  sc_test_child_end_with_parent (launcher);
  self->process = g_subprocess_launcher_spawn (launcher, &error, "node", script, option, NULL);
  g_assert_no_error (error);
  line = read_line (self->process);
  g_assert_true (g_str_has_prefix (line, READY_PREFIX));
  self->url = g_strdup (line + strlen (READY_PREFIX));
  return self;
}

void
sc_test_oidc_stop (ScTestOidc *self)
{
  if (self == NULL)
    return;
  g_subprocess_force_exit (self->process);
  g_subprocess_wait (self->process, NULL, NULL);
  g_object_unref (self->process);
  g_free (self->url);
  g_free (self);
}

const char *
sc_test_oidc_get_url (ScTestOidc *self)
{
  return self->url;
}

gint64
sc_test_oidc_count (ScTestOidc *self, const char *method_and_path)
{
  g_autofree char *url = g_strconcat (self->url, "/counters", NULL);
  g_autoptr (ScTestAnswer) answer = sc_test_http_send ("GET", url, NULL, NULL, NULL);
  g_autoptr (JsonObject) counters = sc_test_answer_get_object (answer);

  return json_object_get_int_member_with_default (counters, method_and_path, 0);
}

/* ---- the browser ---- */

static SoupMessage *
message_new (const char *url, const char *form)
{
  SoupMessage *message = soup_message_new (form != NULL ? "POST" : "GET", url);

  g_assert_nonnull (message);
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_set_is_top_level_navigation (message, TRUE);
  soup_message_set_first_party (message, soup_message_get_uri (message));
  soup_message_set_site_for_cookies (message, soup_message_get_uri (message));
  if (form != NULL)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (form, strlen (form));

      soup_message_set_request_body_from_bytes (message, "application/x-www-form-urlencoded",
                                                bytes);
    }
  return message;
}

/* Returns: (transfer full) (nullable): where the answer leads, %NULL for a page */
static char *
visit (SoupSession *session, const char *url, const char *form, guint *status)
{
  g_autoptr (SoupMessage) message = message_new (url, form);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) page = soup_session_send_and_read (session, message, NULL, &error);
  const char *location;

  g_assert_no_error (error);
  *status = soup_message_get_status (message);
  location = soup_message_headers_get_one (soup_message_get_response_headers (message), "Location");
  if (*status / 100 != 3)
    return NULL;
  return g_uri_resolve_relative (url, location, G_URI_FLAGS_ENCODED, NULL);
}

static gboolean
is_same_server (const char *a, const char *b)
{
  g_autoptr (GUri) uri_a = g_uri_parse (a, G_URI_FLAGS_ENCODED, NULL);
  g_autoptr (GUri) uri_b = g_uri_parse (b, G_URI_FLAGS_ENCODED, NULL);

  g_assert_nonnull (uri_a);
  g_assert_nonnull (uri_b);
  return g_uri_get_port (uri_a) == g_uri_get_port (uri_b);
}

char *
sc_test_oidc_decide (const char *authorization_url, const char *decision)
{
  g_autoptr (SoupSession) session =
    soup_session_new_with_options ("proxy-resolver", NULL, "timeout", SC_TEST_CEILING, NULL);
  g_autofree char *form = g_strconcat ("decision=", decision, NULL);
  g_autofree char *url = g_strdup (authorization_url);

  soup_session_add_feature_by_type (session, SOUP_TYPE_COOKIE_JAR);
  for (guint i = 0; i < MAX_STEPS; i++)
    {
      guint status;
      g_autofree char *next = visit (session, url, NULL, &status);

      if (status == SOUP_STATUS_OK)
        next = visit (session, url, form, &status);
      if (next == NULL)
        return NULL;
      if (!is_same_server (authorization_url, next))
        return g_steal_pointer (&next);
      g_free (url);
      url = g_steal_pointer (&next);
    }
  g_assert_not_reached ();
}
