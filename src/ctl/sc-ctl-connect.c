// SPDX-License-Identifier: MIT
// sikkactl connect: prints the address, then waits for the browser's answer to arrive at the agent.

#define G_LOG_DOMAIN "sc-ctl"

#include <stdio.h>

#include <glib/gi18n.h>

#include "sc-ctl-ask.h"
#include "sc-ctl-console.h"
#include "sc-ctl-error-text.h"
#include "sc-ctl-json.h"
#include "sc-ctl-print.h"
#include "sc-ctl-state.h"
#include "sc-ctl-summary.h"
#include "sc-ctl-text.h"
#include "sc-ctl.h"

#define CANCEL_TIMEOUT_MS 5000

typedef struct
{
  gboolean started;
  guint transaction;
  GVariant *finished; /* (usss): the newest TransactionFinished; may come before Connect answers */
  gboolean ending;    /* the outcome is known, or the person gave up */
  gboolean reading;   /* the properties are on their way */
  gboolean read_again;
  gboolean address_shown;
  gboolean asked;
  guint timeout;
  const char *give_up_id; /* why this side ended it */
} Connect;

static void
connect_free (gpointer data)
{
  Connect *self = data;

  g_clear_pointer (&self->finished, g_variant_unref);
  g_clear_handle_id (&self->timeout, g_source_remove);
  g_free (self);
}

/* With --json, standard output is for the one object. */
static void
print_progress (ScCtl *ctl, const char *sentence)
{
  if (ctl->options->json)
    sc_ctl_print_note ("%s", sentence);
  else
    sc_ctl_print ("%s", sentence);
  fflush (stdout);
}

/* --- the end --- */

static const struct
{
  const char *outcome;
  ScCtlExit exit;
  const char *error_id; /* when the agent named none */
} outcomes[] = {
  { "returned", SC_CTL_EXIT_OK, "" },
  { "cancelled", SC_CTL_EXIT_CANCELLED, "cancelled" },
  { "denied", SC_CTL_EXIT_CANCELLED, "oauth-denied" },
  { "timed-out", SC_CTL_EXIT_CANCELLED, "oauth-timed-out" },
  { "declined", SC_CTL_EXIT_CANCELLED, "practice-declined" },
  { "failed", SC_CTL_EXIT_FAILED, "failed" },
};

static gsize
find_outcome (const char *outcome)
{
  for (gsize i = 0; i < G_N_ELEMENTS (outcomes); i++)
    if (g_str_equal (outcomes[i].outcome, outcome))
      return i;

  return G_N_ELEMENTS (outcomes) - 1;
}

static void
print_outcome_json (GVariant *finished, GVariant *state, gsize row, const char *error_id)
{
  g_autoptr (JsonBuilder) builder = sc_ctl_json_begin ("connect", outcomes[row].exit);
  const char *reference;

  g_variant_get_child (finished, 3, "&s", &reference);
  sc_ctl_json_add_string (builder, "outcome", outcomes[row].outcome);
  sc_ctl_summary_add (builder, state);
  sc_ctl_json_add_error (builder, error_id, "", reference);
  sc_ctl_json_print (builder);
}

static void
print_outcome_text (GVariant *finished, gsize row, const char *error_id)
{
  g_autofree char *reference = NULL;
  const char *raw_reference;

  g_variant_get_child (finished, 3, "&s", &raw_reference);
  reference = sc_ctl_text_clean (raw_reference);
  if (outcomes[row].exit == SC_CTL_EXIT_OK)
    sc_ctl_print ("%s", _ ("Authorized. Run \"sikkactl check\" to verify the connection."));
  else
    sc_ctl_print_error (error_id, "", reference);
}

static void
final_state_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ScCtl *ctl = user_data;
  const Connect *self = ctl->data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) state = sc_ctl_agent_read_finish (result, &error);
  const char *outcome;
  const char *error_id;
  gsize row;

  if (state == NULL)
    {
      sc_ctl_fail (ctl, error);
      return;
    }

  g_variant_get_child (self->finished, 1, "&s", &outcome);
  g_variant_get_child (self->finished, 2, "&s", &error_id);
  row = find_outcome (outcome);
  if (outcomes[row].exit == SC_CTL_EXIT_OK || *error_id == '\0')
    error_id = outcomes[row].error_id;
  if (ctl->options->json)
    print_outcome_json (self->finished, state, row, error_id);
  else
    print_outcome_text (self->finished, row, error_id);
  sc_ctl_finish (ctl, outcomes[row].exit);
}

static void
end_when_finished (ScCtl *ctl)
{
  Connect *self = ctl->data;
  guint transaction;

  if (self->ending || !self->started || self->finished == NULL)
    return;
  /* The address is the first line, also of a sign-in that is over in the same instant. */
  if (self->reading && !self->address_shown)
    return;

  g_variant_get_child (self->finished, 0, "u", &transaction);
  if (transaction != self->transaction)
    return;

  self->ending = TRUE;
  sc_ctl_agent_read_async (ctl->agent, ctl->cancellable, final_state_read_cb, ctl);
}

