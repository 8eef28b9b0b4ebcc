// SPDX-License-Identifier: MIT
// Rows of the activity log as the agent lists them, and their two file formats.

#define G_LOG_DOMAIN "sc-ctl"

#include "sc-ctl-activity.h"
#include "sc-ctl-json.h"
#include "sc-ctl-text.h"

gboolean
sc_ctl_activity_next (GVariantIter *iter, ScCtlActivity *row)
{
  g_return_val_if_fail (iter != NULL && row != NULL, FALSE);

  return g_variant_iter_next (iter, "(xx&s&s&s&s&s)", &row->sequence, &row->time, &row->user,
                              &row->action, &row->result, &row->reference, &row->hash);
}

void
sc_ctl_activity_add (JsonBuilder *builder, const ScCtlActivity *row)
{
  g_return_if_fail (row != NULL);

  json_builder_begin_object (builder);
  sc_ctl_json_add_int (builder, "sequence", row->sequence);
  sc_ctl_json_add_time (builder, "time", row->time);
  sc_ctl_json_add_string (builder, "user", row->user);
  sc_ctl_json_add_string (builder, "action", row->action);
  sc_ctl_json_add_string (builder, "result", row->result);
  sc_ctl_json_add_string (builder, "reference", row->reference);
  sc_ctl_json_add_string (builder, "hash", row->hash);
  json_builder_end_object (builder);
}

static void
append_cell (GString *csv, const char *value)
{
  const char *guard = *value != '\0' && strchr ("=+-@\t\r", *value) != NULL ? "'" : "";

  g_string_append_printf (csv, ",\"%s", guard);
  for (const char *p = value; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (csv, '"');
      g_string_append_c (csv, *p);
    }
  g_string_append_c (csv, '"');
}

static void
append_csv_row (GString *csv, const ScCtlActivity *row)
{
  g_autofree char *time = sc_ctl_text_format_iso (row->time);

  g_string_append_printf (csv, "%" G_GINT64_FORMAT ",%s", row->sequence, time != NULL ? time : "");
  append_cell (csv, row->user);
  append_cell (csv, row->action);
  append_cell (csv, row->result);
  append_cell (csv, row->reference);
  append_cell (csv, row->hash);
  g_string_append (csv, "\r\n");
}

static void
append_json_row (GString *lines, const ScCtlActivity *row)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *json = NULL;

  sc_ctl_activity_add (builder, row);
  json = sc_ctl_json_serialize (builder, FALSE);
  g_string_append_printf (lines, "%s\n", json);
}

static char *
format_rows (GPtrArray *pages,
             const char *header,
             void (*append) (GString *, const ScCtlActivity *))
{
  g_autoptr (GString) text = g_string_new (header);

  for (guint i = 0; i < pages->len; i++)
    {
      GVariantIter iter;
      ScCtlActivity row;

      g_variant_iter_init (&iter, g_ptr_array_index (pages, i));
      while (sc_ctl_activity_next (&iter, &row))
        append (text, &row);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
sc_ctl_activity_to_csv (GPtrArray *pages)
{
  g_return_val_if_fail (pages != NULL, NULL);

  return format_rows (pages, "sequence,time,user,action,result,reference,hash\r\n", append_csv_row);
}

char *
sc_ctl_activity_to_json_lines (GPtrArray *pages)
{
  g_return_val_if_fail (pages != NULL, NULL);

  return format_rows (pages, "", append_json_row);
}

const char *
sc_ctl_activity_get_format (const char *file)
{
  g_autofree char *lower = NULL;

  g_return_val_if_fail (file != NULL, NULL);

  lower = g_ascii_strdown (file, -1);
  return g_str_has_suffix (lower, ".csv") ? "csv" : "json-lines";
}

gboolean
sc_ctl_activity_export (GPtrArray *pages, const char *file, GError **error)
{
  g_autofree char *text = NULL;

  g_return_val_if_fail (pages != NULL && file != NULL, FALSE);

  if (g_str_equal (sc_ctl_activity_get_format (file), "csv"))
    text = sc_ctl_activity_to_csv (pages);
  else
    text = sc_ctl_activity_to_json_lines (pages);

  return g_file_set_contents_full (
    file, text, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, error);
}
