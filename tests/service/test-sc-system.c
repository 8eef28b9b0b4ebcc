// SPDX-License-Identifier: MIT
// Small facts about the computer and the process, each asked of the real system.

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <glib/gstdio.h>

#include "sc-error.h"
#include "sc-system.h"
#include "sc-test-wait.h"

static void
test_describe_os (void)
{
  g_autofree char *text = sc_system_describe_os ();
  g_autofree char *id = g_get_os_info (G_OS_INFO_KEY_ID);
  g_autofree char *lower = g_ascii_strdown (text, -1);
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  g_assert_cmpstr (words[0], ==, "linux");
  g_assert_cmpstr (words[1], ==, id);
  g_assert_cmpstr (text, ==, lower);
  g_assert_null (strchr (text, '('));
}

static void
test_user (void)
{
  g_assert_cmpstr (sc_system_get_user (), ==, g_get_user_name ());
  g_assert_true (sc_system_get_user () == sc_system_get_user ());
}

static void
test_policy_path (void)
{
  g_assert_true (g_path_is_absolute (sc_system_get_policy_path ()));
  g_assert_true (g_str_has_suffix (sc_system_get_policy_path (), "/sikka-companion/policy.ini"));
}

static void
test_free_space (void)
{
  g_assert_cmpint (sc_system_get_free_space (g_get_tmp_dir ()), >, 0);
  g_assert_cmpint (sc_system_get_free_space ("/proc"), ==, 0);
  g_assert_cmpint (sc_system_get_free_space ("/nonexistent/folder"), ==, -1);
}

static guint
get_mode (const char *path)
{
  GStatBuf facts = { 0 };

  g_assert_cmpint (g_stat (path, &facts), ==, 0);
  return facts.st_mode & 0777;
}

static void
test_private_folder (void)
{
  g_autofree char *base = g_dir_make_tmp ("sc-system-XXXXXX", NULL);
  g_autofree char *parent = g_build_filename (base, "a", NULL);
  g_autofree char *path = g_build_filename (parent, "b", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (sc_system_make_private_folder (path, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (get_mode (parent), ==, 0700);
  g_assert_cmpuint (get_mode (path), ==, 0700);

  /* One that was there before and is open to others is closed. */
  g_assert_cmpint (g_chmod (path, 0755), ==, 0);
  g_assert_true (sc_system_make_private_folder (path, &error));
  g_assert_cmpuint (get_mode (path), ==, 0700);

  g_rmdir (path);
  g_rmdir (parent);
  g_rmdir (base);
}

static void
test_private_folder_fails (void)
{
  g_autofree char *base = g_dir_make_tmp ("sc-system-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (base, "file", NULL);
  g_autofree char *path = g_build_filename (file, "folder", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (file, "", 0, NULL));
  g_assert_false (sc_system_make_private_folder (path, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_FAILED);
  g_assert_null (strstr (error->message, base));
  g_remove (file);
  g_rmdir (base);
}

static void
test_harden (void)
{
  struct rlimit limit = { 0 };

  sc_system_harden ();
  g_assert_cmpint (prctl (PR_GET_DUMPABLE), ==, 0);
  g_assert_cmpint (getrlimit (RLIMIT_CORE, &limit), ==, 0);
  g_assert_cmpuint (limit.rlim_cur, ==, 0);
  g_assert_cmpuint (limit.rlim_max, ==, 0);
  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  g_assert_cmpuint (limit.rlim_cur, ==, MIN (limit.rlim_max, 4096));
  /* For the leak checker, which looks into the process. */
  g_assert_cmpint (prctl (PR_SET_DUMPABLE, 1), ==, 0);
}

static void
test_proxy_resolver (void)
{
  g_autoptr (GProxyResolver) resolver = sc_system_get_proxy_resolver ();

  g_assert_true (G_IS_PROXY_RESOLVER (resolver));
}

static gboolean
terminated_cb (gpointer user_data)
{
  guint *n_signals = user_data;

  (*n_signals)++;
  return G_SOURCE_CONTINUE;
}

static gboolean
is_one (gpointer user_data)
{
  return *(guint *) user_data == 1;
}

static void
test_on_terminate (void)
{
  static const int signals[] = { SIGTERM, SIGINT };
  static guint n_signals;

  sc_system_on_terminate (terminated_cb, &n_signals);
  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    {
      n_signals = 0;
      g_assert_cmpint (raise (signals[i]), ==, 0);
      sc_test_wait_until (is_one, &n_signals);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/platform/system/describe-os", test_describe_os);
  g_test_add_func ("/platform/system/user", test_user);
  g_test_add_func ("/platform/system/policy-path", test_policy_path);
  g_test_add_func ("/platform/system/free-space", test_free_space);
  g_test_add_func ("/platform/system/private-folder", test_private_folder);
  g_test_add_func ("/platform/system/private-folder-fails", test_private_folder_fails);
  g_test_add_func ("/platform/system/harden", test_harden);
  g_test_add_func ("/platform/system/proxy-resolver", test_proxy_resolver);
  g_test_add_func ("/platform/system/on-terminate", test_on_terminate);
  return g_test_run ();
}
