// SPDX-License-Identifier: MIT
// The tray and the controller.

#define G_LOG_DOMAIN "sc-agent"

#include "sc-tray-presenter.h"

#include "sc-tray-content.h"

struct _ScTrayPresenter
{
  GObject parent_instance;

  ScController *controller;
  ScTray *tray;
  ScWindowLauncher *window;
};

G_DEFINE_FINAL_TYPE (ScTrayPresenter, sc_tray_presenter, G_TYPE_OBJECT)

enum
{
  CONNECT_FAILED,
  QUIT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
show (ScTrayPresenter *self)
{
  const ScTrayFacts facts = {
    .connection = sc_controller_get_connection (self->controller),
    .busy = sc_controller_get_busy (self->controller),
    .practice = sc_controller_get_practice (self->controller),
    .last_checked = sc_controller_get_last_checked (self->controller),
    .has_window = sc_window_launcher_is_there (self->window),
  };

  sc_tray_show (self->tray, sc_tray_content_create (&facts));
}

/* The window shows why; without one somebody else has to say so. */
static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ScTrayPresenter) self = user_data;
  g_autoptr (GError) error = NULL;

  if (sc_controller_connect_finish (SC_CONTROLLER (source), result, &error) != 0)
    return;
  g_info ("connect, from the tray: %s", error->message);
  if (self->controller == NULL || g_error_matches (error, SC_ERROR, SC_ERROR_CANCELLED))
    return;
  if (sc_window_launcher_is_there (self->window))
    sc_window_launcher_open (self->window, NULL);
  else
    g_signal_emit (self, signals[CONNECT_FAILED], 0);
}

/* What came of it is in the state, and so in the tray. */
static void
checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!sc_controller_check_finish (SC_CONTROLLER (source), result, &error))
    g_info ("check, from the tray: %s", error->message);
}

static void
activated_cb (ScTray *tray, const char *token, ScTrayPresenter *self)
{
  if (sc_window_launcher_is_there (self->window))
    sc_window_launcher_open (self->window, token);
}

static void
item_chosen_cb (ScTray *tray, int id, const char *token, ScTrayPresenter *self)
{
  switch ((ScTrayCommand) id)
    {
    case SC_TRAY_COMMAND_CHECK:
      sc_controller_check_async (self->controller, NULL, checked_cb, NULL);
      break;
    case SC_TRAY_COMMAND_OPEN:
      activated_cb (tray, token, self);
      break;
    case SC_TRAY_COMMAND_CONNECT:
      sc_controller_connect_async (self->controller, TRUE, TRUE, token, NULL, connected_cb,
                                   g_object_ref (self));
      break;
    case SC_TRAY_COMMAND_QUIT:
      g_signal_emit (self, signals[QUIT], 0);
      break;
    case SC_TRAY_COMMAND_STATUS:
    default:
      break;
    }
}

static void
sc_tray_presenter_dispose (GObject *object)
{
  ScTrayPresenter *self = SC_TRAY_PRESENTER (object);

  if (self->tray != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->controller, self);
      g_signal_handlers_disconnect_by_data (self->window, self);
      g_signal_handlers_disconnect_by_data (self->tray, self);
      sc_tray_stop (self->tray);
    }
  g_clear_object (&self->tray);
  g_clear_object (&self->window);
  g_clear_object (&self->controller);
  G_OBJECT_CLASS (sc_tray_presenter_parent_class)->dispose (object);
}

static void
sc_tray_presenter_class_init (ScTrayPresenterClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = sc_tray_presenter_dispose;
  signals[CONNECT_FAILED] = g_signal_new ("connect-failed", SC_TYPE_TRAY_PRESENTER,
                                          G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[QUIT] = g_signal_new ("quit", SC_TYPE_TRAY_PRESENTER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
}

static void
sc_tray_presenter_init (ScTrayPresenter *self)
{
}

ScTrayPresenter *
sc_tray_presenter_new (ScController *controller, ScTray *tray, ScWindowLauncher *window)
{
  ScTrayPresenter *self = NULL;
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (SC_IS_CONTROLLER (controller), NULL);
  g_return_val_if_fail (SC_IS_TRAY (tray), NULL);
  g_return_val_if_fail (SC_IS_WINDOW_LAUNCHER (window), NULL);

  self = g_object_new (SC_TYPE_TRAY_PRESENTER, NULL);
  self->controller = g_object_ref (controller);
  self->tray = g_object_ref (tray);
  self->window = g_object_ref (window);
  g_signal_connect_swapped (controller, "changed", G_CALLBACK (show), self);
  g_signal_connect_swapped (window, "changed", G_CALLBACK (show), self);
  g_signal_connect (tray, "activated", G_CALLBACK (activated_cb), self);
  g_signal_connect (tray, "item-chosen", G_CALLBACK (item_chosen_cb), self);
  show (self);
  if (!sc_tray_start (tray, &error))
    g_info ("no tray: %s", error->message);
  return self;
}
