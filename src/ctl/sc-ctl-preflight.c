// SPDX-License-Identifier: MIT
// sikkactl preflight: what must be right before a connection is tried.

#define G_LOG_DOMAIN "sc-ctl"

#include <glib/gi18n.h>

#include "sc-ctl-error-text.h"
#include "sc-ctl-json.h"
#include "sc-ctl-print.h"
#include "sc-ctl-text.h"
#include "sc-ctl.h"

/* As in Preflight; the strings live as long as the answer. */
typedef struct
{
  const char *check;
  const char *verdict;
  const char *error_id;
  const char *detail;
} Check;

static gboolean
next_check (GVariantIter *iter, Check *check)
{
  return g_variant_iter_next (iter, "(&s&s&s&s)", &check->check, &check->verdict, &check->error_id,
                              &check->detail);
}

static gboolean
has_failed (GVariant *checks)
{
  GVariantIter iter;
  Check check;

  g_variant_iter_init (&iter, checks);
  while (next_check (&iter, &check))
    if (g_str_equal (check.verdict, "failed"))
      return TRUE;

  return FALSE;
}

static ScCtlExit
get_exit (GVariant *checks)
{
  return has_failed (checks) ? SC_CTL_EXIT_FAILED : SC_CTL_EXIT_OK;
}

static void
add_check (JsonBuilder *builder, const Check *check)
{
  const char *next_step = "";

  if (*check->error_id != '\0')
    next_step = _ (sc_ctl_error_text_get (check->error_id)->next);

  json_builder_begin_object (builder);
  sc_ctl_json_add_string (builder, "check", check->check);
  sc_ctl_json_add_string (builder, "verdict", check->verdict);
  sc_ctl_json_add_string (builder, "error_id", check->error_id);
  sc_ctl_json_add_string (builder, "next_step", next_step);
  sc_ctl_json_add_string (builder, "detail", check->detail);
  json_builder_end_object (builder);
}

static void
print_json (GVariant *checks)
{
  g_autoptr (JsonBuilder) builder = sc_ctl_json_begin ("preflight", get_exit (checks));
  GVariantIter iter;
  Check check;

  json_builder_set_member_name (builder, "checks");
  json_builder_begin_array (builder);
  g_variant_iter_init (&iter, checks);
  while (next_check (&iter, &check))
    add_check (builder, &check);
  json_builder_end_array (builder);
  sc_ctl_json_add_error (builder, "", "", "");
  sc_ctl_json_print (builder);
}

static char *
dup_title (const char *check)
{
  static const struct
  {
    const char *check;
    const char *title;
  } titles[] = {
    { "keyring", N_ ("Keyring") },
    { "loopback", N_ ("Answer of the browser") },
    { "cloud", N_ ("Service reachable") },
    { "clock", N_ ("Clock") },
    { "disk", N_ ("Disk") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (titles); i++)
    if (g_str_equal (titles[i].check, check))
      return g_strdup (_ (titles[i].title));

  return sc_ctl_text_clean (check);
}

static void
print_check (const Check *check)
{
  g_autofree char *title = dup_title (check->check);
  g_autofree char *detail = sc_ctl_text_clean (check->detail);
  const ScCtlErrorText *text = sc_ctl_error_text_get (check->error_id);

  /* Translators: a shape like ✓, what was checked, a word like "ok" */
  sc_ctl_print (_ ("%s %s: %s."), sc_ctl_print_shape (check->verdict), title,
                sc_ctl_print_verdict (check->verdict));
  if (*detail != '\0')
    sc_ctl_print ("    %s", detail);
  if (*check->error_id == '\0')
    return;

  sc_ctl_print ("    %s", _ (text->what));
  sc_ctl_print_next_step ("    ", text->actor, _ (text->next));
}

static void
print_text (GVariant *checks)
{
  GVariantIter iter;
  Check check;

  if (has_failed (checks))
    sc_ctl_print ("%s", _ ("This PC is not ready to connect."));
  else
    sc_ctl_print ("%s", _ ("This PC is ready to connect."));

  g_variant_iter_init (&iter, checks);
  while (next_check (&iter, &check))
    print_check (&check);
}

static void
preflight_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ScCtl *ctl = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) checks = NULL;

  if (!sc_agent1_call_preflight_finish (SC_AGENT1 (source), &checks, result, &error))
    {
      sc_ctl_fail (ctl, error);
      return;
    }

  if (ctl->options->json)
    print_json (checks);
  else
    print_text (checks);
  sc_ctl_finish (ctl, get_exit (checks));
}

void
sc_ctl_preflight_run (ScCtl *ctl)
{
  sc_agent1_call_preflight (ctl->agent, ctl->cancellable, preflight_done_cb, ctl);
}
