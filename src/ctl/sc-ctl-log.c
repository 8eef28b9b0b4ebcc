// SPDX-License-Identifier: MIT
// sikkactl log: shows, verifies and exports the activity log.

#define G_LOG_DOMAIN "sc-ctl"

#include <glib/gi18n.h>

#include "sc-ctl-activity.h"
#include "sc-ctl-error-text.h"
#include "sc-ctl-json.h"
#include "sc-ctl-print.h"
#include "sc-ctl-text.h"
#include "sc-ctl.h"

#define PAGE_ROWS 1000
/* A log is pruned long before; an agent that never ends is not listened to. */
#define MAX_PAGES 1000

typedef struct
{
  GPtrArray *pages;
  gint64 last; /* sequence of the last row read */
  gint64 n_rows;

  gboolean intact;
  gint64 verified;
  gint64 broken_at;
  char *head;
} Log;

static void
log_free (gpointer data)
{
  Log *log = data;

  g_ptr_array_unref (log->pages);
  g_free (log->head);
  g_free (log);
}

/* The rows are the result unless they go to a file or only a verdict was asked for. */
static gboolean
shows_rows (const ScCtlOptions *options)
{
  return !options->verify && options->export_file == NULL;
}

static ScCtlExit
get_exit (ScCtl *ctl)
{
  const Log *log = ctl->data;

  return ctl->options->verify && !log->intact ? SC_CTL_EXIT_FAILED : SC_CTL_EXIT_OK;
}

static void
add_verdict (JsonBuilder *builder, const Log *log)
{
  json_builder_set_member_name (builder, "verify");
  json_builder_begin_object (builder);
  sc_ctl_json_add_boolean (builder, "intact", log->intact);
  sc_ctl_json_add_int (builder, "rows", log->verified);
  sc_ctl_json_add_int (builder, "broken_at", log->broken_at);
  sc_ctl_json_add_string (builder, "head", log->head);
  json_builder_end_object (builder);
}

static void
add_export (JsonBuilder *builder, const Log *log, const char *file)
{
  g_autofree char *name = g_filename_display_name (file);

  json_builder_set_member_name (builder, "export");
  json_builder_begin_object (builder);
  sc_ctl_json_add_string (builder, "file", name);
  sc_ctl_json_add_string (builder, "format", sc_ctl_activity_get_format (file));
  sc_ctl_json_add_int (builder, "rows", log->n_rows);
  json_builder_end_object (builder);
}

static void
add_rows (JsonBuilder *builder, const Log *log)
{
  json_builder_set_member_name (builder, "rows");
  json_builder_begin_array (builder);
  for (guint i = 0; i < log->pages->len; i++)
    {
      GVariantIter iter;
      ScCtlActivity row;

      g_variant_iter_init (&iter, g_ptr_array_index (log->pages, i));
      while (sc_ctl_activity_next (&iter, &row))
        sc_ctl_activity_add (builder, &row);
    }
  json_builder_end_array (builder);
}

static void
print_json (ScCtl *ctl)
{
  const Log *log = ctl->data;
  gboolean broken = ctl->options->verify && !log->intact;
  g_autoptr (JsonBuilder) builder = sc_ctl_json_begin ("log", get_exit (ctl));

  if (ctl->options->verify)
    add_verdict (builder, log);
  if (ctl->options->export_file != NULL)
    add_export (builder, log, ctl->options->export_file);
  if (shows_rows (ctl->options))
    add_rows (builder, log);
  sc_ctl_json_add_error (builder, broken ? "journal-broken" : "", "", "");
  sc_ctl_json_print (builder);
}

static void
print_verdict (const Log *log)
{
  g_autofree char *head = sc_ctl_text_clean (log->head);

  if (!log->intact)
    {
      /* Translators: a row's number */
      sc_ctl_print (_ ("The log is broken: row %u does not fit the one before it."),
                    (guint) log->broken_at);
      sc_ctl_print_error_result ("journal-broken");
      return;
    }

  sc_ctl_print (ngettext ("The log is intact: %u row was looked at.",
                          "The log is intact: %u rows were looked at.", (gulong) log->verified),
                (guint) log->verified);
  if (*head != '\0')
    /* Translators: a hash, 64 hex digits */
    sc_ctl_print (_ ("Head of the chain: %s"), head);
}

static void
print_export (const Log *log, const char *file)
{
  g_autofree char *name = g_filename_display_name (file);
  g_autofree char *clean = sc_ctl_text_clean (name);

  /* Translators: how many, and the file */
  sc_ctl_print (
    ngettext ("%u row was written to %s.", "%u rows were written to %s.", (gulong) log->n_rows),
    (guint) log->n_rows, clean);
}

