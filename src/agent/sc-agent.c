// SPDX-License-Identifier: MIT
// The agent as an application: puts the parts together, owns the bus name, ends in order.

#define G_LOG_DOMAIN "sc-agent"

#include "sc-agent.h"

#include "config.h"
#include "sc-bus-service.h"
#include "sc-config-files.h"
#include "sc-controller.h"
#include "sc-notifier.h"
#include "sc-system.h"
#include "sc-tray-presenter.h"

struct _ScAgent
{
  GApplication parent_instance;

  ScSecretString *app_id;
  ScSecretString *app_key;
  ScController *controller;
  ScBusService *service;
  ScNotifier *notifier;
  ScTrayPresenter *tray;
  ScWindowLauncher *window;
};

G_DEFINE_FINAL_TYPE (ScAgent, sc_agent, G_TYPE_APPLICATION)

static char *
build_path (const char *base, const char *name)
{
  return g_build_filename (base, "sikka-companion", name, NULL);
}

static void
make_folder (const char *base)
{
  g_autofree char *path = g_build_filename (base, "sikka-companion", NULL);
  g_autoptr (GError) error = NULL;

  if (!sc_system_make_private_folder (path, &error))
    g_warning ("%s", error->message);
}

static ScConfig *
load_config (void)
{
  g_autofree char *path = build_path (g_get_user_config_dir (), "companion.ini");
  ScConfig *config = sc_config_files_load (path, sc_system_get_policy_path (),
                                           g_getenv ("SIKKA_COMPANION_CLOUD_URL"));

  for (guint i = 0; i < config->problems->len; i++)
    {
      const ScConfigProblem *problem = g_ptr_array_index (config->problems, i);

      g_warning ("configuration %s, %s: %s", problem->file, problem->key, problem->problem);
    }
  return config;
}

static void
require_sikka_key (ScAgent *self, ScConfig *config)
{
  gboolean complete =
    self->app_id != NULL && self->app_key != NULL && *config->sikka_authorize_url != '\0';

  if (!g_str_equal (config->provider, "sikka") || complete)
    return;
  sc_config_add_problem (
    config, "companion.ini", "connection.provider",
    "\"sikka\" needs [sikka] authorize_url, and SIKKA_APP_ID and SIKKA_APP_KEY in the "
    "environment of an agent started by hand; \"cloud\" is used instead");
  g_free (config->provider);
  config->provider = g_strdup ("cloud");
}

static ScSpuNames *
load_spu_names (ScConfig *config)
{
  g_autofree char *path = g_build_filename (SC_PKGDATA_DIR, "spu.ini", NULL);
  g_autofree char *problem = NULL;
  ScSpuNames *names = sc_spu_names_load (path, &problem);

  if (problem != NULL)
    sc_config_add_problem (config, "spu.ini", "", problem);
  return names;
}

static ScJournal *
open_journal (void)
{
  g_autofree char *path = build_path (g_get_user_data_dir (), "journal.db");

  return sc_journal_open (path);
}

static void
name_set_aside (ScConfig *config, ScJournal *journal)
{
  g_autofree char *name = NULL;
  g_autofree char *problem = NULL;

  if (sc_journal_get_set_aside (journal) == NULL)
    return;
  name = g_path_get_basename (sc_journal_get_set_aside (journal));
  problem = g_strdup_printf ("could not be used and is kept as %s", name);
  sc_config_add_problem (config, "journal.db", "", problem);
}

static void
create_controller (ScAgent *self)
{
  g_autofree char *settings_path = build_path (g_get_user_config_dir (), "settings.ini");
  g_autoptr (GProxyResolver) resolver = sc_system_get_proxy_resolver ();
  g_autoptr (ScClock) clock = sc_clock_new_system ();
  g_autoptr (ScCredentialStore) store = sc_credential_store_new_system ();
  g_autoptr (ScSettings) settings = sc_settings_new (settings_path);
  g_autoptr (ScHttp) http = sc_http_new (resolver, NULL);
  g_autoptr (ScJournal) journal = NULL;
  ScControllerParts parts = { .clock = clock, .store = store, .settings = settings, .http = http };

  g_signal_connect (http, "rested", G_CALLBACK (sc_system_release_memory), NULL);
  make_folder (g_get_user_config_dir ());
  make_folder (g_get_user_data_dir ());
  journal = open_journal ();
  parts.journal = journal;
  parts.config = load_config ();
  require_sikka_key (self, parts.config);
  if (sc_settings_get_problem (settings) != NULL)
    sc_config_add_problem (parts.config, "settings.ini", "", sc_settings_get_problem (settings));
  name_set_aside (parts.config, journal);
  parts.spu_names = load_spu_names (parts.config);
  parts.app_id = g_steal_pointer (&self->app_id);
  parts.app_key = g_steal_pointer (&self->app_key);
  self->controller = sc_controller_new (&parts);
}

static gboolean
quit_now (gpointer user_data)
{
  g_application_quit (user_data);
  return G_SOURCE_REMOVE;
}

/* The answer to Quit, also the tray's, is on its way to the bus: let it leave first. */
static void
quit_asked_cb (GObject *source, ScAgent *self)
{
  g_idle_add_full (G_PRIORITY_LOW, quit_now, g_object_ref (self), g_object_unref);
}

