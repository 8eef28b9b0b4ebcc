// SPDX-License-Identifier: MIT
// Random bytes, with a kernel that is interrupted, refuses or gives too little. The linker puts the
// stand-in below in the place of getrandom(2).

#include <errno.h>
#include <string.h>
#include <sys/types.h>

#include "sc-error.h"
#include "sc-random.h"

ssize_t __real_getrandom (void *bytes, size_t length, unsigned int flags);
ssize_t __wrap_getrandom (void *bytes, size_t length, unsigned int flags);

static guint n_calls;
static guint n_interruptions; /* calls that end with EINTR before one works */
static int refusal;           /* errno of every call, 0 for none */
static gsize missing;         /* bytes fewer than asked for */

ssize_t
__wrap_getrandom (void *bytes, size_t length, unsigned int flags)
{
  n_calls++;
  errno = refusal;
  if (refusal != 0)
    return -1;
  errno = EINTR;
  if (n_calls <= n_interruptions)
    return -1;
  return __real_getrandom (bytes, length - missing, flags);
}

static void
set_kernel (guint interruptions, int error_number, gsize n_missing)
{
  n_calls = 0;
  n_interruptions = interruptions;
  refusal = error_number;
  missing = n_missing;
}

static void
test_fills_all (void)
{
  guint8 first[256] = { 0 };
  guint8 second[256] = { 0 };
  g_autoptr (GError) error = NULL;

  set_kernel (0, 0, 0);
  g_assert_true (sc_random_fill (first, sizeof first, &error));
  g_assert_no_error (error);
  g_assert_true (sc_random_fill (second, sizeof second, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_calls, ==, 2);
  g_assert_cmpint (memcmp (first, second, sizeof first), !=, 0);
  /* The last bytes too: sixteen zeros in a row do not happen. */
  g_assert_cmpint (memcmp (first + 240, (guint8[16]){ 0 }, 16), !=, 0);
  g_assert_true (sc_random_fill (NULL, 0, &error));
}

static void
test_goes_on_after_a_signal (void)
{
  guint8 bytes[32] = { 0 };
  g_autoptr (GError) error = NULL;

  set_kernel (3, 0, 0);
  g_assert_true (sc_random_fill (bytes, sizeof bytes, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_calls, ==, 4);
}

static void
assert_fails_closed (void)
{
  guint8 bytes[32] = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *uuid = NULL;

  g_assert_false (sc_random_fill (bytes, sizeof bytes, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_RANDOM);
  g_assert_cmpmem (bytes, sizeof bytes, ((guint8[32]){ 0 }), 32);
  g_clear_error (&error);
  uuid = sc_random_create_uuid (&error);
  g_assert_error (error, SC_ERROR, SC_ERROR_RANDOM);
  g_assert_null (uuid);
}

static void
test_short_read_fails_closed (void)
{
  set_kernel (0, 0, 1);
  assert_fails_closed ();
}

static void
test_refusal_fails_closed (void)
{
  set_kernel (0, ENOSYS, 0);
  assert_fails_closed ();
}

static void
test_uuid (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  set_kernel (0, 0, 0);
  for (guint i = 0; i < 200; i++)
    {
      char *uuid = sc_random_create_uuid (&error);

      g_assert_no_error (error);
      g_assert_true (g_uuid_string_is_valid (uuid));
      g_assert_cmpint (uuid[14], ==, '4');
      g_assert_nonnull (strchr ("89ab", uuid[19]));
      g_assert_true (g_hash_table_add (seen, uuid));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/platform/random/fills-all", test_fills_all);
  g_test_add_func ("/platform/random/goes-on-after-a-signal", test_goes_on_after_a_signal);
  g_test_add_func ("/platform/random/short-read-fails-closed", test_short_read_fails_closed);
  g_test_add_func ("/platform/random/refusal-fails-closed", test_refusal_fails_closed);
  g_test_add_func ("/platform/random/uuid", test_uuid);
  return g_test_run ();
}
