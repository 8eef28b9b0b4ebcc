// SPDX-License-Identifier: MIT
// The JSON output: one object per command, described in data/sikkactl.schema.json.

#pragma once

#include <json-glib/json-glib.h>

#include "sc-ctl-exit.h"

G_BEGIN_DECLS

/** SC_CTL_JSON_SCHEMA: grows when a member changes its meaning or goes away; new members do not
 * count. */
#define SC_CTL_JSON_SCHEMA 1

/**
 * sc_ctl_json_begin:
 * @command: the command's name
 * @exit: what the program is going to exit with
 *
 * Returns: (transfer full): an open object with "command", "schema" and "exit_code"
 */
JsonBuilder *sc_ctl_json_begin (const char *command, ScCtlExit exit);

/** sc_ctl_json_add_string: a member of type string, as it came */
void sc_ctl_json_add_string (JsonBuilder *builder, const char *name, const char *value);
/** sc_ctl_json_add_boolean: a member of type boolean */
void sc_ctl_json_add_boolean (JsonBuilder *builder, const char *name, gboolean value);
/** sc_ctl_json_add_int: a member of type integer */
void sc_ctl_json_add_int (JsonBuilder *builder, const char *name, gint64 value);
/** sc_ctl_json_add_time: seconds since 1970 as "2026-11-21T09:12:33Z"; null for 0 */
void sc_ctl_json_add_time (JsonBuilder *builder, const char *name, gint64 when);

/**
 * sc_ctl_json_add_error:
 * @builder: an open object
 * @id: the error's stable id, "" for none: "error" is null then
 * @detail: technical, or ""
 * @reference: the reference, or ""
 *
 * Members "error" and "reference".
 */
void sc_ctl_json_add_error (JsonBuilder *builder,
                            const char *id,
                            const char *detail,
                            const char *reference);

/** sc_ctl_json_add_practice: member "practice", null without a name */
void sc_ctl_json_add_practice (JsonBuilder *builder,
                               const char *name,
                               const char *pms,
                               const char *office_id);

/** sc_ctl_json_add_variant: what a D-Bus value is in JSON; numbers beyond its reach are not
 * expected */
void sc_ctl_json_add_variant (JsonBuilder *builder, const char *name, GVariant *value);

/**
 * sc_ctl_json_print:
 * @builder: the object, still open; it is closed and written to standard output, always as UTF-8
 */
void sc_ctl_json_print (JsonBuilder *builder);

/**
 * sc_ctl_json_serialize:
 * @builder: a finished value
 * @pretty: with line breaks
 *
 * Characters that drive a terminal or turn the writing direction are written as \u escapes: the
 * value is the same, and a person who looks at it is not fooled.
 *
 * Returns: (transfer full): JSON
 */
char *sc_ctl_json_serialize (JsonBuilder *builder, gboolean pretty);

G_END_DECLS
