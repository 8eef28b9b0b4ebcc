// SPDX-License-Identifier: MIT
// Opening the person's own browser, as the desktop's settings say.

#define G_LOG_DOMAIN "sc-platform"

#include "sc-browser.h"

#include "sc-error.h"
#include "sc-url.h"

/* Secrets of an agent that was started by hand; nobody else's business. */
static const char *const private_variables[] = {
  "SIKKA_APP_ID",
  "SIKKA_APP_KEY",
};

/* Under Wayland and X11: who holds the token may raise its window. */
static const char *const token_variables[] = {
  "XDG_ACTIVATION_TOKEN",
  "DESKTOP_STARTUP_ID",
};

/* A launch context that knows its token beforehand. The environment serves a browser that is
 * started, the virtual function one that D-Bus activates. */
#define SC_TYPE_LAUNCH_CONTEXT (sc_launch_context_get_type ())
G_DECLARE_FINAL_TYPE (ScLaunchContext, sc_launch_context, SC, LAUNCH_CONTEXT, GAppLaunchContext)

struct _ScLaunchContext
{
  GAppLaunchContext parent_instance;

  char *token;
};

G_DEFINE_FINAL_TYPE (ScLaunchContext, sc_launch_context, G_TYPE_APP_LAUNCH_CONTEXT)

static char *
sc_launch_context_get_startup_notify_id (GAppLaunchContext *context, GAppInfo *info, GList *files)
{
  return g_strdup (SC_LAUNCH_CONTEXT (context)->token);
}

static GAppLaunchContext *
create_context (const char *token)
{
  ScLaunchContext *self = g_object_new (SC_TYPE_LAUNCH_CONTEXT, NULL);
  GAppLaunchContext *context = G_APP_LAUNCH_CONTEXT (self);

  self->token = g_strdup (token);
  for (gsize i = 0; i < G_N_ELEMENTS (private_variables); i++)
    g_app_launch_context_unsetenv (context, private_variables[i]);
  /* The agent's own token, if it was started with one, was used up long ago. */
  for (gsize i = 0; i < G_N_ELEMENTS (token_variables); i++)
    {
      if (token != NULL)
        g_app_launch_context_setenv (context, token_variables[i], token);
      else
        g_app_launch_context_unsetenv (context, token_variables[i]);
    }
  return context;
}

static void
launched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (g_app_info_launch_default_for_uri_finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_new_error (task, SC_ERROR, SC_ERROR_CANCELLED, "browser: cancelled");
  else
    /* GIO's message may quote the URL, and with it the state value. */
    g_task_return_new_error (task, SC_ERROR, SC_ERROR_BROWSER, "no browser was opened: %s %d",
                             g_quark_to_string (error->domain), error->code);
}

void
sc_browser_open_async (const char *url,
                       const char *activation_token,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GAppLaunchContext) context = NULL;
  GError *error = NULL;

  g_return_if_fail (url != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, sc_browser_open_async);
  /* The contract's error for it is ours, not GIO's. */
  g_task_set_check_cancellable (task, FALSE);
  if (g_cancellable_is_cancelled (cancellable))
    {
      g_task_return_new_error (task, SC_ERROR, SC_ERROR_CANCELLED, "browser: cancelled");
      return;
    }
  if (!sc_url_check (url, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  context = create_context (activation_token);
  g_app_info_launch_default_for_uri_async (url, context, cancellable, launched_cb,
                                           g_object_ref (task));
}

gboolean
sc_browser_open_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, sc_browser_open_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
sc_launch_context_finalize (GObject *object)
{
  g_free (SC_LAUNCH_CONTEXT (object)->token);
  G_OBJECT_CLASS (sc_launch_context_parent_class)->finalize (object);
}

static void
sc_launch_context_class_init (ScLaunchContextClass *klass)
{
  GAppLaunchContextClass *context_class = G_APP_LAUNCH_CONTEXT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = sc_launch_context_finalize;
  context_class->get_startup_notify_id = sc_launch_context_get_startup_notify_id;
}

static void
sc_launch_context_init (ScLaunchContext *self)
{
}
