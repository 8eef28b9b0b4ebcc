// SPDX-License-Identifier: MIT
// A practice's identity, none of it secret: Sikka's office id (Master Customer ID), name and PMS.

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SC_TYPE_PRACTICE (sc_practice_get_type ())

/**
 * ScPractice:
 * @office_id: Sikka's Master Customer ID, e.g. "D10023"; what tells practices apart
 * @name: what people call it
 * @pms_type: the practice management system, e.g. "Dentrix"; "" when not known
 */
typedef struct
{
  char *office_id;
  char *name;
  char *pms_type;
} ScPractice;

GType sc_practice_get_type (void);
/** sc_practice_new: %NULL stands for "" */
ScPractice *sc_practice_new (const char *office_id, const char *name, const char *pms_type);
ScPractice *sc_practice_copy (const ScPractice *self);
void sc_practice_free (ScPractice *self);

/**
 * sc_practice_is_same:
 * @a: (nullable): a practice
 * @b: (nullable): another
 *
 * Whether both are the same office, by office id alone: names change. %NULL, or an office id that
 * is not known (""), is the same as nothing: rather ask a person than mix up practices.
 */
gboolean sc_practice_is_same (const ScPractice *a, const ScPractice *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScPractice, sc_practice_free)

G_END_DECLS
