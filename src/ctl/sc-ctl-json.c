// SPDX-License-Identifier: MIT
// The JSON output: one object per command, described in data/sikkactl.schema.json.

#define G_LOG_DOMAIN "sc-ctl"

#include <stdio.h>

#include <glib/gi18n.h>

#include "sc-ctl-error-text.h"
#include "sc-ctl-json.h"
#include "sc-ctl-text.h"

JsonBuilder *
sc_ctl_json_begin (const char *command, ScCtlExit exit)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  sc_ctl_json_add_string (builder, "command", command);
  sc_ctl_json_add_int (builder, "schema", SC_CTL_JSON_SCHEMA);
  sc_ctl_json_add_int (builder, "exit_code", exit);
  return builder;
}

void
sc_ctl_json_add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

void
sc_ctl_json_add_boolean (JsonBuilder *builder, const char *name, gboolean value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

void
sc_ctl_json_add_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
add_string_or_null (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

void
sc_ctl_json_add_time (JsonBuilder *builder, const char *name, gint64 when)
{
  g_autofree char *iso = sc_ctl_text_format_iso (when);

  add_string_or_null (builder, name, iso);
}

void
sc_ctl_json_add_error (JsonBuilder *builder,
                       const char *id,
                       const char *detail,
                       const char *reference)
{
  const ScCtlErrorText *text = sc_ctl_error_text_get (id);

  sc_ctl_json_add_string (builder, "reference", reference);
  json_builder_set_member_name (builder, "error");
  if (*id == '\0')
    {
      json_builder_add_null_value (builder);
      return;
    }

  json_builder_begin_object (builder);
  sc_ctl_json_add_string (builder, "id", id);
  sc_ctl_json_add_string (builder, "what", _ (text->what));
  sc_ctl_json_add_string (builder, "actor", text->actor);
  sc_ctl_json_add_string (builder, "next_step", _ (text->next));
  sc_ctl_json_add_string (builder, "detail", detail);
  json_builder_end_object (builder);
}

void
sc_ctl_json_add_practice (JsonBuilder *builder,
                          const char *name,
                          const char *pms,
                          const char *office_id)
{
  json_builder_set_member_name (builder, "practice");
  if (*name == '\0')
    {
      json_builder_add_null_value (builder);
      return;
    }

  json_builder_begin_object (builder);
  sc_ctl_json_add_string (builder, "name", name);
  sc_ctl_json_add_string (builder, "pms", pms);
  sc_ctl_json_add_string (builder, "office_id", office_id);
  json_builder_end_object (builder);
}

void
sc_ctl_json_add_variant (JsonBuilder *builder, const char *name, GVariant *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_value (builder, json_gvariant_serialize (value));
}

static gboolean
needs_escape (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  return c >= 0x80 && (type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT ||
                       type == G_UNICODE_LINE_SEPARATOR || type == G_UNICODE_PARAGRAPH_SEPARATOR);
}

static void
append_escaped (GString *text, gunichar c)
{
  if (c < 0x10000)
    g_string_append_printf (text, "\\u%04x", c);
  else
    g_string_append_printf (text, "\\u%04x\\u%04x", 0xd800 + ((c - 0x10000) >> 10),
                            0xdc00 + ((c - 0x10000) & 0x3ff));
}

/* What is not ASCII can only stand inside of a string, where an escape is the same character. */
static char *
escape (const char *json)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (const char *p = json; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (needs_escape (c))
        append_escaped (text, c);
      else
        g_string_append_unichar (text, c);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
sc_ctl_json_serialize (JsonBuilder *builder, gboolean pretty)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *json = json_to_string (root, pretty);

  return escape (json);
}

void
sc_ctl_json_print (JsonBuilder *builder)
{
  g_autofree char *json = NULL;

  json_builder_end_object (builder);
  json = sc_ctl_json_serialize (builder, TRUE);
  fputs (json, stdout);
  fputc ('\n', stdout);
}
