// SPDX-License-Identifier: MIT
// Points of the agent: before and after each change of the keyring and each exchange over HTTP.

#define G_LOG_DOMAIN "sc-test"

#include "sc-crash-points.h"

#include "sc-credential-store.h"
#include "sc-http-private.h"

/* What is answered later: its point is passed before the caller hears of it. */

typedef struct
{
  char *step;
  GAsyncReadyCallback callback;
  gpointer user_data;
} Pending;

static Pending *
begin (char *step, GAsyncReadyCallback callback, gpointer user_data)
{
  Pending *pending = g_new0 (Pending, 1);

  pending->step = step;
  pending->callback = callback;
  pending->user_data = user_data;
  sc_crash_points_pass (step, "before");
  return pending;
}

static void
ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Pending *pending = user_data;

  sc_crash_points_pass (pending->step, "after");
  g_free (pending->step);
  if (pending->callback != NULL)
    pending->callback (source, result, pending->user_data);
}

/* ---- the keyring ---- */

#define SLOT_STEP(verb, slot) \
  g_strdup_printf ("keyring/%s/%s", verb, sc_credential_slot_get_name (slot))

void __real_sc_credential_store_store_async (ScCredentialStore *self,
                                             ScCredentialSlot slot,
                                             ScSecretString *value,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer user_data);
void __wrap_sc_credential_store_store_async (ScCredentialStore *self,
                                             ScCredentialSlot slot,
                                             ScSecretString *value,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer user_data);

void
__wrap_sc_credential_store_store_async (ScCredentialStore *self,
                                        ScCredentialSlot slot,
                                        ScSecretString *value,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  Pending *pending = begin (SLOT_STEP ("store", slot), callback, user_data);

  __real_sc_credential_store_store_async (self, slot, value, cancellable, ended_cb, pending);
}

void __real_sc_credential_store_clear_async (ScCredentialStore *self,
                                             ScCredentialSlot slot,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer user_data);
void __wrap_sc_credential_store_clear_async (ScCredentialStore *self,
                                             ScCredentialSlot slot,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer user_data);

void
__wrap_sc_credential_store_clear_async (ScCredentialStore *self,
                                        ScCredentialSlot slot,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  Pending *pending = begin (SLOT_STEP ("clear", slot), callback, user_data);

  __real_sc_credential_store_clear_async (self, slot, cancellable, ended_cb, pending);
}

/* ---- HTTP ---- */

static char *
describe_request (const ScHttpRequest *request)
{
  g_autoptr (GUri) uri = g_uri_parse (request->url, G_URI_FLAGS_ENCODED, NULL);

  return g_strdup_printf ("http/%s%s", request->method, uri != NULL ? g_uri_get_path (uri) : "");
}

void __real_sc_http_send_async (ScHttp *self,
                                ScHttpRequest *request,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
void __wrap_sc_http_send_async (ScHttp *self,
                                ScHttpRequest *request,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);

void
__wrap_sc_http_send_async (ScHttp *self,
                           ScHttpRequest *request,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  Pending *pending = begin (describe_request (request), callback, user_data);

  __real_sc_http_send_async (self, request, cancellable, ended_cb, pending);
}
