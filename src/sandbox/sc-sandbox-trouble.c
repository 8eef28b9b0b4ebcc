// SPDX-License-Identifier: MIT
// The scenarios that spoil an answer whatever it would have been.

#define G_LOG_DOMAIN "sc-sandbox"

#include "sc-sandbox-trouble.h"

#include "sc-sandbox-answer.h"

#include <string.h>

#define API_PREFIX "/api/pms/"
#define CALLBACK_PREFIX "/api/pms/sikka/"
#define CONTROL_PREFIX "/sandbox/"
#define SLOW_MS 2000
#define HUGE_SIZE (16 * 1024 * 1024)

typedef struct
{
  ScSandboxRequest *request;
  void (*resume) (ScSandboxRequest *request);
} Late;

static gboolean
time_passed_cb (gpointer user_data)
{
  Late *late = user_data;

  late->resume (late->request);
  sc_sandbox_request_release (late->request);
  g_free (late);

  return G_SOURCE_REMOVE;
}

static void
answer_late (ScSandboxRequest *request, void (*resume) (ScSandboxRequest *request))
{
  Late *late = g_new0 (Late, 1);

  late->request = sc_sandbox_request_hold (request);
  late->resume = resume;
  g_timeout_add (SLOW_MS, time_passed_cb, late);
}

static void
answer_rate_limited (ScSandboxRequest *request)
{
  sc_sandbox_answer_set_header (request, "Retry-After", "30");
  sc_sandbox_answer_error (request, 429, "rate_limited", "too many requests");
}

static void
answer_unavailable (ScSandboxRequest *request)
{
  sc_sandbox_answer_set_header (request, "Retry-After", "120");
  sc_sandbox_answer_error (request, SOUP_STATUS_SERVICE_UNAVAILABLE, "unavailable",
                           "down for maintenance");
}

static void
answer_garbage (ScSandboxRequest *request)
{
  sc_sandbox_answer_page (request, SOUP_STATUS_OK,
                          "<!DOCTYPE html><title>Welcome</title><h1>Sign in to the Wi-Fi</h1>");
}

static void
answer_truncated (ScSandboxRequest *request)
{
  static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                               "Content-Length: 4096\r\n\r\n{\"isConnected\":true,\"status\":\"co";
  g_autoptr (GBytes) bytes = g_bytes_new_static (answer, strlen (answer));

  sc_sandbox_answer_raw (request, bytes);
}

/* Valid JSON, so that only its size can be what a client minds; ended by closing the connection, so
 * that the size cannot be read off a header. */
static void
answer_huge (ScSandboxRequest *request)
{
  static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                             "Connection: close\r\n\r\n{\"status\":\"connected\",\"filler\":\"";
  GByteArray *array = g_byte_array_sized_new (HUGE_SIZE + sizeof head + 2);
  g_autoptr (GBytes) bytes = NULL;

  g_byte_array_append (array, (const guint8 *) head, strlen (head));
  g_byte_array_set_size (array, strlen (head) + HUGE_SIZE);
  memset (array->data + strlen (head), 'x', HUGE_SIZE);
  g_byte_array_append (array, (const guint8 *) "\"}", 2);
  bytes = g_byte_array_free_to_bytes (array);
  sc_sandbox_answer_raw (request, bytes);
}

static void
answer_wrong_type (ScSandboxRequest *request)
{
  static const char *const names[] = { "status",       "success",    "connectionStatus",
                                       "access_token", "token_type", "practiceName" };
  JsonObject *answer = json_object_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    json_object_set_int_member (answer, names[i], 5);
  json_object_set_string_member (answer, "isConnected", "yes");
  json_object_set_string_member (answer, "dataSync", "fresh");
  json_object_set_boolean_member (answer, "locations", TRUE);
  sc_sandbox_answer_json (request, SOUP_STATUS_OK, answer);
}

static const struct
{
  ScSandboxScenario scenario;
  void (*answer) (ScSandboxRequest *request);
} troubles[] = {
  { SC_SANDBOX_SCENARIO_RATE_LIMITED, answer_rate_limited },
  { SC_SANDBOX_SCENARIO_HANGS, sc_sandbox_answer_never },
  { SC_SANDBOX_SCENARIO_GARBAGE, answer_garbage },
  { SC_SANDBOX_SCENARIO_TRUNCATED, answer_truncated },
  { SC_SANDBOX_SCENARIO_HUGE, answer_huge },
  { SC_SANDBOX_SCENARIO_WRONG_TYPE, answer_wrong_type },
  { SC_SANDBOX_SCENARIO_UNAVAILABLE, answer_unavailable },
};

/* Without a path of its own a scenario is for the API, but not for the page in the middle of it
 * that only a browser sees. */
static gboolean
is_meant (ScSandboxRequest *request)
{
  const char *prefix = sc_sandbox_get_trouble_prefix (request->sandbox);

  if (g_str_has_prefix (request->path, CONTROL_PREFIX))
    return FALSE;
  if (prefix != NULL)
    return g_str_has_prefix (request->path, prefix);

  return g_str_has_prefix (request->path, API_PREFIX) &&
         !g_str_has_prefix (request->path, CALLBACK_PREFIX);
}

gboolean
sc_sandbox_trouble_apply (ScSandboxRequest *request, void (*resume) (ScSandboxRequest *request))
{
  if (!is_meant (request))
    return FALSE;

  if (sc_sandbox_has_scenario (request->sandbox, SC_SANDBOX_SCENARIO_SLOW))
    {
      answer_late (request, resume);
      return TRUE;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (troubles); i++)
    {
      if (sc_sandbox_has_scenario (request->sandbox, troubles[i].scenario))
        {
          troubles[i].answer (request);
          return TRUE;
        }
    }

  return FALSE;
}