static gboolean
terminated_cb (gpointer user_data)
{
  g_application_quit (user_data);
  return G_SOURCE_CONTINUE;
}

static gboolean
sc_agent_dbus_register (GApplication *application,
                        GDBusConnection *connection,
                        const char *object_path,
                        GError **error)
{
  ScAgent *self = SC_AGENT (application);

  /* Before the name is owned: whoever sees it may end the program. */
  sc_system_on_terminate (terminated_cb, self);
  create_controller (self);
  self->service = sc_bus_service_new (self->controller);
  g_signal_connect (self->service, "quit", G_CALLBACK (quit_asked_cb), self);
  return sc_bus_service_export (self->service, connection, error) &&
         G_APPLICATION_CLASS (sc_agent_parent_class)
           ->dbus_register (application, connection, object_path, error);
}

static void
sc_agent_dbus_unregister (GApplication *application,
                          GDBusConnection *connection,
                          const char *object_path)
{
  ScAgent *self = SC_AGENT (application);

  if (self->service != NULL)
    sc_bus_service_unexport (self->service);
  g_clear_object (&self->service);
  g_clear_object (&self->controller);
  G_APPLICATION_CLASS (sc_agent_parent_class)
    ->dbus_unregister (application, connection, object_path);
}

static void
open_window_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ScAgent *self = SC_AGENT (user_data);

  if (self->window != NULL && sc_window_launcher_is_there (self->window))
    sc_window_launcher_open (self->window, NULL);
}

static void
window_changed_cb (ScWindowLauncher *window, GSimpleAction *action)
{
  g_simple_action_set_enabled (action, sc_window_launcher_is_there (window));
}

/* Only the first agent on the bus gets here: a second one must not show an icon of its own. */
static void
show_in_desktop (ScAgent *self)
{
  GDBusConnection *bus = g_application_get_dbus_connection (G_APPLICATION (self));
  g_autoptr (GSimpleAction) open = g_simple_action_new (SC_NOTIFIER_OPEN, NULL);
  g_autoptr (ScTray) tray = sc_tray_new_system (bus);

  self->window = sc_window_launcher_new (bus);
  g_signal_connect (open, "activate", G_CALLBACK (open_window_cb), self);
  g_signal_connect_object (self->window, "changed", G_CALLBACK (window_changed_cb), open, 0);
  window_changed_cb (self->window, open);
  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (open));
  self->notifier = sc_notifier_new (self->controller, G_APPLICATION (self));
  self->tray = sc_tray_presenter_new (self->controller, tray, self->window);
  g_signal_connect (self->tray, "quit", G_CALLBACK (quit_asked_cb), self);
  g_signal_connect_object (self->tray, "connect-failed",
                           G_CALLBACK (sc_notifier_tell_connect_failed), self->notifier,
                           G_CONNECT_SWAPPED);
}

static void
sc_agent_startup (GApplication *application)
{
  ScAgent *self = SC_AGENT (application);

  G_APPLICATION_CLASS (sc_agent_parent_class)->startup (application);
  if (self->controller == NULL)
    return;
  g_application_hold (application);
  show_in_desktop (self);
  sc_controller_start (self->controller);
}

static void
sc_agent_shutdown (GApplication *application)
{
  ScAgent *self = SC_AGENT (application);

  if (self->tray != NULL)
    g_signal_handlers_disconnect_by_data (self->tray, self);
  g_clear_object (&self->tray);
  g_clear_object (&self->notifier);
  g_clear_object (&self->window);
  G_APPLICATION_CLASS (sc_agent_parent_class)->shutdown (application);
}

/* A second start has nothing to show: the window and sikkactl do. */
static void
sc_agent_activate (GApplication *application)
{
}

static void
sc_agent_finalize (GObject *object)
{
  ScAgent *self = SC_AGENT (object);

  g_clear_pointer (&self->app_id, sc_secret_string_unref);
  g_clear_pointer (&self->app_key, sc_secret_string_unref);
  g_clear_object (&self->service);
  g_clear_object (&self->controller);
  G_OBJECT_CLASS (sc_agent_parent_class)->finalize (object);
}

static void
sc_agent_class_init (ScAgentClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = sc_agent_finalize;
  application_class->dbus_register = sc_agent_dbus_register;
  application_class->dbus_unregister = sc_agent_dbus_unregister;
  application_class->startup = sc_agent_startup;
  application_class->shutdown = sc_agent_shutdown;
  application_class->activate = sc_agent_activate;
}

static void
sc_agent_init (ScAgent *self)
{
}

ScAgent *
sc_agent_new (ScSecretString *app_id, ScSecretString *app_key)
{
  ScAgent *self = g_object_new (SC_TYPE_AGENT, "application-id", SC_AGENT_BUS_NAME, "flags",
                                G_APPLICATION_DEFAULT_FLAGS, NULL);

  self->app_id = app_id;
  self->app_key = app_key;
  return self;
}

gboolean
sc_agent_has_bus (ScAgent *self)
{
  g_return_val_if_fail (SC_IS_AGENT (self), FALSE);

  return g_application_get_dbus_connection (G_APPLICATION (self)) != NULL;
}
