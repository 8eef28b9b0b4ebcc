// SPDX-License-Identifier: MIT
// Configuration: built-in default < companion.ini < policy. Reads text, not files; names what is
// wrong.

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** ScConfigProblem: a value that was not taken; the one before it stays. */
typedef struct
{
  char *file;
  char *key; /* "group.key", "" for the whole file */
  char *problem;
} ScConfigProblem;

/**
 * ScConfig:
 * @cloud_url: [cloud] url
 * @issuer: [cloud] issuer; the cloud URL unless set
 * @is_issuer_set: a file set the issuer, so it does not follow the cloud URL
 * @client_id: [cloud] client_id
 * @scope: [cloud] scope
 * @provider: [connection] provider: "cloud" or "sikka"
 * @sikka_authorize_url: [sikka] authorize_url, "" until set; Sikka's documents describe no such
 * page
 * @sikka_api_url: [sikka] api_url
 * @service_name: [vendor] service_name: what screens call the service
 * @support_phone: [vendor] support_phone
 * @support_mail: [vendor] support_mail
 * @guide_url: [vendor] guide_url
 * @privacy_url: [vendor] privacy_url
 * @hide_disconnect_practice: [policy] hide_disconnect_practice
 * @locked: (element-type utf8): "group.key" of each value that policy set
 * @problems: (element-type ScConfigProblem)
 */
typedef struct
{
  char *cloud_url;
  char *issuer;
  gboolean is_issuer_set;
  char *client_id;
  char *scope;
  char *provider;
  char *sikka_authorize_url;
  char *sikka_api_url;
  char *service_name;
  char *support_phone;
  char *support_mail;
  char *guide_url;
  char *privacy_url;
  gboolean hide_disconnect_practice;
  GHashTable *locked;
  GPtrArray *problems;
} ScConfig;

/** sc_config_new: Returns: (transfer full): the built-in defaults; @cloud_url is the build's */
ScConfig *sc_config_new (const char *cloud_url);
void sc_config_free (ScConfig *self);

/**
 * sc_config_merge:
 * @self: the configuration
 * @file: the file's name, for problems
 * @text: (array length=length): its content
 * @length: its size in bytes
 * @is_policy: what it sets is locked; only policy may set the [policy] group
 *
 * A bad value, an unknown key or group, or a file that does not parse becomes a row of @problems
 * and changes nothing else. A later file does not change what policy locked.
 */
void sc_config_merge (ScConfig *self,
                      const char *file,
                      const char *text,
                      gsize length,
                      gboolean is_policy);

/** sc_config_set_cloud_url: for SIKKA_COMPANION_CLOUD_URL; @origin names where @url came from */
void sc_config_set_cloud_url (ScConfig *self, const char *origin, const char *url);

/** sc_config_add_problem: records what the reader of the files found */
void sc_config_add_problem (ScConfig *self, const char *file, const char *key, const char *problem);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScConfig, sc_config_free)

G_END_DECLS
