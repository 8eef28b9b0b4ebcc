// SPDX-License-Identifier: MIT
// Small facts about this computer and this process.

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** sc_system_describe_os: Returns: (transfer full): e.g. "linux debian 12" */
char *sc_system_describe_os (void);
/** sc_system_get_user: Returns: (transfer none): the OS user's login name */
const char *sc_system_get_user (void);
/** sc_system_get_policy_path: Returns: (transfer none): e.g. "/etc/sikka-companion/policy.ini" */
const char *sc_system_get_policy_path (void);
/** sc_system_is_sandboxed: whether this is a Flatpak, which hides the rest of the computer */
gboolean sc_system_is_sandboxed (void);
/** sc_system_get_free_space: Returns: bytes free where @path is, -1 when not known */
gint64 sc_system_get_free_space (const char *path);
/** sc_system_make_private_folder: creates @path for this user only; %SC_ERROR_FAILED */
gboolean sc_system_make_private_folder (const char *path, GError **error);
/** sc_system_harden: no core dumps, descriptors limited; called once, first thing */
void sc_system_harden (void);
/** sc_system_release_memory: hands what was freed back to the system; takes a millisecond or two,
 * so for when something big is over */
void sc_system_release_memory (void);
/** sc_system_get_proxy_resolver: Returns: (transfer full): the system's proxies */
GProxyResolver *sc_system_get_proxy_resolver (void);
/** sc_system_on_terminate: calls @func on SIGTERM and SIGINT, on the main context */
void sc_system_on_terminate (GSourceFunc func, gpointer user_data);

G_END_DECLS
