// SPDX-License-Identifier: MIT
// The window program on Linux: org.freedesktop.Application under its id, which the bus starts.

#define G_LOG_DOMAIN "sc-platform"

#include "sc-window-launcher.h"

#include "config.h"

#define BUS "org.freedesktop.DBus"
#define BUS_PATH "/org/freedesktop/DBus"
#define WINDOW_PATH "/ca/parlae/SikkaCompanion"

struct _ScWindowLauncher
{
  GObject parent_instance;

  GDBusConnection *bus; /* (nullable) */
  GCancellable *cancellable;
  guint watch;
  gboolean installed; /* the bus knows how to start it */
  gboolean running;
};

G_DEFINE_FINAL_TYPE (ScWindowLauncher, sc_window_launcher, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
set_there (ScWindowLauncher *self, gboolean installed, gboolean running)
{
  gboolean before = sc_window_launcher_is_there (self);

  self->installed = installed;
  self->running = running;
  if (sc_window_launcher_is_there (self) != before)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
names_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ScWindowLauncher) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autofree const char **names = NULL;

  if (answer == NULL)
    return;
  g_variant_get (answer, "(^a&s)", &names);
  set_there (self, g_strv_contains (names, SC_APP_ID), self->running);
}

static void
list_names (ScWindowLauncher *self)
{
  g_dbus_connection_call (self->bus, BUS, BUS_PATH, BUS, "ListActivatableNames", NULL,
                          G_VARIANT_TYPE ("(as)"), G_DBUS_CALL_FLAGS_NONE, -1, self->cancellable,
                          names_listed_cb, g_object_ref (self));
}

/* Also a window that was started by hand, uninstalled. */
static void
appeared_cb (GDBusConnection *bus, const char *name, const char *owner, gpointer user_data)
{
  ScWindowLauncher *self = user_data;

  set_there (self, self->installed, TRUE);
}

static void
vanished_cb (GDBusConnection *bus, const char *name, gpointer user_data)
{
  ScWindowLauncher *self = user_data;

  set_there (self, self->installed, FALSE);
}

gboolean
sc_window_launcher_is_there (ScWindowLauncher *self)
{
  g_return_val_if_fail (SC_IS_WINDOW_LAUNCHER (self), FALSE);

  return self->installed || self->running;
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (answer == NULL)
    g_warning ("the window cannot be opened: %s", error->message);
}

/* Both names of the token: the older one is that of X11. */
void
sc_window_launcher_open (ScWindowLauncher *self, const char *token)
{
  GVariantBuilder platform_data = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{sv}"));

  g_return_if_fail (SC_IS_WINDOW_LAUNCHER (self));
  g_return_if_fail (sc_window_launcher_is_there (self));

  if (token != NULL)
    {
      g_variant_builder_add (&platform_data, "{sv}", "activation-token",
                             g_variant_new_string (token));
      g_variant_builder_add (&platform_data, "{sv}", "desktop-startup-id",
                             g_variant_new_string (token));
    }
  g_dbus_connection_call (self->bus, SC_APP_ID, WINDOW_PATH, "org.freedesktop.Application",
                          "Activate", g_variant_new ("(a{sv})", &platform_data), NULL,
                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, opened_cb, NULL);
}

static void
sc_window_launcher_dispose (GObject *object)
{
  ScWindowLauncher *self = SC_WINDOW_LAUNCHER (object);

  g_cancellable_cancel (self->cancellable);
  if (self->watch != 0)
    g_bus_unwatch_name (self->watch);
  self->watch = 0;
  g_clear_object (&self->bus);
  G_OBJECT_CLASS (sc_window_launcher_parent_class)->dispose (object);
}

static void
sc_window_launcher_finalize (GObject *object)
{
  g_object_unref (SC_WINDOW_LAUNCHER (object)->cancellable);
  G_OBJECT_CLASS (sc_window_launcher_parent_class)->finalize (object);
}

static void
sc_window_launcher_class_init (ScWindowLauncherClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = sc_window_launcher_dispose;
  G_OBJECT_CLASS (klass)->finalize = sc_window_launcher_finalize;
  signals[CHANGED] = g_signal_new ("changed", SC_TYPE_WINDOW_LAUNCHER, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
sc_window_launcher_init (ScWindowLauncher *self)
{
  self->cancellable = g_cancellable_new ();
}

ScWindowLauncher *
sc_window_launcher_new (GDBusConnection *bus)
{
  ScWindowLauncher *self = g_object_new (SC_TYPE_WINDOW_LAUNCHER, NULL);

  if (bus == NULL)
    return self;
  self->bus = g_object_ref (bus);
  list_names (self);
  self->watch = g_bus_watch_name_on_connection (bus, SC_APP_ID, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                                appeared_cb, vanished_cb, self, NULL);
  return self;
}
