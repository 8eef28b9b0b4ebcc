// SPDX-License-Identifier: MIT
// A remote control of a running Chromium, through chromedriver (W3C WebDriver).

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-webdriver.h"

#include "sc-test-child.h"
#include "sc-test-wait.h"

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#define READY_PREFIX "ChromeDriver was started successfully on port "
#define MAX_STARTS 5
/* https://www.w3.org/TR/webdriver2/#elements: the key under which an element's id stands */
#define ELEMENT_KEY "element-6066-11e4-a52e-4f735466cecf"

struct _ScTestWebdriver
{
  GSubprocess *process;
  SoupSession *http;
  char *session; /* its URL */
};

/* ---- HTTP ---- */

/* Returns: (transfer full): the answer's value, NULL with an error status */
static JsonNode *
try_request (ScTestWebdriver *self, const char *method, const char *url, const char *body)
{
  g_autoptr (SoupMessage) message = soup_message_new (method, url);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  GAsyncResult *place = NULL;

  if (body != NULL)
    {
      g_autoptr (GBytes) content = g_bytes_new (body, strlen (body));
      soup_message_set_request_body_from_bytes (message, "application/json", content);
    }
  soup_session_send_and_read_async (self->http, message, G_PRIORITY_DEFAULT, NULL,
                                    sc_test_result_cb, &place);
  result = sc_test_wait_result (&place);
  bytes = soup_session_send_and_read_finish (self->http, result, &error);
  g_assert_no_error (error);
  json_parser_load_from_data (parser, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                              &error);
  g_assert_no_error (error);
  if (soup_message_get_status (message) == SOUP_STATUS_OK)
    return json_node_copy (
      json_object_get_member (json_node_get_object (json_parser_get_root (parser)), "value"));
  g_info ("%s %s: %.*s", method, url, (int) g_bytes_get_size (bytes),
          (const char *) g_bytes_get_data (bytes, NULL));
  return NULL;
}

static JsonNode *
try_command (ScTestWebdriver *self, const char *method, const char *path, const char *body)
{
  g_autofree char *url = g_strconcat (self->session, path, NULL);

  return try_request (self, method, url, body);
}

static JsonNode *
command (ScTestWebdriver *self, const char *method, const char *path, const char *body)
{
  JsonNode *value = try_command (self, method, path, body);

  if (value == NULL)
    g_error ("the browser did not do %s %s %s", method, path, body != NULL ? body : "");
  return value;
}

static void
do_command (ScTestWebdriver *self, const char *method, const char *path, const char *body)
{
  json_node_unref (command (self, method, path, body));
}

static char *
get_string (ScTestWebdriver *self, const char *path)
{
  g_autoptr (JsonNode) value = command (self, "GET", path, NULL);

  return json_node_dup_string (value);
}

/* One member of a JSON object as its text: Returns: (transfer full) */
static char *
build_body (const char *name, const char *value)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_string_member (object, name, value);
  json_node_set_object (node, object);
  return json_to_string (node, FALSE);
}

/* ---- start and end ---- */

/* Returns: (transfer full) (nullable): its port; %NULL when it ended instead */
static char *
read_port (GSubprocess *process)
{
  g_autoptr (GDataInputStream) lines =
    g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));

  while (TRUE)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autofree char *line = NULL;
      g_autoptr (GError) error = NULL;
      GAsyncResult *place = NULL;

      g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT, NULL, sc_test_result_cb,
                                           &place);
      result = sc_test_wait_result (&place);
      line = g_data_input_stream_read_line_finish (lines, result, NULL, &error);
      g_assert_no_error (error);
      if (line == NULL)
        return NULL;
      if (g_str_has_prefix (line, READY_PREFIX))
        return g_strndup (line + strlen (READY_PREFIX),
                          strspn (line + strlen (READY_PREFIX), "0123456789"));
    }
}

/* The answer to a step does not wait until the next page is there: that is another step's. */
static void
attach (ScTestWebdriver *self, const char *driver_url, const char *debugger_address)
{
  g_autofree char *url = g_strconcat (driver_url, "/session", NULL);
  g_autofree char *body = g_strdup_printf (
    "{\"capabilities\":{\"alwaysMatch\":{\"pageLoadStrategy\":\"none\","
    "\"timeouts\":{\"implicit\":%d},\"goog:chromeOptions\":{\"debuggerAddress\":\"%s\"}}}}",
    SC_TEST_CEILING * 1000, debugger_address);
  g_autoptr (JsonNode) value = try_request (self, "POST", url, body);

  g_assert_nonnull (value);
  self->session = g_strconcat (
    url, "/", json_object_get_string_member (json_node_get_object (value), "sessionId"), NULL);
}

static char *
spawn (ScTestWebdriver *self)
{
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GError) error = NULL;

  sc_test_child_end_with_parent (launcher);
  self->process = g_subprocess_launcher_spawn (launcher, &error, "chromedriver", "--port=0", NULL);
  g_assert_no_error (error);
  return read_port (self->process);
}

