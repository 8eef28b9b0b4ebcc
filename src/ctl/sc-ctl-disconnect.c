// SPDX-License-Identifier: MIT
// sikkactl disconnect: ends this PC's permission, or with --practice the practice's connection.

#define G_LOG_DOMAIN "sc-ctl"

#include <glib/gi18n.h>

#include "sc-ctl-ask.h"
#include "sc-ctl-error-text.h"
#include "sc-ctl-json.h"
#include "sc-ctl-print.h"
#include "sc-ctl-state.h"
#include "sc-ctl-text.h"
#include "sc-ctl.h"

/* Read before anything is asked, so that what is confirmed is what is sent. */
typedef struct
{
  char *name;
  char *pms;
} Practice;

static void
practice_free (gpointer data)
{
  Practice *practice = data;

  g_free (practice->name);
  g_free (practice->pms);
  g_free (practice);
}

static const char *
get_scope (ScCtl *ctl)
{
  return ctl->options->practice ? "practice" : "this-pc";
}

static void
print_json (ScCtl *ctl, gboolean changed)
{
  const Practice *practice = ctl->data;
  g_autoptr (JsonBuilder) builder = sc_ctl_json_begin ("disconnect", SC_CTL_EXIT_OK);

  sc_ctl_json_add_string (builder, "scope", get_scope (ctl));
  sc_ctl_json_add_boolean (builder, "changed", changed);
  sc_ctl_json_add_practice (builder, practice->name, practice->pms, "");
  sc_ctl_json_add_error (builder, "", "", "");
  sc_ctl_json_print (builder);
}

static void
print_text (ScCtl *ctl, gboolean changed)
{
  const Practice *practice = ctl->data;
  g_autofree char *name = sc_ctl_text_name_practice (practice->name, practice->pms);

  if (!changed)
    sc_ctl_print ("%s", _ ("There is nothing to disconnect: this PC is not connected."));
  else if (ctl->options->practice)
    /* Translators: %s is the practice */
    sc_ctl_print (_ ("The practice is disconnected: %s."), name);
  else
    sc_ctl_print ("%s", _ ("This PC is disconnected."));
}

static void
succeed (ScCtl *ctl, gboolean changed)
{
  if (ctl->options->json)
    print_json (ctl, changed);
  else
    print_text (ctl, changed);
  sc_ctl_finish (ctl, SC_CTL_EXIT_OK);
}

static void
disconnected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ScCtl *ctl = user_data;
  g_autoptr (GError) error = NULL;

  if (sc_agent1_call_disconnect_finish (SC_AGENT1 (source), result, &error))
    succeed (ctl, TRUE);
  else
    sc_ctl_fail (ctl, error);
}

/* There is nobody left to click Undo when this program has ended. */
static void
disconnect (ScCtl *ctl)
{
  const Practice *practice = ctl->data;
  GVariantBuilder options;

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "immediate", g_variant_new_boolean (TRUE));
  if (ctl->options->practice)
    g_variant_builder_add (&options, "{sv}", "practice-name",
                           g_variant_new_string (practice->name));
  sc_agent1_call_disconnect (ctl->agent, get_scope (ctl), g_variant_builder_end (&options),
                             ctl->cancellable, disconnected_cb, ctl);
}

static gboolean
is_confirmed (ScCtl *ctl, const char *typed)
{
  const Practice *practice = ctl->data;

  if (ctl->options->practice)
    return sc_ctl_text_is_same_name (typed, practice->name);

  /* Translators: what has to be typed, as in: Type "yes" to go on: */
  return g_ascii_strcasecmp (typed, "yes") == 0 || g_str_equal (typed, _ ("yes"));
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ScCtl *ctl = user_data;
  g_autofree char *typed = sc_ctl_ask_finish (result, NULL);

  if (ctl->ended)
    return;
  if (typed != NULL && is_confirmed (ctl, typed))
    disconnect (ctl);
  else
    sc_ctl_fail_with_id (ctl, SC_CTL_ERROR_NOT_CONFIRMED, "", "");
}

static void
ask (ScCtl *ctl)
{
  const Practice *practice = ctl->data;
  g_autofree char *name = sc_ctl_text_name_practice (practice->name, practice->pms);
  g_autofree char *typed = sc_ctl_text_clean (practice->name);

  if (ctl->options->practice)
    {
      /* Translators: %s is the practice */
      sc_ctl_print_note (_ ("This ends the connection of the whole practice %s, on every PC."),
                         name);
      /* Translators: %s is the practice's name */
      sc_ctl_print_note (_ ("Type its name to go on: %s"), typed);
      sc_ctl_ask_async (">", ctl->cancellable, answered_cb, ctl);
      return;
    }

  /* Translators: %s is the practice */
  sc_ctl_print_note (_ ("This ends the connection of this PC to %s."), name);
  sc_ctl_ask_async (_ ("Type \"yes\" to go on:"), ctl->cancellable, answered_cb, ctl);
}

static void
decide (ScCtl *ctl, GVariant *state)
{
  const Practice *practice = ctl->data;

  if (!ctl->options->practice && g_str_equal (sc_ctl_state_get_string (state, "Phase"), "pending"))
    succeed (ctl, FALSE);
  else if (ctl->options->practice && *practice->name == '\0')
    sc_ctl_fail_with_id (ctl, "not-connected", "", "");
  else if (ctl->options->yes)
    disconnect (ctl);
  else
    ask (ctl);
}

static void
state_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ScCtl *ctl = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) state = sc_ctl_agent_read_finish (result, &error);
  Practice *practice;

  if (state == NULL)
    {
      sc_ctl_fail (ctl, error);
      return;
    }

  practice = g_new0 (Practice, 1);
  practice->name = g_strdup (sc_ctl_state_get_string (state, "PracticeName"));
  practice->pms = g_strdup (sc_ctl_state_get_string (state, "PmsType"));
  sc_ctl_set_data (ctl, practice, practice_free);
  decide (ctl, state);
}

void
sc_ctl_disconnect_run (ScCtl *ctl)
{
  sc_ctl_agent_read_async (ctl->agent, ctl->cancellable, state_read_cb, ctl);
}
