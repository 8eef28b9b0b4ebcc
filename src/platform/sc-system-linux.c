// SPDX-License-Identifier: MIT
// Small facts about this computer and this process, on Linux.

#define G_LOG_DOMAIN "sc-platform"

#include "config.h"

#include <errno.h>
#include <malloc.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <glib-unix.h>
#include <glib/gstdio.h>

#include "sc-system.h"

#include "sc-error.h"

/* Enough for every connection and file of ours, few enough that a leak is noticed. */
#define MAX_DESCRIPTORS 4096

char *
sc_system_describe_os (void)
{
  g_autofree char *id = g_get_os_info (G_OS_INFO_KEY_ID);
  g_autofree char *version = g_get_os_info (G_OS_INFO_KEY_VERSION_ID);
  g_autoptr (GString) text = g_string_new ("linux");

  /* A rolling distribution has no version. */
  if (id != NULL)
    g_string_append_printf (text, " %s", id);
  if (id != NULL && version != NULL)
    g_string_append_printf (text, " %s", version);
  return g_ascii_strdown (text->str, -1);
}

const char *
sc_system_get_user (void)
{
  static char *user;

  if (g_once_init_enter (&user))
    {
      const struct passwd *entry = getpwuid (getuid ());
      char *name =
        entry != NULL ? g_strdup (entry->pw_name) : g_strdup_printf ("uid-%u", (guint) getuid ());

      g_once_init_leave (&user, name);
    }
  return user;
}

const char *
sc_system_get_policy_path (void)
{
  return SC_SYSCONF_DIR "/sikka-companion/policy.ini";
}

gboolean
sc_system_is_sandboxed (void)
{
  return g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS);
}

gint64
sc_system_get_free_space (const char *path)
{
  struct statvfs facts = { 0 };

  g_return_val_if_fail (path != NULL, -1);

  if (statvfs (path, &facts) != 0)
    return -1;
  if (facts.f_frsize > 0 && facts.f_bavail > G_MAXINT64 / facts.f_frsize)
    return G_MAXINT64;
  return (gint64) (facts.f_bavail * facts.f_frsize);
}

gboolean
sc_system_make_private_folder (const char *path, GError **error)
{
  GStatBuf facts = { 0 };
  int failure = 0;

  g_return_val_if_fail (path != NULL, FALSE);

  /* The folder may be older than this rule, or made with a wide umask. */
  if (g_mkdir_with_parents (path, 0700) != 0 || g_stat (path, &facts) != 0)
    failure = errno;
  else if (facts.st_uid != geteuid ())
    failure = EPERM;
  else if ((facts.st_mode & 0077) != 0 && g_chmod (path, 0700) != 0)
    failure = errno;
  if (failure == 0)
    return TRUE;

  g_set_error (error, SC_ERROR, SC_ERROR_FAILED, "private folder: %s", g_strerror (failure));
  return FALSE;
}

void
sc_system_harden (void)
{
  const struct rlimit no_core = { 0, 0 };
  struct rlimit descriptors = { 0 };

  /* A thread of GLib's that lives for seconds would leave an arena for ever. */
  mallopt (M_ARENA_MAX, 1);
  /* Memory with tokens in it is neither dumped nor read by other programs of the person. */
  if (prctl (PR_SET_DUMPABLE, 0) != 0 || setrlimit (RLIMIT_CORE, &no_core) != 0)
    g_warning ("core dumps not switched off: %s", g_strerror (errno));
  if (getrlimit (RLIMIT_NOFILE, &descriptors) != 0)
    return;
  descriptors.rlim_cur = MIN (descriptors.rlim_max, MAX_DESCRIPTORS);
  if (setrlimit (RLIMIT_NOFILE, &descriptors) != 0)
    g_warning ("descriptors not limited: %s", g_strerror (errno));
}

void
sc_system_release_memory (void)
{
  malloc_trim (0);
}

GProxyResolver *
sc_system_get_proxy_resolver (void)
{
  return g_object_ref (g_proxy_resolver_get_default ());
}

void
sc_system_on_terminate (GSourceFunc func, gpointer user_data)
{
  g_return_if_fail (func != NULL);

  g_unix_signal_add (SIGTERM, func, user_data);
  g_unix_signal_add (SIGINT, func, user_data);
}
