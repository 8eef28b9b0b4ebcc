// SPDX-License-Identifier: MIT
// sikkactl spu: whether Sikka's program is on this PC, and what was seen.

#define G_LOG_DOMAIN "sc-ctl"

#include <glib/gi18n.h>

#include "sc-ctl-json.h"
#include "sc-ctl-print.h"
#include "sc-ctl-state.h"
#include "sc-ctl-text.h"
#include "sc-ctl.h"

typedef struct
{
  const char *verdict;
  const char *shape; /* that of a light */
  const char *what;
} SpuText;

static const SpuText texts[] = {
  { "running", "ok", N_ ("The SPU is running on this PC.") },
  { "stopped", "failed", N_ ("The SPU is installed on this PC, but it does not run completely.") },
  { "not-installed", "attention", N_ ("There is no SPU on this PC.") },
  { "elsewhere", "not-here", N_ ("The SPU is on another computer.") },
  { "could-not-look", "unknown", N_ ("This program could not look for the SPU here.") },
};

static const SpuText *
find_text (const char *verdict)
{
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (g_str_equal (texts[i].verdict, verdict))
      return &texts[i];

  return &texts[G_N_ELEMENTS (texts) - 1];
}

static void
add_processes (JsonBuilder *builder, GVariant *processes)
{
  GVariantIter iter;
  const char *name;
  gboolean running;

  json_builder_set_member_name (builder, "processes");
  json_builder_begin_array (builder);
  g_variant_iter_init (&iter, processes);
  while (g_variant_iter_next (&iter, "(&sb)", &name, &running))
    {
      json_builder_begin_object (builder);
      sc_ctl_json_add_string (builder, "name", name);
      sc_ctl_json_add_boolean (builder, "running", running);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
print_json (GVariant *spu)
{
  g_autoptr (JsonBuilder) builder = sc_ctl_json_begin ("spu", SC_CTL_EXIT_OK);
  g_autoptr (GVariant) evidence = sc_ctl_state_get_value (spu, "evidence", "as");
  g_autoptr (GVariant) processes = sc_ctl_state_get_value (spu, "processes", "a(sb)");

  sc_ctl_json_add_string (builder, "verdict", sc_ctl_state_get_string (spu, "verdict"));
  sc_ctl_json_add_variant (builder, "evidence", evidence);
  add_processes (builder, processes);
  sc_ctl_json_add_time (builder, "checked", sc_ctl_state_get_int64 (spu, "checked"));
  sc_ctl_json_add_error (builder, "", "", "");
  sc_ctl_json_print (builder);
}

static void
print_text (GVariant *spu)
{
  const SpuText *text = find_text (sc_ctl_state_get_string (spu, "verdict"));
  g_autoptr (GVariant) evidence = sc_ctl_state_get_value (spu, "evidence", "as");

  sc_ctl_print ("%s %s", sc_ctl_print_shape (text->shape), _ (text->what));
  for (gsize i = 0; i < g_variant_n_children (evidence); i++)
    {
      g_autoptr (GVariant) fact = g_variant_get_child_value (evidence, i);
      g_autofree char *clean = sc_ctl_text_clean (g_variant_get_string (fact, NULL));

      sc_ctl_print ("    %s", clean);
    }
}

static void
probed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ScCtl *ctl = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) spu = NULL;

  if (!sc_agent1_call_probe_spu_finish (SC_AGENT1 (source), &spu, result, &error))
    {
      sc_ctl_fail (ctl, error);
      return;
    }

  if (ctl->options->json)
    print_json (spu);
  else
    print_text (spu);
  sc_ctl_finish (ctl, SC_CTL_EXIT_OK);
}

void
sc_ctl_spu_run (ScCtl *ctl)
{
  sc_agent1_call_probe_spu (ctl->agent, ctl->cancellable, probed_cb, ctl);
}