static void
transaction_finished_cb (ScAgent1 *agent,
                         guint transaction,
                         const char *outcome,
                         const char *error_id,
                         const char *reference,
                         gpointer user_data)
{
  ScCtl *ctl = user_data;
  Connect *self = ctl->data;

  g_clear_pointer (&self->finished, g_variant_unref);
  self->finished =
    g_variant_ref_sink (g_variant_new ("(usss)", transaction, outcome, error_id, reference));
  end_when_finished (ctl);
}

static void
owner_changed_cb (GObject *agent, GParamSpec *pspec, gpointer user_data)
{
  g_autofree char *owner = g_dbus_proxy_get_name_owner (G_DBUS_PROXY (agent));

  if (owner == NULL)
    sc_ctl_fail_with_id (user_data, SC_CTL_ERROR_NOT_REACHABLE, "", "");
}

/* --- giving up --- */

static void
cancelled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ScCtl *ctl = user_data;
  const Connect *self = ctl->data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_proxy_call_finish (G_DBUS_PROXY (source), result, &error);

  if (reply == NULL && !ctl->ended)
    print_progress (ctl,
                    _ ("The agent did not confirm; the page in the browser may still be valid."));
  sc_ctl_fail_with_id (ctl, self->give_up_id, "", "");
}

/* The agent has to hear of it: an address that nobody waits for must not be good for anything. */
static void
give_up (ScCtl *ctl, const char *id)
{
  Connect *self = ctl->data;

  if (self->ending)
    return;

  self->ending = TRUE;
  self->give_up_id = id;
  g_dbus_proxy_call (G_DBUS_PROXY (ctl->agent), "Cancel", NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START,
                     CANCEL_TIMEOUT_MS, NULL, cancelled_cb, ctl);
}

static void
interrupted (ScCtl *ctl)
{
  give_up (ctl, "cancelled");
}

static gboolean
timed_out_cb (gpointer user_data)
{
  ScCtl *ctl = user_data;
  Connect *self = ctl->data;

  self->timeout = 0;
  give_up (ctl, "oauth-timed-out");
  return G_SOURCE_REMOVE;
}

/* --- another practice --- */

static void
confirmed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ScCtl *ctl = user_data;
  g_autoptr (GError) error = NULL;

  if (!sc_agent1_call_confirm_practice_finish (SC_AGENT1 (source), result, &error))
    sc_ctl_fail (ctl, error);
}

static void
confirm (ScCtl *ctl, gboolean accept)
{
  sc_agent1_call_confirm_practice (ctl->agent, accept, ctl->cancellable, confirmed_cb, ctl);
}

static void
practice_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ScCtl *ctl = user_data;
  const Connect *self = ctl->data;
  g_autofree char *answer = sc_ctl_ask_finish (result, NULL);

  if (ctl->ended || self->ending)
    return;

  /* Translators: the answer that means yes, one small letter, as in [y/N] */
  confirm (ctl, answer != NULL && (g_ascii_strcasecmp (answer, "y") == 0 ||
                                   g_ascii_strcasecmp (answer, "yes") == 0 ||
                                   g_ascii_strcasecmp (answer, _ ("y")) == 0));
}

static void
ask_practice (ScCtl *ctl, const char *practice)
{
  g_autofree char *question = NULL;

  if (!sc_ctl_console_is_interactive ())
    {
      print_progress (ctl, _ ("Nobody can be asked here, so it is declined. Scripts pass "
                              "--accept-practice with its name."));
      confirm (ctl, FALSE);
      return;
    }

  /* Translators: %s is the practice; keep the capital for the answer that a bare Enter gives */
  question = g_strdup_printf (_ ("Connect this PC to %s instead? [y/N]"), practice);
  sc_ctl_ask_async (question, ctl->cancellable, practice_answered_cb, ctl);
}

static void
decide_practice (ScCtl *ctl, const char *name, const char *pms)
{
  const char *accepted = ctl->options->accept_practice;
  g_autofree char *practice = sc_ctl_text_name_practice (name, pms);
  /* Translators: %s is the practice */
  g_autofree char *found =
    g_strdup_printf (_ ("Another practice was signed in than before: %s."), practice);

  print_progress (ctl, found);
  if (accepted == NULL)
    {
      ask_practice (ctl, practice);
      return;
    }

  if (!sc_ctl_text_is_same_name (accepted, name))
    print_progress (ctl, _ ("That is not the one named by --accept-practice, so it is declined."));
  confirm (ctl, sc_ctl_text_is_same_name (accepted, name));
}

