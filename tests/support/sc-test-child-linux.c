// SPDX-License-Identifier: MIT
// Linux: the kernel kills the program when the thread that started it is gone.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-child.h"

#include <signal.h>
#include <sys/prctl.h>

static void
child_forked_cb (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

void
sc_test_child_end_with_parent (GSubprocessLauncher *launcher)
{
  g_subprocess_launcher_set_child_setup (launcher, child_forked_cb, NULL, NULL);
}
