// SPDX-License-Identifier: MIT
// Looking for Sikka's agent (SPU) on this computer, without elevation, one look when somebody asks.

#pragma once

#include "sc-light.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ScSpuNames: what to look for, from spu.ini, so that support can correct it without a build.
 * @processes: (array zero-terminated=1): program names, compared without case
 * @folders: (array zero-terminated=1): names of the program folder
 * @service_patterns: (array zero-terminated=1): globs on service image paths and display names
 * @uninstall_patterns: (array zero-terminated=1): globs on uninstall entries
 * @logs: (array zero-terminated=1): log files, whose time alone is read
 * @account: the Windows account that the SPU runs as
 */
typedef struct
{
  char **processes;
  char **folders;
  char **service_patterns;
  char **uninstall_patterns;
  char **logs;
  char *account;
} ScSpuNames;

/**
 * sc_spu_names_load:
 * @path: the file
 * @problem: (out) (optional) (transfer full): what is wrong with it, %NULL when nothing
 *
 * Returns: (transfer full): the names; built-in ones for what is missing or bad
 */
ScSpuNames *sc_spu_names_load (const char *path, char **problem);
void sc_spu_names_free (ScSpuNames *self);

/**
 * sc_spu_probe_async:
 * @names: what to look for; read during the call only
 * @now: seconds since 1970, for the findings
 *
 * "Could not look" (a sandbox, no rights) is an answer, not an error. Errors of the finish:
 * %SC_ERROR_CANCELLED.
 */
void sc_spu_probe_async (const ScSpuNames *names,
                         gint64 now,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
/** sc_spu_probe_finish: Returns: (transfer full): what was seen */
ScSpuFindings *sc_spu_probe_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScSpuNames, sc_spu_names_free)

G_END_DECLS
