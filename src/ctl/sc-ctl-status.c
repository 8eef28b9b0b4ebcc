// SPDX-License-Identifier: MIT
// sikkactl status: all that the agent knows, without asking the cloud.

#define G_LOG_DOMAIN "sc-ctl"

#include <glib/gi18n.h>

#include "sc-ctl-json.h"
#include "sc-ctl-light.h"
#include "sc-ctl-print.h"
#include "sc-ctl-state.h"
#include "sc-ctl-summary.h"
#include "sc-ctl-text.h"
#include "sc-ctl.h"

/* Properties that --json passes on as they are: member, property, D-Bus type. */
static const struct
{
  const char *member;
  const char *property;
  const char *type;
} passed[] = {
  { "agent_version", "Version", "s" },
  { "busy", "Busy", "s" },
  { "kept_in", "KeptIn", "s" },
  { "keyring_state", "KeyringState", "s" },
  { "journal_state", "JournalState", "s" },
  { "features", "Features", "a{sb}" },
  { "latest_version", "LatestVersion", "s" },
  { "minimum_version", "MinimumVersion", "s" },
  { "spu_elsewhere", "SpuElsewhere", "b" },
  { "check_at_sign_in", "CheckAtSignIn", "b" },
  { "autostart", "Autostart", "b" },
  { "autostart_locked", "AutostartLocked", "s" },
  { "vendor", "Vendor", "a{ss}" },
  { "cloud_url", "CloudUrl", "s" },
  { "provider", "Provider", "s" },
};

static void
add_passed (JsonBuilder *builder, GVariant *state)
{
  for (gsize i = 0; i < G_N_ELEMENTS (passed); i++)
    {
      g_autoptr (GVariant) value =
        sc_ctl_state_get_value (state, passed[i].property, passed[i].type);

      if (value != NULL)
        sc_ctl_json_add_variant (builder, passed[i].member, value);
    }
}

/* A list of tuples of strings as a list of objects; @members ends with NULL. */
static void
add_tuples (JsonBuilder *builder, const char *name, GVariant *rows, const char *const *members)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);

      json_builder_begin_object (builder);
      for (gsize j = 0; members[j] != NULL; j++)
        {
          g_autoptr (GVariant) value = g_variant_get_child_value (row, j);

          sc_ctl_json_add_string (builder, members[j], g_variant_get_string (value, NULL));
        }
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_data_sync (JsonBuilder *builder, GVariant *state)
{
  g_autoptr (GVariant) sync = sc_ctl_state_get_value (state, "DataSync", "a{sv}");
  g_autoptr (GVariant) warnings = sc_ctl_state_get_value (sync, "warnings", "as");

  json_builder_set_member_name (builder, "data_sync");
  if (g_variant_n_children (sync) == 0)
    {
      json_builder_add_null_value (builder);
      return;
    }

  json_builder_begin_object (builder);
  sc_ctl_json_add_string (builder, "status", sc_ctl_state_get_string (sync, "status"));
  sc_ctl_json_add_time (builder, "last_data_at", sc_ctl_state_get_int64 (sync, "last_data_at"));
  sc_ctl_json_add_time (builder, "next_data_at", sc_ctl_state_get_int64 (sync, "next_data_at"));
  sc_ctl_json_add_string (builder, "schedule", sc_ctl_state_get_string (sync, "schedule"));
  sc_ctl_json_add_string (builder, "error", sc_ctl_state_get_string (sync, "error"));
  sc_ctl_json_add_variant (builder, "warnings", warnings);
  json_builder_end_object (builder);
}

