// SPDX-License-Identifier: MIT
// What the keyring holds: one versioned JSON object with the long-lived secrets and the identity.

#define G_LOG_DOMAIN "sc-core"

#include "sc-credential.h"

#include "sc-error.h"
#include "sc-json.h"

/* Grows when an older program could misread the item; a member more is no reason. */
#define VERSION 1

ScCredential *
sc_credential_new (const char *id, const char *provider, const char *issuer)
{
  ScCredential *self = NULL;

  g_return_val_if_fail (id != NULL, NULL);
  g_return_val_if_fail (provider != NULL, NULL);
  g_return_val_if_fail (issuer != NULL, NULL);

  self = g_new0 (ScCredential, 1);
  self->id = g_strdup (id);
  self->provider = g_strdup (provider);
  self->issuer = g_strdup (issuer);
  self->client_id = g_strdup ("");
  return self;
}

static ScSecretString *
ref_secret (ScSecretString *secret)
{
  return secret != NULL ? sc_secret_string_ref (secret) : NULL;
}

ScCredential *
sc_credential_copy (const ScCredential *self)
{
  ScCredential *copy = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new0 (ScCredential, 1);
  copy->id = g_strdup (self->id);
  copy->provider = g_strdup (self->provider);
  copy->issuer = g_strdup (self->issuer);
  copy->client_id = g_strdup (self->client_id);
  copy->refresh_token = ref_secret (self->refresh_token);
  copy->request_key = ref_secret (self->request_key);
  copy->request_key_expires = self->request_key_expires;
  copy->scope = g_strdup (self->scope);
  copy->obtained = self->obtained;
  copy->practice = self->practice != NULL ? sc_practice_copy (self->practice) : NULL;
  return copy;
}

void
sc_credential_free (ScCredential *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->provider);
  g_free (self->issuer);
  g_free (self->client_id);
  g_clear_pointer (&self->refresh_token, sc_secret_string_unref);
  g_clear_pointer (&self->request_key, sc_secret_string_unref);
  g_free (self->scope);
  g_clear_pointer (&self->practice, sc_practice_free);
  g_free (self);
}

static JsonObject *
build_practice (const ScPractice *practice)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "officeId", practice->office_id);
  json_object_set_string_member (object, "name", practice->name);
  json_object_set_string_member (object, "pmsType", practice->pms_type);
  return object;
}

static void
set_secret (JsonObject *object, const char *member, const ScSecretString *secret)
{
  json_object_set_string_member (object, member, sc_secret_string_peek (secret));
}

/* core/sc-field.c lists each member. */
static JsonObject *
build_object (const ScCredential *self)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "v", VERSION);
  json_object_set_string_member (object, "id", self->id);
  json_object_set_string_member (object, "provider", self->provider);
  json_object_set_string_member (object, "issuer", self->issuer);
  json_object_set_string_member (object, "clientId", self->client_id);
  set_secret (object, "refreshToken", self->refresh_token);
  if (self->request_key != NULL)
    {
      set_secret (object, "requestKey", self->request_key);
      json_object_set_int_member (object, "requestKeyExpires", self->request_key_expires);
    }
  if (self->scope != NULL)
    json_object_set_string_member (object, "scope", self->scope);
  json_object_set_int_member (object, "obtained", self->obtained);
  if (self->practice != NULL)
    json_object_set_object_member (object, "practice", build_practice (self->practice));
  return object;
}

ScSecretString *
sc_credential_serialize (const ScCredential *self, GError **error)
{
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (ScSecretString) text = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (self->refresh_token != NULL, NULL);

  object = build_object (self);
  text = sc_secret_string_new_take (sc_json_to_text (object));
  if (sc_secret_string_get_length (text) > SC_CREDENTIAL_MAX_SIZE)
    {
      g_set_error (error, SC_ERROR, SC_ERROR_STORE_TOO_LARGE,
                   "the credential is larger than %d bytes", SC_CREDENTIAL_MAX_SIZE);
      return NULL;
    }
  return g_steal_pointer (&text);
}

static gboolean
check_version (JsonObject *object, GError **error)
{
  gint64 version = 0;

  if (!sc_json_optional_int (object, "v", &version, error))
    return FALSE;
  if (version == VERSION)
    return TRUE;
  g_set_error (error, SC_ERROR, SC_ERROR_STORE_DAMAGED, "member \"v\" is not %d", VERSION);
  return FALSE;
}

static gboolean
read_string (JsonObject *object, const char *member, char **value, GError **error)
{
  const char *text = sc_json_require_string (object, member, error);

  if (text == NULL)
    return FALSE;
  *value = g_strdup (text);
  return TRUE;
}

static gboolean
read_secrets (JsonObject *object, ScCredential *self, GError **error)
{
  const char *request_key = NULL;

  self->refresh_token = sc_json_require_secret (object, "refreshToken", error);
  if (self->refresh_token == NULL ||
      !sc_json_optional_string (object, "requestKey", &request_key, error))
    return FALSE;
  if (request_key != NULL)
    self->request_key = sc_secret_string_new (request_key);
  return sc_json_optional_int (object, "requestKeyExpires", &self->request_key_expires, error);
}

static gboolean
read_identity (JsonObject *object, ScCredential *self, GError **error)
{
  const char *scope = NULL;

  if (!read_string (object, "id", &self->id, error) ||
      !read_string (object, "provider", &self->provider, error) ||
      !read_string (object, "issuer", &self->issuer, error) ||
      !read_string (object, "clientId", &self->client_id, error) ||
      !sc_json_optional_string (object, "scope", &scope, error) ||
      !sc_json_optional_int (object, "obtained", &self->obtained, error))
    return FALSE;
  self->scope = g_strdup (scope);
  return TRUE;
}

static gboolean
read_practice (JsonObject *object, ScCredential *self, GError **error)
{
  JsonObject *practice = NULL;
  const char *office_id = NULL, *name = NULL, *pms_type = NULL;

  if (!sc_json_optional_object (object, "practice", &practice, error))
    return FALSE;
  if (practice == NULL)
    return TRUE;
  office_id = sc_json_require_string (practice, "officeId", error);
  if (office_id == NULL || !sc_json_optional_string (practice, "name", &name, error) ||
      !sc_json_optional_string (practice, "pmsType", &pms_type, error))
    return FALSE;
  self->practice = sc_practice_new (office_id, name, pms_type);
  return TRUE;
}

ScCredential *
sc_credential_parse (const ScSecretString *text, GError **error)
{
  g_autoptr (ScCredential) self = NULL;
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (GError) cause = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  self = g_new0 (ScCredential, 1);
  object =
    sc_json_parse_object (sc_secret_string_peek (text), sc_secret_string_get_length (text), &cause);
  if (object != NULL && check_version (object, &cause) && read_identity (object, self, &cause) &&
      read_secrets (object, self, &cause) && read_practice (object, self, &cause))
    return g_steal_pointer (&self);
  sc_error_set_cause (error, SC_ERROR_STORE_DAMAGED, "keyring item", cause);
  return NULL;
}

char *
sc_credential_get_account (const ScCredential *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_strdup_printf ("%s|%s", self->issuer,
                          self->practice != NULL ? self->practice->office_id : "");
}
