// SPDX-License-Identifier: MIT
// The tray's interface: what every implementation is called by, and says.

#define G_LOG_DOMAIN "sc-platform"

#include "sc-tray.h"

G_DEFINE_INTERFACE (ScTray, sc_tray, G_TYPE_OBJECT)

enum
{
  ACTIVATED,
  ITEM_CHOSEN,
  AVAILABLE_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
sc_tray_default_init (ScTrayInterface *iface)
{
  signals[ACTIVATED] = g_signal_new ("activated", SC_TYPE_TRAY, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                     NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[ITEM_CHOSEN] = g_signal_new ("item-chosen", SC_TYPE_TRAY, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_STRING);
  signals[AVAILABLE_CHANGED] = g_signal_new ("available-changed", SC_TYPE_TRAY, G_SIGNAL_RUN_LAST,
                                             0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

gboolean
sc_tray_start (ScTray *self, GError **error)
{
  g_return_val_if_fail (SC_IS_TRAY (self), FALSE);

  return SC_TRAY_GET_IFACE (self)->start (self, error);
}

void
sc_tray_stop (ScTray *self)
{
  g_return_if_fail (SC_IS_TRAY (self));

  SC_TRAY_GET_IFACE (self)->stop (self);
}

void
sc_tray_show (ScTray *self, ScTrayView *view)
{
  g_return_if_fail (SC_IS_TRAY (self));
  g_return_if_fail (view != NULL);

  SC_TRAY_GET_IFACE (self)->show (self, view);
}

gboolean
sc_tray_is_available (ScTray *self)
{
  g_return_val_if_fail (SC_IS_TRAY (self), FALSE);

  return SC_TRAY_GET_IFACE (self)->is_available (self);
}

void
sc_tray_emit_activated (ScTray *self, const char *token)
{
  g_signal_emit (self, signals[ACTIVATED], 0, token);
}

void
sc_tray_emit_item_chosen (ScTray *self, int id, const char *token)
{
  g_signal_emit (self, signals[ITEM_CHOSEN], 0, id, token);
}

void
sc_tray_emit_available_changed (ScTray *self)
{
  g_signal_emit (self, signals[AVAILABLE_CHANGED], 0);
}
