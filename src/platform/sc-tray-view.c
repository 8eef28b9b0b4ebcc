// SPDX-License-Identifier: MIT
// What a tray icon shows.

#define G_LOG_DOMAIN "sc-platform"

#include "sc-tray-view.h"

const char *
sc_tray_shape_get_id (ScTrayShape shape)
{
  static const char *const ids[SC_N_TRAY_SHAPES] = {
    [SC_TRAY_SHAPE_OK] = "ok",           [SC_TRAY_SHAPE_ATTENTION] = "attention",
    [SC_TRAY_SHAPE_FAILED] = "failed",   [SC_TRAY_SHAPE_BUSY] = "busy",
    [SC_TRAY_SHAPE_UNKNOWN] = "unknown",
  };

  g_return_val_if_fail ((guint) shape < SC_N_TRAY_SHAPES, "unknown");

  return ids[shape];
}

static void
item_free (ScTrayItem *item)
{
  g_free (item->label);
  g_free (item);
}

ScTrayView *
sc_tray_view_new (ScTrayShape shape, const char *tooltip)
{
  ScTrayView *self = NULL;

  g_return_val_if_fail ((guint) shape < SC_N_TRAY_SHAPES, NULL);
  g_return_val_if_fail (tooltip != NULL, NULL);

  self = g_new0 (ScTrayView, 1);
  self->shape = shape;
  self->tooltip = g_strdup (tooltip);
  self->items = g_ptr_array_new_with_free_func ((GDestroyNotify) item_free);
  return self;
}

void
sc_tray_view_free (ScTrayView *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->tooltip);
  g_ptr_array_unref (self->items);
  g_free (self);
}

void
sc_tray_view_add_item (ScTrayView *self,
                       int id,
                       const char *label,
                       gboolean enabled,
                       gboolean visible)
{
  ScTrayItem *item = NULL;

  g_return_if_fail (self != NULL);
  g_return_if_fail (id > 0 && sc_tray_view_find_item (self, id) == NULL);

  item = g_new0 (ScTrayItem, 1);
  item->id = id;
  item->label = g_strdup (label);
  item->enabled = enabled;
  item->visible = visible;
  g_ptr_array_add (self->items, item);
}

void
sc_tray_view_add_separator (ScTrayView *self, int id)
{
  sc_tray_view_add_item (self, id, NULL, FALSE, TRUE);
}

const ScTrayItem *
sc_tray_view_find_item (const ScTrayView *self, int id)
{
  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->items->len; i++)
    {
      const ScTrayItem *item = g_ptr_array_index (self->items, i);

      if (item->id == id)
        return item;
    }
  return NULL;
}

static gboolean
item_is_same (const ScTrayItem *a, const ScTrayItem *b)
{
  return a->id == b->id && a->enabled == b->enabled && a->visible == b->visible &&
         g_strcmp0 (a->label, b->label) == 0;
}

gboolean
sc_tray_view_has_same_items (const ScTrayView *self, const ScTrayView *other)
{
  g_return_val_if_fail (self != NULL && other != NULL, FALSE);

  if (self->items->len != other->items->len)
    return FALSE;
  for (guint i = 0; i < self->items->len; i++)
    if (!item_is_same (g_ptr_array_index (self->items, i), g_ptr_array_index (other->items, i)))
      return FALSE;
  return TRUE;
}
