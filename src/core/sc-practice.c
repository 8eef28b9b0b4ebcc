// SPDX-License-Identifier: MIT
// A practice's identity, none of it secret: Sikka's office id (Master Customer ID), name and PMS.

#define G_LOG_DOMAIN "sc-core"

#include "sc-practice.h"

G_DEFINE_BOXED_TYPE (ScPractice, sc_practice, sc_practice_copy, sc_practice_free)

static char *
dup_or_empty (const char *text)
{
  return g_strdup (text != NULL ? text : "");
}

ScPractice *
sc_practice_new (const char *office_id, const char *name, const char *pms_type)
{
  ScPractice *self = g_new0 (ScPractice, 1);

  self->office_id = dup_or_empty (office_id);
  self->name = dup_or_empty (name);
  self->pms_type = dup_or_empty (pms_type);
  return self;
}

ScPractice *
sc_practice_copy (const ScPractice *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return sc_practice_new (self->office_id, self->name, self->pms_type);
}

void
sc_practice_free (ScPractice *self)
{
  if (self == NULL)
    return;
  g_free (self->office_id);
  g_free (self->name);
  g_free (self->pms_type);
  g_free (self);
}

gboolean
sc_practice_is_same (const ScPractice *a, const ScPractice *b)
{
  if (a == NULL || b == NULL)
    return FALSE;
  return *a->office_id != '\0' && g_str_equal (a->office_id, b->office_id);
}
