// SPDX-License-Identifier: MIT
// The sandbox as a whole: one port, the parts behind it, and what they share.

#define G_LOG_DOMAIN "sc-sandbox"

#include "sc-sandbox.h"

#include "sc-sandbox-answer.h"
#include "sc-sandbox-cloud.h"
#include "sc-sandbox-control.h"
#include "sc-sandbox-grant.h"
#include "sc-sandbox-journal.h"
#include "sc-sandbox-oauth.h"
#include "sc-sandbox-portal.h"
#include "sc-sandbox-sikka.h"
#include "sc-sandbox-trouble.h"

#define CALLBACK_PATH "/api/pms/sikka/oauth/callback"
#define SKEW 3600

struct _ScSandbox
{
  SoupServer *server;
  char *url;
  char *public_url; /* (nullable) */
  char *callback_url;
  gint64 clock_offset;
  gboolean auto_approve;
  ScSandboxScenario scenario;
  char *trouble_prefix;
  JsonArray *secrets; /* (nullable) */
  ScSandboxJournal *journal;
  ScSandboxGrants *grants;
  ScSandboxSikka *sikka;
  ScSandboxCloud *cloud;
};

/* Each part has a table of its own and sees only what belongs to it. */
static void
dispatch (ScSandboxRequest *request)
{
  ScSandbox *self = request->sandbox;
  const struct
  {
    const ScSandboxRoute *routes;
    gpointer part;
  } parts[] = {
    { sc_sandbox_oauth_routes, self->grants }, { sc_sandbox_portal_routes, self },
    { sc_sandbox_sikka_routes, self->sikka },  { sc_sandbox_cloud_routes, self->cloud },
    { sc_sandbox_control_routes, self },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      if (sc_sandbox_request_route (request, parts[i].routes, parts[i].part))
        return;
    }
  sc_sandbox_answer_error (request, SOUP_STATUS_NOT_FOUND, "not_found", "nothing is here");
}

static void
skew_date (ScSandboxRequest *request)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) skewed = g_date_time_add_seconds (now, SKEW);
  g_autofree char *text = soup_date_time_to_string (skewed, SOUP_DATE_HTTP);

  sc_sandbox_answer_set_header (request, "Date", text);
}

static void
request_received_cb (SoupServer *server,
                     SoupServerMessage *message,
                     const char *path,
                     GHashTable *query,
                     gpointer user_data)
{
  ScSandbox *self = user_data;
  g_autoptr (ScSandboxRequest) request = sc_sandbox_request_new (self, message, path);

  /* SoupServer of libsoup 3.2 keeps the descriptor of a connection that its client has left. */
  sc_sandbox_answer_set_header (request, "Connection", "close");
  if (!g_str_has_prefix (path, "/sandbox/"))
    sc_sandbox_journal_record (self->journal, message, path);
  if (sc_sandbox_has_scenario (self, SC_SANDBOX_SCENARIO_CLOCK_SKEW))
    skew_date (request);
  if (!sc_sandbox_trouble_apply (request, dispatch))
    dispatch (request);
}

static gboolean
open_parts (ScSandbox *self, const char *state_dir, GError **error)
{
  self->journal = sc_sandbox_journal_new ();
  self->grants = sc_sandbox_grants_new (state_dir, error);
  if (self->grants == NULL)
    return FALSE;
  self->sikka = sc_sandbox_sikka_new (state_dir, error);
  if (self->sikka == NULL)
    return FALSE;
  self->cloud = sc_sandbox_cloud_new (self, state_dir, error);

  return self->cloud != NULL;
}

static gboolean
start_listening (ScSandbox *self, guint16 port, GError **error)
{
  g_autoslist (GUri) uris = NULL;

  self->server = soup_server_new ("server-header", "sikka-sandbox", NULL);
  soup_server_add_handler (self->server, NULL, request_received_cb, self, NULL);
  if (!soup_server_listen_local (self->server, port, SOUP_SERVER_LISTEN_IPV4_ONLY, error))
    return FALSE;

  uris = soup_server_get_uris (self->server);
  self->url = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  self->callback_url = g_strconcat (sc_sandbox_get_public_url (self), CALLBACK_PATH, NULL);

  return TRUE;
}

