// SPDX-License-Identifier: MIT
// A process that has no file descriptors left.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-descriptors.h"

#include <sys/resource.h>

/* Low, so that few sockets reach it. */
#define LIMIT 128

static struct rlimit before;

GPtrArray *
sc_test_descriptors_exhaust (void)
{
  GPtrArray *held = g_ptr_array_new_with_free_func (g_object_unref);
  struct rlimit low = { 0 };
  GSocket *socket = NULL;

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &before), ==, 0);
  low = before;
  low.rlim_cur = LIMIT;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &low), ==, 0);
  while ((socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, 0, NULL)) != NULL)
    g_ptr_array_add (held, socket);
  g_assert_cmpuint (held->len, >, 0);
  g_ptr_array_set_size (held, held->len - 1);
  return held;
}

void
sc_test_descriptors_release (GPtrArray *held)
{
  g_ptr_array_unref (held);
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &before), ==, 0);
}
