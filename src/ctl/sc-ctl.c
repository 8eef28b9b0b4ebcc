// SPDX-License-Identifier: MIT
// The run of one command: its loop, the agent, what ends it.

#define G_LOG_DOMAIN "sc-ctl"

#include "sc-ctl.h"
#include "sc-ctl-console.h"
#include "sc-ctl-error-text.h"
#include "sc-ctl-json.h"
#include "sc-ctl-print.h"

void
sc_ctl_set_data (ScCtl *ctl, gpointer data, GDestroyNotify data_free)
{
  g_return_if_fail (ctl != NULL && ctl->data == NULL);

  ctl->data = data;
  ctl->data_free = data_free;
}

void
sc_ctl_set_interrupted (ScCtl *ctl, void (*interrupted) (ScCtl *ctl))
{
  g_return_if_fail (ctl != NULL);

  ctl->interrupted = interrupted;
}

void
sc_ctl_finish (ScCtl *ctl, ScCtlExit exit)
{
  g_return_if_fail (ctl != NULL);

  if (ctl->ended)
    return;

  ctl->ended = TRUE;
  ctl->exit = exit;
  /* Answers that are dispatched together with this one come back cancelled, and sc_ctl_fail() is
   * silent. */
  g_cancellable_cancel (ctl->cancellable);
  g_main_loop_quit (ctl->loop);
}

ScCtlExit
sc_ctl_exit_for_error (const char *id)
{
  static const struct
  {
    const char *id;
    ScCtlExit exit;
  } exits[] = {
    { "not-connected", SC_CTL_EXIT_NOT_CONNECTED },
    { "cancelled", SC_CTL_EXIT_CANCELLED },
    { "oauth-denied", SC_CTL_EXIT_CANCELLED },
    { "oauth-timed-out", SC_CTL_EXIT_CANCELLED },
    { "practice-declined", SC_CTL_EXIT_CANCELLED },
    { SC_CTL_ERROR_NOT_CONFIRMED, SC_CTL_EXIT_CANCELLED },
    { SC_CTL_ERROR_NOT_REACHABLE, SC_CTL_EXIT_NO_AGENT },
  };

  g_return_val_if_fail (id != NULL, SC_CTL_EXIT_FAILED);

  for (gsize i = 0; i < G_N_ELEMENTS (exits); i++)
    if (g_str_equal (exits[i].id, id))
      return exits[i].exit;

  return SC_CTL_EXIT_FAILED;
}

void
sc_ctl_fail_with_id (ScCtl *ctl, const char *id, const char *detail, const char *reference)
{
  ScCtlExit exit = sc_ctl_exit_for_error (id);

  g_return_if_fail (ctl != NULL);

  if (ctl->ended)
    return;

  if (ctl->options->json)
    {
      g_autoptr (JsonBuilder) builder = sc_ctl_json_begin (ctl->options->command->name, exit);

      sc_ctl_json_add_error (builder, id, detail, reference);
      sc_ctl_json_print (builder);
    }
  else
    sc_ctl_print_error (id, detail, reference);

  sc_ctl_finish (ctl, exit);
}

void
sc_ctl_fail (ScCtl *ctl, const GError *error)
{
  g_autofree char *id = sc_ctl_agent_get_error_id (error);
  g_autofree char *detail = sc_ctl_agent_get_detail (error);

  sc_ctl_fail_with_id (ctl, id, detail, "");
}

static gboolean
interrupted_cb (gpointer user_data)
{
  ScCtl *ctl = user_data;
  void (*interrupted) (ScCtl *) = g_steal_pointer (&ctl->interrupted);

  if (interrupted != NULL)
    interrupted (ctl);
  else
    sc_ctl_fail_with_id (ctl, "cancelled", "", "");

  return G_SOURCE_CONTINUE;
}

static void
agent_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ScCtl *ctl = user_data;
  g_autoptr (GError) error = NULL;

  ctl->agent = sc_ctl_agent_connect_finish (result, &error);
  if (ctl->agent == NULL)
    sc_ctl_fail (ctl, error);
  else if (sc_agent1_get_api_version (ctl->agent) > SC_CTL_AGENT_API_VERSION)
    sc_ctl_fail_with_id (ctl, SC_CTL_ERROR_VERSION, "", "");
  else
    ctl->options->command->run (ctl);
}

static void
clear (ScCtl *ctl)
{
  if (ctl->data_free != NULL)
    ctl->data_free (ctl->data);
  g_clear_object (&ctl->agent);
  g_clear_object (&ctl->cancellable);
  g_clear_pointer (&ctl->loop, g_main_loop_unref);
}

ScCtlExit
sc_ctl_run (const ScCtlOptions *options)
{
  ScCtl ctl = { .options = options };

  g_return_val_if_fail (options != NULL && options->command != NULL, SC_CTL_EXIT_USAGE);

  ctl.loop = g_main_loop_new (NULL, FALSE);
  ctl.cancellable = g_cancellable_new ();
  sc_ctl_console_watch_interrupt (interrupted_cb, &ctl);
  sc_ctl_agent_connect_async (ctl.cancellable, agent_found_cb, &ctl);
  g_main_loop_run (ctl.loop);
  clear (&ctl);

  return ctl.exit;
}
