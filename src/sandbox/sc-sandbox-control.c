// SPDX-License-Identifier: MIT
// The sandbox's own pages, for people and tests: request log, state, reports, scenario, clock.

#define G_LOG_DOMAIN "sc-sandbox"

#include "sc-sandbox-control.h"

#include "sc-sandbox-answer.h"
#include "sc-sandbox-cloud.h"
#include "sc-sandbox-grant.h"
#include "sc-sandbox-journal.h"
#include "sc-sandbox-sikka.h"

#include <gio/gio.h>

#define INDEX "/ca/parlae/SikkaSandbox/index.html"

static void
handle_index (gpointer part, ScSandboxRequest *request)
{
  g_autoptr (GBytes) resource = g_resources_lookup_data (INDEX, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autofree char *html =
    g_strndup (g_bytes_get_data (resource, NULL), g_bytes_get_size (resource));

  sc_sandbox_answer_page (request, SOUP_STATUS_OK, html);
}

static void
handle_requests (gpointer part, ScSandboxRequest *request)
{
  sc_sandbox_answer_json (request, SOUP_STATUS_OK,
                          sc_sandbox_journal_describe (sc_sandbox_get_journal (part)));
}

static void
handle_state (gpointer part, ScSandboxRequest *request)
{
  ScSandbox *sandbox = part;
  ScSandboxStore *store = sc_sandbox_get_cloud (sandbox)->store;
  JsonArray *grants = sc_sandbox_grants_describe (sc_sandbox_get_grants (sandbox));
  JsonObject *answer = sc_sandbox_json_new (
    "scenario", sc_sandbox_scenario_get_name (sc_sandbox_get_scenario (sandbox)), NULL);

  json_object_set_array_member (answer, "integrations", sc_sandbox_store_describe (store));
  json_object_set_int_member (answer, "reports", sc_sandbox_store_count_reports (store));
  json_object_set_int_member (answer, "grantCount", json_array_get_length (grants));
  json_object_set_array_member (answer, "grants", grants);
  sc_sandbox_answer_json (request, SOUP_STATUS_OK, answer);
}

static void
handle_reports (gpointer part, ScSandboxRequest *request)
{
  JsonObject *answer = json_object_new ();

  json_object_set_array_member (
    answer, "reports", sc_sandbox_store_describe_reports (sc_sandbox_get_cloud (part)->store));
  sc_sandbox_answer_json (request, SOUP_STATUS_OK, answer);
}

static void
handle_secrets (gpointer part, ScSandboxRequest *request)
{
  JsonArray *secrets = sc_sandbox_get_secrets (part);
  JsonObject *answer = NULL;

  if (secrets == NULL)
    {
      sc_sandbox_answer_error (request, SOUP_STATUS_NOT_FOUND, "not_found",
                               "only with --tell-secrets");
      return;
    }
  answer = json_object_new ();
  json_object_set_array_member (answer, "secrets", json_array_ref (secrets));
  sc_sandbox_answer_json (request, SOUP_STATUS_OK, answer);
}

static void
handle_scenario (gpointer part, ScSandboxRequest *request)
{
  g_autoptr (JsonObject) body = sc_sandbox_request_parse_json (request);
  ScSandboxScenario scenario;

  if (!sc_sandbox_scenario_find (sc_sandbox_json_get (body, "name"), &scenario))
    {
      sc_sandbox_answer_error (request, SOUP_STATUS_BAD_REQUEST, "invalid_request",
                               "name has to be one of those that --help lists");
      return;
    }
  sc_sandbox_set_scenario (part, scenario, sc_sandbox_json_get (body, "path"));
  sc_sandbox_answer_json (
    request, SOUP_STATUS_OK,
    sc_sandbox_json_new ("scenario", sc_sandbox_scenario_get_name (scenario), NULL));
}

static void
handle_clock (gpointer part, ScSandboxRequest *request)
{
  g_autoptr (JsonObject) body = sc_sandbox_request_parse_json (request);
  JsonNode *advance = body != NULL ? json_object_get_member (body, "advance") : NULL;

  if (advance == NULL || json_node_get_value_type (advance) != G_TYPE_INT64)
    {
      sc_sandbox_answer_error (request, SOUP_STATUS_BAD_REQUEST, "invalid_request",
                               "advance has to be a number of seconds");
      return;
    }
  sc_sandbox_advance_clock (part, json_node_get_int (advance));
  sc_sandbox_answer_empty (request, SOUP_STATUS_NO_CONTENT);
}

static void
handle_reset (gpointer part, ScSandboxRequest *request)
{
  ScSandbox *sandbox = part;

  sc_sandbox_grants_clear (sc_sandbox_get_grants (sandbox));
  sc_sandbox_sikka_clear (sc_sandbox_get_sikka (sandbox));
  sc_sandbox_store_clear (sc_sandbox_get_cloud (sandbox)->store);
  sc_sandbox_journal_clear (sc_sandbox_get_journal (sandbox));
  sc_sandbox_set_scenario (sandbox, SC_SANDBOX_SCENARIO_NONE, NULL);
  sc_sandbox_answer_empty (request, SOUP_STATUS_NO_CONTENT);
}

const ScSandboxRoute sc_sandbox_control_routes[] = {
  { "GET", "/", handle_index },
  { "GET", "/sandbox/requests", handle_requests },
  { "GET", "/sandbox/state", handle_state },
  { "GET", "/sandbox/reports", handle_reports },
  { "GET", "/sandbox/secrets", handle_secrets },
  { "POST", "/sandbox/scenario", handle_scenario },
  { "POST", "/sandbox/clock", handle_clock },
  { "POST", "/sandbox/reset", handle_reset },
  { NULL },
};
