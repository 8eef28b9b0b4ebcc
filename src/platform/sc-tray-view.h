// SPDX-License-Identifier: MIT
// What a tray icon shows: a shape, a sentence and a menu. A value.

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** ScTrayShape: told apart by shape alone, at 16 pixels and without colour */
typedef enum
{
  SC_TRAY_SHAPE_OK,        /* tick */
  SC_TRAY_SHAPE_ATTENTION, /* triangle */
  SC_TRAY_SHAPE_FAILED,    /* octagon */
  SC_TRAY_SHAPE_UNKNOWN,   /* dashed ring */
  SC_TRAY_SHAPE_BUSY,      /* turning arc */
  SC_N_TRAY_SHAPES
} ScTrayShape;

/**
 * ScTrayItem: a line of the menu.
 * @id: from 1, the same for the same command as long as the program runs
 * @label: (nullable): plain text, without marks of any system; %NULL for a separator
 */
typedef struct
{
  int id;
  char *label;
  gboolean enabled;
  gboolean visible;
} ScTrayItem;

/**
 * ScTrayView:
 * @tooltip: plain text
 * @items: (element-type ScTrayItem): from the top
 */
typedef struct
{
  ScTrayShape shape;
  char *tooltip;
  GPtrArray *items;
} ScTrayView;

/** sc_tray_shape_get_id: Returns: (transfer none): "ok", "attention", "failed", "unknown", "busy":
 *  also the end of the icon's name */
const char *sc_tray_shape_get_id (ScTrayShape shape);

/** sc_tray_view_new: Returns: (transfer full): a view without items */
ScTrayView *sc_tray_view_new (ScTrayShape shape, const char *tooltip);
void sc_tray_view_free (ScTrayView *self);

/** sc_tray_view_add_item: below the others; @label is copied */
void sc_tray_view_add_item (ScTrayView *self,
                            int id,
                            const char *label,
                            gboolean enabled,
                            gboolean visible);
/** sc_tray_view_add_separator: a line between items */
void sc_tray_view_add_separator (ScTrayView *self, int id);
/** sc_tray_view_find_item: Returns: (transfer none) (nullable): the item with @id, or a separator's
 */
const ScTrayItem *sc_tray_view_find_item (const ScTrayView *self, int id);

/** sc_tray_view_has_same_items: whether the menus are equal */
gboolean sc_tray_view_has_same_items (const ScTrayView *self, const ScTrayView *other);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScTrayView, sc_tray_view_free)

G_END_DECLS
