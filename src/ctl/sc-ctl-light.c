// SPDX-License-Identifier: MIT
// The health lights, as the agent lists them, for people and for JSON.

#define G_LOG_DOMAIN "sc-ctl"

#include <glib/gi18n.h>

#include "sc-ctl-error-text.h"
#include "sc-ctl-json.h"
#include "sc-ctl-light.h"
#include "sc-ctl-print.h"
#include "sc-ctl-state.h"
#include "sc-ctl-text.h"

typedef struct
{
  const char *id;
  const char *text;
} IdText;

static const IdText titles[] = {
  { "spu", N_ ("SPU on this PC") },       { "sikka", N_ ("Fresh data at Sikka") },
  { "authorization", N_ ("Permission") }, { "cloud", N_ ("Service reachable") },
  { "writeback", N_ ("Writing back") },
};

static const IdText advices[] = {
  { "spu-install", N_ ("Install the SPU, or say that it is on another computer.") },
  { "spu-start", N_ ("Start the SPU, or restart this PC.") },
  { "spu-look-there", N_ ("Look on the computer where the SPU is installed.") },

  { "sikka-wait-first-sync",
    N_ ("Wait until the SPU has sent its first data; this takes up to 4 hours.") },
  { "sikka-stale", N_ ("See that the PC with the SPU is on at night and that the SPU runs.") },
  { "sikka-reported", N_ ("Look at what Sikka reported, on the PC with the SPU.") },
  { "sikka-wait", N_ ("Wait, then run \"sikkactl check\" again; Sikka is at work on it.") },
  { "writeback-check-spu", N_ ("See that the SPU runs and may write to the practice's system.") },

  { "authorize", N_ ("Run \"sikkactl connect\" to connect.") },
  { "authorize-again", N_ ("Run \"sikkactl connect\" and sign in again.") },
  { "sikka-not-granted", N_ ("Ask which access the practice has to give at Sikka.") },
  { "sikka-access", N_ ("Say that Sikka refuses the service's access.") },
  { "vendor-access", N_ ("Ask why the service refuses this practice's account.") },
  { "keyring-unlock", N_ ("Unlock the keyring with your password.") },
  { "keyring-ask-it", N_ ("Make a keyring work for this user.") },

  { "network-check", N_ ("Check the network and the firewall.") },
  { "captive-portal-sign-in", N_ ("Open any web page and log in to the network.") },
  { "tls-ask-it", N_ ("Find out why the service's certificate is not accepted.") },
  { "tls-inspection-ask-it", N_ ("Exempt the service's address from inspection.") },
  { "proxy-ask-it", N_ ("Check the proxy settings of this PC.") },
  { "clock-set", N_ ("Set this PC's clock.") },
  { "config-ask-it", N_ ("Use an address that begins with https in the configuration.") },
  { "cloud-wait", N_ ("Wait, then run \"sikkactl check\" again.") },
  { "cloud-ask-vendor", N_ ("Read out the reference to the service's support.") },
};

static const char *
find_text (const IdText *texts, gsize n_texts, const char *id)
{
  for (gsize i = 0; i < n_texts; i++)
    if (g_str_equal (texts[i].id, id))
      return _ (texts[i].text);

  return NULL;
}

const char *
sc_ctl_light_find_advice (const char *advice)
{
  g_return_val_if_fail (advice != NULL, NULL);

  return find_text (advices, G_N_ELEMENTS (advices), advice);
}

static const char *
get_advice (const char *id)
{
  const char *advice = sc_ctl_light_find_advice (id);

  return advice != NULL ? advice : _ (sc_ctl_error_text_get ("failed")->next);
}

static char *
dup_title (const char *id)
{
  const char *title = find_text (titles, G_N_ELEMENTS (titles), id);

  return title != NULL ? g_strdup (title) : sc_ctl_text_clean (id);
}

/* A row of its keys; the strings live as long as the light. */
typedef struct
{
  const char *id;
  const char *verdict;
  gint64 checked;
  const char *evidence;
  const char *advice;
  const char *actor;
} Light;

static Light
read_light (GVariant *light)
{
  Light row = {
    .id = sc_ctl_state_get_string (light, "id"),
    .verdict = sc_ctl_state_get_string (light, "verdict"),
    .checked = sc_ctl_state_get_int64 (light, "checked"),
    .evidence = sc_ctl_state_get_string (light, "evidence"),
    .advice = sc_ctl_state_get_string (light, "advice"),
    .actor = sc_ctl_state_get_string (light, "actor"),
  };

  return row;
}

static gboolean
is_bad (const Light *row)
{
  return g_str_equal (row->verdict, "attention") || g_str_equal (row->verdict, "failed");
}

static void
print_light (const Light *row, gint64 now)
{
  g_autofree char *title = dup_title (row->id);
  g_autofree char *age = sc_ctl_text_format_age (row->checked, now);
  g_autofree char *evidence = sc_ctl_text_clean (row->evidence);

  /* Translators: a shape like ✓, the light's name, a word like "ok", a sentence like "Checked just
   * now." */
  sc_ctl_print (_ ("%s %s: %s. %s"), sc_ctl_print_shape (row->verdict), title,
                sc_ctl_print_verdict (row->verdict), age);
  if (*evidence != '\0')
    sc_ctl_print ("    %s", evidence);
  if (*row->advice != '\0')
    sc_ctl_print_next_step ("    ", row->actor, get_advice (row->advice));
}

void
sc_ctl_light_print_all (GVariant *state, gint64 now, gboolean only_bad)
{
  g_autoptr (GVariant) lights = sc_ctl_state_get_value (state, "Lights", "aa{sv}");

  for (gsize i = 0; i < g_variant_n_children (lights); i++)
    {
      g_autoptr (GVariant) light = g_variant_get_child_value (lights, i);
      Light row = read_light (light);

      if (!only_bad || is_bad (&row))
        print_light (&row, now);
    }
}

static void
add_light (JsonBuilder *builder, const Light *row)
{
  json_builder_begin_object (builder);
  sc_ctl_json_add_string (builder, "id", row->id);
  sc_ctl_json_add_string (builder, "verdict", row->verdict);
  sc_ctl_json_add_time (builder, "checked", row->checked);
  sc_ctl_json_add_string (builder, "evidence", row->evidence);
  sc_ctl_json_add_string (builder, "advice", row->advice);
  sc_ctl_json_add_string (builder, "actor", row->actor);
  sc_ctl_json_add_string (builder, "next_step",
                          *row->advice != '\0' ? get_advice (row->advice) : "");
  json_builder_end_object (builder);
}

void
sc_ctl_light_add_all (JsonBuilder *builder, GVariant *state)
{
  g_autoptr (GVariant) lights = sc_ctl_state_get_value (state, "Lights", "aa{sv}");

  json_builder_set_member_name (builder, "lights");
  json_builder_begin_array (builder);
  for (gsize i = 0; i < g_variant_n_children (lights); i++)
    {
      g_autoptr (GVariant) light = g_variant_get_child_value (lights, i);
      Light row = read_light (light);

      add_light (builder, &row);
    }
  json_builder_end_array (builder);
}