/* --- while the browser is open --- */

/* An address goes to a terminal, a mail, a browser: it has to be one, in plain characters. */
static gboolean
is_address (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isgraph (*p))
      return FALSE;

  return (g_str_has_prefix (text, "https://") || g_str_has_prefix (text, "http://")) &&
         g_uri_is_valid (text, G_URI_FLAGS_NONE, NULL);
}

static void
show_address (ScCtl *ctl, const char *address)
{
  Connect *self = ctl->data;

  if (!is_address (address))
    {
      give_up (ctl, SC_CTL_ERROR_ANSWER);
      return;
    }

  self->address_shown = TRUE;
  print_progress (ctl, address);
  if (ctl->options->no_browser)
    print_progress (ctl, _ ("Open this address in a browser on this PC. Ctrl-C cancels."));
  else
    print_progress (ctl, _ ("The browser opens this address. Sign in there; Ctrl-C cancels."));
}

static void
look (ScCtl *ctl, GVariant *state)
{
  Connect *self = ctl->data;
  const char *address = sc_ctl_state_get_string (state, "AuthorizationUrl");
  g_autofree char *name = NULL;
  g_autofree char *pms = NULL;

  if (!self->address_shown && *address != '\0')
    show_address (ctl, address);
  if (self->ending || self->asked || !sc_ctl_state_get_new_practice (state, &name, &pms))
    return;

  self->asked = TRUE;
  decide_practice (ctl, name, pms);
}

static void read_state (ScCtl *ctl);

static void
state_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ScCtl *ctl = user_data;
  Connect *self = ctl->data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) state = sc_ctl_agent_read_finish (result, &error);

  self->reading = FALSE;
  if (self->ending)
    return;
  if (state == NULL)
    {
      sc_ctl_fail (ctl, error);
      return;
    }

  look (ctl, state);
  end_when_finished (ctl);
  if (self->read_again && !self->ending)
    read_state (ctl);
}

static void
read_state (ScCtl *ctl)
{
  Connect *self = ctl->data;

  self->read_again = self->reading;
  if (self->reading)
    return;

  self->reading = TRUE;
  sc_ctl_agent_read_async (ctl->agent, ctl->cancellable, state_read_cb, ctl);
}

static void
properties_changed_cb (GDBusProxy *agent, GVariant *changed, GStrv invalidated, gpointer user_data)
{
  ScCtl *ctl = user_data;
  const Connect *self = ctl->data;

  if (self->started && !self->ending)
    read_state (ctl);
}

static void
connect_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ScCtl *ctl = user_data;
  Connect *self = ctl->data;
  g_autoptr (GError) error = NULL;

  if (!sc_agent1_call_connect_finish (SC_AGENT1 (source), &self->transaction, result, &error))
    {
      if (!self->ending)
        sc_ctl_fail (ctl, error);
      return;
    }

  self->started = TRUE;
  read_state (ctl);
  end_when_finished (ctl);
}

/* What lets the agent's browser window come to the front. */
static GVariant *
get_platform_data (void)
{
  const char *token = g_getenv ("XDG_ACTIVATION_TOKEN");
  const char *startup_id = g_getenv ("DESKTOP_STARTUP_ID");
  GVariantBuilder data;

  g_variant_builder_init (&data, G_VARIANT_TYPE_VARDICT);
  if (token != NULL && g_utf8_validate (token, -1, NULL))
    g_variant_builder_add (&data, "{sv}", "activation-token", g_variant_new_string (token));
  if (startup_id != NULL && g_utf8_validate (startup_id, -1, NULL))
    g_variant_builder_add (&data, "{sv}", "desktop-startup-id", g_variant_new_string (startup_id));

  return g_variant_builder_end (&data);
}

void
sc_ctl_connect_run (ScCtl *ctl)
{
  Connect *self = g_new0 (Connect, 1);
  GVariantBuilder options;

  sc_ctl_set_data (ctl, self, connect_free);
  sc_ctl_set_interrupted (ctl, interrupted);
  g_signal_connect (ctl->agent, "transaction-finished", G_CALLBACK (transaction_finished_cb), ctl);
  g_signal_connect (ctl->agent, "g-properties-changed", G_CALLBACK (properties_changed_cb), ctl);
  g_signal_connect (ctl->agent, "notify::g-name-owner", G_CALLBACK (owner_changed_cb), ctl);
  if (ctl->options->timeout > 0)
    self->timeout = g_timeout_add_seconds ((guint) ctl->options->timeout, timed_out_cb, ctl);

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "open-browser",
                         g_variant_new_boolean (!ctl->options->no_browser));
  sc_agent1_call_connect (ctl->agent, g_variant_builder_end (&options), get_platform_data (),
                          ctl->cancellable, connect_answered_cb, ctl);
}