static void
print_row (const ScCtlActivity *row)
{
  g_autofree char *time = sc_ctl_text_format_stamp (row->time);
  g_autofree char *user = sc_ctl_text_clean (row->user);
  g_autofree char *action = sc_ctl_text_clean (row->action);
  g_autofree char *result = sc_ctl_text_clean (row->result);
  g_autofree char *reference = sc_ctl_text_clean (row->reference);

  sc_ctl_print ("%" G_GINT64_FORMAT "  %s  %s  %s  %s  %s", row->sequence, time, user, action,
                result, reference);
}

static void
print_rows (const Log *log)
{
  if (log->n_rows == 0)
    sc_ctl_print ("%s", _ ("The log is empty."));

  for (guint i = 0; i < log->pages->len; i++)
    {
      GVariantIter iter;
      ScCtlActivity row;

      g_variant_iter_init (&iter, g_ptr_array_index (log->pages, i));
      while (sc_ctl_activity_next (&iter, &row))
        print_row (&row);
    }
}

static void
print_text (ScCtl *ctl)
{
  const Log *log = ctl->data;

  if (ctl->options->verify)
    print_verdict (log);
  if (ctl->options->export_file != NULL)
    print_export (log, ctl->options->export_file);
  if (shows_rows (ctl->options))
    print_rows (log);
}

/* A log that is broken is exported all the same: it is the evidence. */
static void
complete (ScCtl *ctl)
{
  const Log *log = ctl->data;
  g_autoptr (GError) error = NULL;

  if (ctl->options->export_file != NULL &&
      !sc_ctl_activity_export (log->pages, ctl->options->export_file, &error))
    {
      g_autofree char *detail = sc_ctl_text_clean (error->message);

      sc_ctl_fail_with_id (ctl, SC_CTL_ERROR_EXPORT, detail, "");
      return;
    }

  if (ctl->options->json)
    print_json (ctl);
  else
    print_text (ctl);
  sc_ctl_finish (ctl, get_exit (ctl));
}

static gint64
get_last_sequence (GVariant *page)
{
  g_autoptr (GVariant) row = g_variant_get_child_value (page, g_variant_n_children (page) - 1);
  gint64 sequence;

  g_variant_get_child (row, 0, "x", &sequence);
  return sequence;
}

static void read_page (ScCtl *ctl);

/* Whether there was anything in it; one that leads nowhere would be asked for again and again. */
static gboolean
take_page (ScCtl *ctl, GVariant *page, gboolean *fits)
{
  Log *log = ctl->data;
  gsize n_rows = g_variant_n_children (page);
  gint64 last = n_rows > 0 ? get_last_sequence (page) : 0;

  *fits = n_rows == 0 || (last > log->last && log->pages->len < MAX_PAGES);
  if (n_rows == 0 || !*fits)
    return FALSE;

  log->last = last;
  log->n_rows += (gint64) n_rows;
  g_ptr_array_add (log->pages, g_variant_ref (page));
  return TRUE;
}

static void
page_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ScCtl *ctl = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) page = NULL;
  gboolean fits = FALSE;

  if (!sc_agent1_call_list_activity_finish (SC_AGENT1 (source), &page, result, &error))
    sc_ctl_fail (ctl, error);
  else if (take_page (ctl, page, &fits))
    read_page (ctl);
  else if (fits)
    complete (ctl);
  else
    sc_ctl_fail_with_id (ctl, SC_CTL_ERROR_ANSWER, "", "");
}

static void
read_page (ScCtl *ctl)
{
  const Log *log = ctl->data;

  sc_agent1_call_list_activity (ctl->agent, log->last, PAGE_ROWS, ctl->cancellable, page_read_cb,
                                ctl);
}

static void
verified_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ScCtl *ctl = user_data;
  Log *log = ctl->data;
  g_autoptr (GError) error = NULL;

  if (!sc_agent1_call_verify_log_finish (SC_AGENT1 (source), &log->intact, &log->verified,
                                         &log->broken_at, &log->head, result, &error))
    sc_ctl_fail (ctl, error);
  else if (ctl->options->export_file != NULL)
    read_page (ctl);
  else
    complete (ctl);
}

void
sc_ctl_log_run (ScCtl *ctl)
{
  Log *log = g_new0 (Log, 1);

  log->pages = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  sc_ctl_set_data (ctl, log, log_free);
  if (ctl->options->verify)
    sc_agent1_call_verify_log (ctl->agent, ctl->cancellable, verified_cb, ctl);
  else
    read_page (ctl);
}
