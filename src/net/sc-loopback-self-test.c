// SPDX-License-Identifier: MIT
// Whether a browser on this PC could reach a loopback port of ours: the way of the redirect, with a
// listener of its own and no browser.

#define G_LOG_DOMAIN "sc-net"

#include "sc-error.h"
#include "sc-http.h"
#include "sc-loopback.h"

#include <string.h>

/* No secret: nothing is behind this listener. */
#define STATE "self-test"

static void
redirected_cb (ScLoopback *listener, ScRedirect *redirect, gpointer user_data)
{
  sc_loopback_answer (listener, SC_LOOPBACK_PAGE_DONE, NULL);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ScHttpAnswer) answer = sc_http_send_finish (SC_HTTP (source), result, &error);

  sc_loopback_close (g_task_get_task_data (task));
  if (g_error_matches (error, SC_ERROR, SC_ERROR_CANCELLED))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (answer == NULL)
    g_task_return_new_error (task, SC_ERROR, SC_ERROR_LOOPBACK_BLOCKED,
                             "loopback port does not answer: %s", error->message);
  else if (answer->status != 200)
    g_task_return_new_error (task, SC_ERROR, SC_ERROR_LOOPBACK_BLOCKED,
                             "something else answers on the loopback port: status %u",
                             answer->status);
  else
    g_task_return_boolean (task, TRUE);
}

void
sc_loopback_self_test_async (GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (ScSecretString) state = sc_secret_string_new (STATE);
  ScLoopback *listener = sc_loopback_new (state);
  g_autoptr (ScHttp) http = NULL;
  g_autofree char *url = NULL;
  ScHttpRequest *request = NULL;
  GError *error = NULL;

  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  g_task_set_source_tag (task, sc_loopback_self_test_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, listener, g_object_unref);
  g_signal_connect (listener, "redirected", G_CALLBACK (redirected_cb), NULL);
  if (!sc_loopback_listen (listener, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  http = sc_http_new (NULL, NULL);
  url = g_strconcat (sc_loopback_get_redirect_uri (listener), "?code=none&state=" STATE, NULL);
  request = sc_http_request_new ("GET", url);
  sc_http_request_set_limits (request, SC_LOOPBACK_DEADLINE, SC_HTTP_MAX_BODY);
  sc_http_send_async (http, request, cancellable, answered_cb, g_steal_pointer (&task));
}

gboolean
sc_loopback_self_test_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, sc_loopback_self_test_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
