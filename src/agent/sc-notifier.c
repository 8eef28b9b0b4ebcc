// SPDX-License-Identifier: MIT
// Tells a person what needs one.

#define G_LOG_DOMAIN "sc-agent"

#include "sc-notifier.h"

#include "config.h"

#include <glib/gi18n.h>

#define NOTIFICATION "status"

typedef struct
{
  const char *message; /* id of sc_connection_get_message() */
  gboolean always;     /* also when the person began what led there */
  const char *title;
  const char *body;
} Trouble;

static const Trouble troubles[] = {
  { "confirm-practice", TRUE, N_ ("Is this the right practice?"),
    N_ ("Another practice than before was signed in in the browser. Nothing is changed until "
        "somebody answers.") },
  { "withdrawn", FALSE, N_ ("The permission was withdrawn"),
    N_ ("The practice is no longer connected. Choose Connect via Sikka to connect it again.") },
  { "not-held", FALSE, N_ ("This PC is no longer connected"),
    N_ ("The keyring does not hold the permission any more. Choose Connect via Sikka to connect "
        "again.") },
  { "failed", FALSE, N_ ("The connection failed"),
    N_ ("Data may not arrive. Choose Check Connection to see why.") },
  { "attention", FALSE, N_ ("The connection needs someone"),
    N_ ("It works, but something should be looked at. Choose Check Connection to see what.") },
};

static const Trouble connect_failed = {
  "", TRUE, N_ ("Connecting did not begin"),
  N_ ("Something on this PC is in the way. \"sikkactl preflight\" says what and who can help.")
};

struct _ScNotifier
{
  GObject parent_instance;

  ScController *controller;
  GApplication *application; /* not owned */
  const Trouble *trouble;    /* (nullable): of the state that was seen last */
  gboolean seen;             /* a state was seen */
  gboolean shown;
  gboolean was_asked;    /* in the state that was seen last, a person's command was under way */
  gboolean own_check;    /* the program's own check at the start is to come, or under way */
  gboolean is_own_check; /* it is under way */
};

G_DEFINE_FINAL_TYPE (ScNotifier, sc_notifier, G_TYPE_OBJECT)

static const Trouble *
find_trouble (ScController *controller)
{
  const char *message = sc_connection_get_message (sc_controller_get_connection (controller));

  for (gsize i = 0; i < G_N_ELEMENTS (troubles); i++)
    if (g_str_equal (troubles[i].message, message))
      return &troubles[i];
  return NULL;
}

static void
show (ScNotifier *self, const Trouble *trouble)
{
  g_autoptr (GNotification) notification = g_notification_new (_ (trouble->title));
  g_autoptr (GIcon) icon = g_themed_icon_new (SC_APP_ID);

  g_notification_set_body (notification, _ (trouble->body));
  g_notification_set_icon (notification, icon);
  if (g_action_group_get_action_enabled (G_ACTION_GROUP (self->application), SC_NOTIFIER_OPEN))
    g_notification_set_default_action (notification, "app." SC_NOTIFIER_OPEN);
  g_application_send_notification (self->application, NOTIFICATION, notification);
  self->shown = TRUE;
}

static void
withdraw (ScNotifier *self)
{
  if (self->shown)
    g_application_withdraw_notification (self->application, NOTIFICATION);
  self->shown = FALSE;
}

/* "Check once when I sign in": a person switched it on, but is not waiting for its answer. */
static void
follow_own_check (ScNotifier *self)
{
  gboolean checking = g_str_equal (sc_controller_get_busy (self->controller), "check");

  if (self->is_own_check && !checking)
    self->own_check = FALSE;
  self->is_own_check = self->own_check && checking;
}

/* Whether a person's command is under way and will say itself how it ends. Disconnect ends in no
 * trouble, and is also what tidies up after a withdrawal. */
static gboolean
is_asked (ScNotifier *self)
{
  const ScConnection *connection = sc_controller_get_connection (self->controller);
  const char *busy = sc_controller_get_busy (self->controller);

  if (self->is_own_check)
    return FALSE;
  return connection->state == SC_STATE_BROWSER_OPEN ||
         (*busy != '\0' && !g_str_equal (busy, "disconnect"));
}

static void
changed_cb (ScController *controller, ScNotifier *self)
{
  const Trouble *trouble = find_trouble (controller);
  gboolean was_asked = self->was_asked;

  follow_own_check (self);
  self->was_asked = is_asked (self);
  if (trouble == self->trouble && self->seen)
    return;
  self->trouble = trouble;
  if (!self->seen)
    self->seen = TRUE;
  else if (trouble != NULL && (trouble->always || !(was_asked || self->was_asked)))
    show (self, trouble);
  else
    withdraw (self);
}

void
sc_notifier_tell_connect_failed (ScNotifier *self)
{
  g_return_if_fail (SC_IS_NOTIFIER (self));

  show (self, &connect_failed);
}

static void
sc_notifier_dispose (GObject *object)
{
  ScNotifier *self = SC_NOTIFIER (object);

  if (self->controller != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->controller, self);
      withdraw (self);
    }
  g_clear_object (&self->controller);
  G_OBJECT_CLASS (sc_notifier_parent_class)->dispose (object);
}

static void
sc_notifier_class_init (ScNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = sc_notifier_dispose;
}

static void
sc_notifier_init (ScNotifier *self)
{
}

ScNotifier *
sc_notifier_new (ScController *controller, GApplication *application)
{
  ScNotifier *self = NULL;

  g_return_val_if_fail (SC_IS_CONTROLLER (controller), NULL);
  g_return_val_if_fail (G_IS_APPLICATION (application), NULL);

  self = g_object_new (SC_TYPE_NOTIFIER, NULL);
  self->controller = g_object_ref (controller);
  self->application = application;
  self->own_check =
    sc_settings_get (sc_controller_get_settings (controller), SC_SETTING_CHECK_AT_SIGN_IN);
  g_signal_connect (controller, "changed", G_CALLBACK (changed_cb), self);
  return self;
}