ScTestWebdriver *
sc_test_webdriver_start (const char *debugger_address)
{
  ScTestWebdriver *self = g_new0 (ScTestWebdriver, 1);
  g_autofree char *port = NULL;
  g_autofree char *url = NULL;

  /* It takes a free port of IPv4 and ends when another program has the same one of IPv6. */
  for (int i = 0; port == NULL && i < MAX_STARTS; i++)
    {
      g_clear_object (&self->process);
      port = spawn (self);
    }
  g_assert_nonnull (port);
  url = g_strconcat ("http://127.0.0.1:", port, NULL);
  self->http = soup_session_new_with_options ("proxy-resolver", NULL, NULL);
  attach (self, url, debugger_address);
  return self;
}

void
sc_test_webdriver_close_browser (ScTestWebdriver *self)
{
  g_autoptr (JsonNode) value =
    try_command (self, "POST", "/goog/cdp/execute", "{\"cmd\":\"Browser.close\",\"params\":{}}");
}

void
sc_test_webdriver_stop (ScTestWebdriver *self)
{
  if (self == NULL)
    return;
  g_subprocess_force_exit (self->process);
  g_subprocess_wait (self->process, NULL, NULL);
  g_object_unref (self->process);
  g_object_unref (self->http);
  g_free (self->session);
  g_free (self);
}

/* ---- tabs ---- */

typedef struct
{
  ScTestWebdriver *driver;
  const char *prefix;
} PageWait;

/* A tab may go while it is looked at. */
static gboolean
enter_page (ScTestWebdriver *self, const char *handle, const char *prefix)
{
  g_autofree char *body = build_body ("handle", handle);
  g_autoptr (JsonNode) entered = try_command (self, "POST", "/window", body);
  g_autoptr (JsonNode) url = entered != NULL ? try_command (self, "GET", "/url", NULL) : NULL;

  return url != NULL && g_str_has_prefix (json_node_get_string (url), prefix);
}

static gboolean
find_page (gpointer user_data)
{
  const PageWait *wait = user_data;
  g_autoptr (JsonNode) handles = command (wait->driver, "GET", "/window/handles", NULL);
  JsonArray *array = json_node_get_array (handles);

  for (guint i = json_array_get_length (array); i > 0; i--)
    if (enter_page (wait->driver, json_array_get_string_element (array, i - 1), wait->prefix))
      return TRUE;
  return FALSE;
}

void
sc_test_webdriver_wait_page (ScTestWebdriver *self, const char *prefix)
{
  PageWait wait = { self, prefix };

  sc_test_wait_polling (find_page, &wait);
}

void
sc_test_webdriver_open_page (ScTestWebdriver *self, const char *url)
{
  g_autoptr (JsonNode) tab = command (self, "POST", "/window/new", "{\"type\":\"tab\"}");
  g_autofree char *handle =
    build_body ("handle", json_object_get_string_member (json_node_get_object (tab), "handle"));
  g_autofree char *body = build_body ("url", url);

  do_command (self, "POST", "/window", handle);
  do_command (self, "POST", "/url", body);
}

void
sc_test_webdriver_close_page (ScTestWebdriver *self)
{
  do_command (self, "DELETE", "/window", NULL);
}

/* ---- what a tab shows ---- */

/* Returns: (transfer full): the path of the element, which is waited for by chromedriver */
static char *
find_element (ScTestWebdriver *self, const char *selector)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) query = json_object_new ();
  g_autofree char *body = NULL;
  g_autoptr (JsonNode) found = NULL;

  json_object_set_string_member (query, "using", "css selector");
  json_object_set_string_member (query, "value", selector);
  json_node_set_object (node, query);
  body = json_to_string (node, FALSE);
  found = command (self, "POST", "/element", body);
  return g_strconcat (
    "/element/", json_object_get_string_member (json_node_get_object (found), ELEMENT_KEY), NULL);
}

void
sc_test_webdriver_click (ScTestWebdriver *self, const char *selector)
{
  g_autofree char *element = find_element (self, selector);
  g_autofree char *path = g_strconcat (element, "/click", NULL);

  do_command (self, "POST", path, "{}");
}

char *
sc_test_webdriver_get_text (ScTestWebdriver *self, const char *selector)
{
  g_autofree char *element = find_element (self, selector);
  g_autofree char *path = g_strconcat (element, "/text", NULL);

  return get_string (self, path);
}

char *
sc_test_webdriver_get_title (ScTestWebdriver *self)
{
  return get_string (self, "/title");
}

char *
sc_test_webdriver_get_url (ScTestWebdriver *self)
{
  return get_string (self, "/url");
}

void
sc_test_webdriver_save_screenshot (ScTestWebdriver *self, const char *path)
{
  g_autofree char *text = get_string (self, "/screenshot");
  g_autoptr (GError) error = NULL;
  gsize length;
  guchar *image = g_base64_decode_inplace (text, &length);

  g_file_set_contents (path, (const char *) image, length, &error);
  g_assert_no_error (error);
}
