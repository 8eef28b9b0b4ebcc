// SPDX-License-Identifier: MIT
// sikkactl check: asks the cloud once, through the agent, and says what came of it.

#define G_LOG_DOMAIN "sc-ctl"

#include <glib/gi18n.h>

#include "sc-ctl-json.h"
#include "sc-ctl-light.h"
#include "sc-ctl-print.h"
#include "sc-ctl-state.h"
#include "sc-ctl-summary.h"
#include "sc-ctl-text.h"
#include "sc-ctl.h"

/* What the agent answered; of the state, only the words that explain it are taken. */
typedef struct
{
  char *status;
  char *error_id;
  char *reference;
} Answer;

static void
answer_free (gpointer data)
{
  Answer *answer = data;

  g_free (answer->status);
  g_free (answer->error_id);
  g_free (answer->reference);
  g_free (answer);
}

/* Still connected, as far as was known, but the check itself did not get through. */
static gboolean
is_incomplete (const Answer *answer)
{
  return *answer->error_id != '\0' && g_str_equal (answer->status, "connected");
}

static ScCtlExit
get_exit (const Answer *answer, GVariant *state)
{
  return is_incomplete (answer) ? SC_CTL_EXIT_FAILED : sc_ctl_state_get_exit (state);
}

static void
print_json (const Answer *answer, GVariant *state)
{
  g_autoptr (JsonBuilder) builder = sc_ctl_json_begin ("check", get_exit (answer, state));

  sc_ctl_summary_add (builder, state);
  sc_ctl_json_add_error (builder, answer->error_id, "", answer->reference);
  sc_ctl_light_add_all (builder, state);
  sc_ctl_json_print (builder);
}

static void
print_text (const Answer *answer, GVariant *state)
{
  gint64 now = sc_ctl_text_now ();

  if (is_incomplete (answer))
    sc_ctl_print ("%s", _ ("The check could not be completed. This is what was known before:"));
  sc_ctl_summary_print (state, now);
  sc_ctl_light_print_all (state, now, TRUE);
}

/* The answer decides over what was read a moment later, should the two differ. */
static GVariant *
apply_answer (const Answer *answer, GVariant *state)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, state);
  g_variant_dict_insert (&dict, "Status", "s", answer->status);
  g_variant_dict_insert (&dict, "ErrorId", "s", answer->error_id);
  g_variant_dict_insert (&dict, "Reference", "s", answer->reference);
  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

static void
state_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ScCtl *ctl = user_data;
  const Answer *answer = ctl->data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) read = sc_ctl_agent_read_finish (result, &error);
  g_autoptr (GVariant) state = NULL;

  if (read == NULL)
    {
      sc_ctl_fail (ctl, error);
      return;
    }

  state = apply_answer (answer, read);
  if (ctl->options->json)
    print_json (answer, state);
  else
    print_text (answer, state);
  sc_ctl_finish (ctl, get_exit (answer, state));
}

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ScCtl *ctl = user_data;
  g_autoptr (GError) error = NULL;
  Answer *answer = g_new0 (Answer, 1);

  sc_ctl_set_data (ctl, answer, answer_free);
  if (!sc_agent1_call_check_finish (SC_AGENT1 (source), &answer->status, &answer->error_id,
                                    &answer->reference, result, &error))
    sc_ctl_fail (ctl, error);
  else
    sc_ctl_agent_read_async (ctl->agent, ctl->cancellable, state_read_cb, ctl);
}

void
sc_ctl_check_run (ScCtl *ctl)
{
  sc_agent1_call_check (ctl->agent, g_variant_new ("a{sv}", NULL), ctl->cancellable, checked_cb,
                        ctl);
}