static void
print_json (GVariant *state)
{
  static const char *const location_members[] = { "name", "state", NULL };
  static const char *const problem_members[] = { "file", "key", "problem", NULL };
  g_autoptr (JsonBuilder) builder = sc_ctl_json_begin ("status", sc_ctl_state_get_exit (state));
  g_autoptr (GVariant) locations = sc_ctl_state_get_value (state, "Locations", "a(ss)");
  g_autoptr (GVariant) problems = sc_ctl_state_get_value (state, "ConfigProblems", "a(sss)");

  sc_ctl_summary_add (builder, state);
  sc_ctl_json_add_error (builder, sc_ctl_state_get_string (state, "ErrorId"), "",
                         sc_ctl_state_get_string (state, "Reference"));
  sc_ctl_light_add_all (builder, state);
  add_passed (builder, state);
  add_data_sync (builder, state);
  add_tuples (builder, "locations", locations, location_members);
  add_tuples (builder, "config_problems", problems, problem_members);
  sc_ctl_json_print (builder);
}

static void
print_keeping (GVariant *state)
{
  const char *journal = sc_ctl_state_get_string (state, "JournalState");

  if (g_str_equal (sc_ctl_state_get_string (state, "KeptIn"), "memory"))
    sc_ctl_print ("%s", _ ("There is no keyring: the connection lasts until the agent quits."));
  if (*journal != '\0' && !g_str_equal (journal, "recording"))
    sc_ctl_print ("%s", _ ("At the moment nothing can be recorded in the activity log."));
}

static void
print_problems (GVariant *state)
{
  g_autoptr (GVariant) problems = sc_ctl_state_get_value (state, "ConfigProblems", "a(sss)");

  for (gsize i = 0; i < g_variant_n_children (problems); i++)
    {
      const char *raw[3];
      g_autofree char *file = NULL;
      g_autofree char *key = NULL;
      g_autofree char *problem = NULL;

      g_variant_get_child (problems, i, "(&s&s&s)", &raw[0], &raw[1], &raw[2]);
      file = sc_ctl_text_clean (raw[0]);
      key = sc_ctl_text_clean (raw[1]);
      problem = sc_ctl_text_clean (raw[2]);
      /* Translators: a key of a configuration file, the file, technical text in English */
      sc_ctl_print (_ ("Configuration: %s in %s: %s"), key, file, problem);
    }
}

static void
print_versions (GVariant *state)
{
  g_autofree char *version = sc_ctl_text_clean (sc_ctl_state_get_string (state, "Version"));
  g_autofree char *latest = sc_ctl_text_clean (sc_ctl_state_get_string (state, "LatestVersion"));

  if (*latest != '\0' && !g_str_equal (latest, version))
    /* Translators: version numbers, e.g. "0.2.0", "0.1.0" */
    sc_ctl_print (_ ("Version %s is available; this is %s."), latest, version);
}

static void
print_vendor (GVariant *state)
{
  g_autoptr (GVariant) vendor = sc_ctl_state_get_value (state, "Vendor", "a{ss}");
  const char *raw_name = "";
  const char *raw_phone = "";
  g_autofree char *name = NULL;
  g_autofree char *phone = NULL;

  g_variant_lookup (vendor, "service_name", "&s", &raw_name);
  g_variant_lookup (vendor, "support_phone", "&s", &raw_phone);
  name = sc_ctl_text_clean (raw_name);
  phone = sc_ctl_text_clean (raw_phone);
  if (*name != '\0' && *phone != '\0')
    /* Translators: the service's name, its telephone number */
    sc_ctl_print (_ ("Support of %s: %s."), name, phone);
}

static void
print_text (GVariant *state)
{
  gint64 now = sc_ctl_text_now ();

  sc_ctl_summary_print (state, now);
  print_keeping (state);
  sc_ctl_light_print_all (state, now, FALSE);
  print_problems (state);
  print_versions (state);
  print_vendor (state);
}

static void
state_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ScCtl *ctl = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) state = sc_ctl_agent_read_finish (result, &error);

  if (state == NULL)
    {
      sc_ctl_fail (ctl, error);
      return;
    }

  if (ctl->options->json)
    print_json (state);
  else
    print_text (state);
  sc_ctl_finish (ctl, sc_ctl_state_get_exit (state));
}

void
sc_ctl_status_run (ScCtl *ctl)
{
  sc_ctl_agent_read_async (ctl->agent, ctl->cancellable, state_read_cb, ctl);
}
