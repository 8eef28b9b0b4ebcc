// SPDX-License-Identifier: MIT
// sikkactl reports: what waits to be sent to the cloud.

#define G_LOG_DOMAIN "sc-ctl"

#include <glib/gi18n.h>

#include "sc-ctl-json.h"
#include "sc-ctl-print.h"
#include "sc-ctl-text.h"
#include "sc-ctl.h"

/* As in ListReports; the strings live as long as the answer. */
typedef struct
{
  const char *id;
  gint64 created;
  const char *state;
  const char *kind;
  guint attempts;
  gint64 next_attempt;
} Report;

static gboolean
next_report (GVariantIter *iter, Report *report)
{
  return g_variant_iter_next (iter, "(&sx&s&sux)", &report->id, &report->created, &report->state,
                              &report->kind, &report->attempts, &report->next_attempt);
}

static void
add_report (JsonBuilder *builder, const Report *report)
{
  json_builder_begin_object (builder);
  sc_ctl_json_add_string (builder, "id", report->id);
  sc_ctl_json_add_time (builder, "created", report->created);
  sc_ctl_json_add_string (builder, "state", report->state);
  sc_ctl_json_add_string (builder, "kind", report->kind);
  sc_ctl_json_add_int (builder, "attempts", report->attempts);
  sc_ctl_json_add_time (builder, "next_attempt", report->next_attempt);
  json_builder_end_object (builder);
}

static void
print_json (GVariant *reports)
{
  g_autoptr (JsonBuilder) builder = sc_ctl_json_begin ("reports", SC_CTL_EXIT_OK);
  GVariantIter iter;
  Report report;

  json_builder_set_member_name (builder, "reports");
  json_builder_begin_array (builder);
  g_variant_iter_init (&iter, reports);
  while (next_report (&iter, &report))
    add_report (builder, &report);
  json_builder_end_array (builder);
  sc_ctl_json_add_error (builder, "", "", "");
  sc_ctl_json_print (builder);
}

static void
print_report (const Report *report)
{
  g_autofree char *created = sc_ctl_text_format_stamp (report->created);
  g_autofree char *next = sc_ctl_text_format_stamp (report->next_attempt);
  g_autofree char *id = sc_ctl_text_clean (report->id);
  g_autofree char *state = sc_ctl_text_clean (report->state);
  g_autofree char *kind = sc_ctl_text_clean (report->kind);

  sc_ctl_print ("%s  %s  %s", created, id, state);
  /* Translators: kind of report, how often it was tried, when it is tried next */
  sc_ctl_print (ngettext ("    %s, tried %u time, next: %s", "    %s, tried %u times, next: %s",
                          report->attempts),
                kind, report->attempts, next);
}

static void
print_text (GVariant *reports)
{
  gsize n_reports = g_variant_n_children (reports);
  GVariantIter iter;
  Report report;

  if (n_reports == 0)
    {
      sc_ctl_print ("%s", _ ("No report waits to be sent."));
      return;
    }

  sc_ctl_print (ngettext ("%u report waits to be sent.", "%u reports wait to be sent.", n_reports),
                (guint) n_reports);
  g_variant_iter_init (&iter, reports);
  while (next_report (&iter, &report))
    print_report (&report);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ScCtl *ctl = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reports = NULL;

  if (!sc_agent1_call_list_reports_finish (SC_AGENT1 (source), &reports, result, &error))
    {
      sc_ctl_fail (ctl, error);
      return;
    }

  if (ctl->options->json)
    print_json (reports);
  else
    print_text (reports);
  sc_ctl_finish (ctl, SC_CTL_EXIT_OK);
}

void
sc_ctl_reports_run (ScCtl *ctl)
{
  sc_agent1_call_list_reports (ctl->agent, ctl->cancellable, listed_cb, ctl);
}
