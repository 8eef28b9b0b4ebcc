// SPDX-License-Identifier: MIT
// Every field that the program writes anywhere, with its class: the one place to look when asking
// what is kept where.

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  SC_FIELD_SECRET,   /* keyring only */
  SC_FIELD_IDENTITY, /* which practice, grant, device: keyring, journal, settings, report */
  SC_FIELD_STATUS,   /* how it is: journal, settings, report */
  SC_FIELD_LOG,      /* who did what: journal, export */
} ScFieldClass;

typedef enum
{
  SC_PLACE_KEYRING = 1 << 0,
  SC_PLACE_JOURNAL = 1 << 1,
  SC_PLACE_SETTINGS = 1 << 2,
  SC_PLACE_REPORT = 1 << 3,
} ScPlace;

/**
 * ScField:
 * @place: the one place of this row
 * @name: as written there: JSON path in the keyring item ("practice.officeId") or report,
 * "table.column"
 *   in the journal, "group.key" in the settings
 * @field_class: its class
 */
typedef struct
{
  ScPlace place;
  const char *name;
  ScFieldClass field_class;
} ScField;

/** sc_field_get_table: Returns: (array length=n_fields) (transfer none): all rows */
const ScField *sc_field_get_table (gsize *n_fields);
/** sc_field_class_allows: whether a field of @field_class may be written to @place */
gboolean sc_field_class_allows (ScFieldClass field_class, ScPlace place);
/** sc_field_find: Returns: (nullable) (transfer none): the row, %NULL when @name is not one of
 *  @place */
const ScField *sc_field_find (ScPlace place, const char *name);

G_END_DECLS