ScSandbox *
sc_sandbox_new (const ScSandboxOptions *options, GError **error)
{
  g_autoptr (ScSandbox) self = g_new0 (ScSandbox, 1);

  g_return_val_if_fail (options != NULL, NULL);

  self->auto_approve = options->auto_approve;
  self->public_url = g_strdup (options->public_url);
  if (options->tell_secrets)
    self->secrets = json_array_new ();
  if (!open_parts (self, options->state_dir, error) ||
      !start_listening (self, options->port, error))
    return NULL;
  sc_sandbox_set_scenario (self, options->scenario, NULL);

  return g_steal_pointer (&self);
}

void
sc_sandbox_free (ScSandbox *self)
{
  if (self->server != NULL)
    soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  g_clear_pointer (&self->cloud, sc_sandbox_cloud_free);
  g_clear_pointer (&self->sikka, sc_sandbox_sikka_free);
  g_clear_pointer (&self->grants, sc_sandbox_grants_free);
  g_clear_pointer (&self->journal, sc_sandbox_journal_free);
  g_clear_pointer (&self->secrets, json_array_unref);
  g_free (self->trouble_prefix);
  g_free (self->callback_url);
  g_free (self->public_url);
  g_free (self->url);
  g_free (self);
}

const char *
sc_sandbox_get_url (ScSandbox *self)
{
  return self->url;
}

const char *
sc_sandbox_get_public_url (ScSandbox *self)
{
  return self->public_url != NULL ? self->public_url : self->url;
}

const char *
sc_sandbox_get_callback_url (ScSandbox *self)
{
  return self->callback_url;
}

gint64
sc_sandbox_get_now (ScSandbox *self)
{
  return g_get_real_time () / G_USEC_PER_SEC + self->clock_offset;
}

void
sc_sandbox_advance_clock (ScSandbox *self, gint64 seconds)
{
  self->clock_offset += seconds;
}

char *
sc_sandbox_format_time (gint64 time)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (time);

  return g_date_time_format_iso8601 (date);
}

gboolean
sc_sandbox_get_auto_approve (ScSandbox *self)
{
  return self->auto_approve;
}

ScSandboxScenario
sc_sandbox_get_scenario (ScSandbox *self)
{
  return self->scenario;
}

gboolean
sc_sandbox_has_scenario (ScSandbox *self, ScSandboxScenario scenario)
{
  return self->scenario == scenario;
}

void
sc_sandbox_set_scenario (ScSandbox *self, ScSandboxScenario scenario, const char *prefix)
{
  self->scenario = scenario;
  g_free (self->trouble_prefix);
  self->trouble_prefix = g_strdup (prefix);
  sc_sandbox_sikka_enter (self->sikka, scenario);
  sc_sandbox_cloud_enter (self->cloud, scenario);
}

const char *
sc_sandbox_get_trouble_prefix (ScSandbox *self)
{
  return self->trouble_prefix;
}

void
sc_sandbox_note_secret (ScSandbox *self, const char *kind, const char *value)
{
  if (self->secrets != NULL && value != NULL)
    json_array_add_object_element (self->secrets,
                                   sc_sandbox_json_new ("kind", kind, "value", value, NULL));
}

JsonArray *
sc_sandbox_get_secrets (ScSandbox *self)
{
  return self->secrets;
}

ScSandboxGrants *
sc_sandbox_get_grants (ScSandbox *self)
{
  return self->grants;
}

ScSandboxSikka *
sc_sandbox_get_sikka (ScSandbox *self)
{
  return self->sikka;
}

ScSandboxCloud *
sc_sandbox_get_cloud (ScSandbox *self)
{
  return self->cloud;
}

ScSandboxJournal *
sc_sandbox_get_journal (ScSandbox *self)
{
  return self->journal;
}
