// SPDX-License-Identifier: MIT
// From the browser's request at the loopback port to the end of its page, nothing exchanged.

#define G_LOG_DOMAIN "sc-bench"

#include "sc-bench-figures.h"
#include "sc-bench-process.h"
#include "sc-bench-rows.h"

#define WARM_UP 50
#define BLOCKS 7
#define PAIRS_OF_BLOCK 300
#define BAR 1.5

/* What a browser sends, give or take its version. */
#define REQUEST                                                                            \
  "GET %s?%s HTTP/1.1\r\n"                                                                 \
  "Host: %s:%d\r\n"                                                                        \
  "Connection: keep-alive\r\n"                                                             \
  "Upgrade-Insecure-Requests: 1\r\n"                                                       \
  "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)\r\n" \
  "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8\r\n" \
  "Sec-Fetch-Site: cross-site\r\n"                                                         \
  "Sec-Fetch-Mode: navigate\r\n"                                                           \
  "Sec-Fetch-Dest: document\r\n"                                                           \
  "Accept-Encoding: gzip, deflate, br\r\n"                                                 \
  "Accept-Language: en-US,en;q=0.9\r\n\r\n"

static double
time_request (const char *host, guint16 port, const char *request)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string (host, port);
  g_autoptr (GSocket) socket =
    g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  gsize length = strlen (request);
  double begin = sc_bench_now ();
  char answer[4096];
  gsize total = 0;
  gssize got;

  g_assert_true (g_socket_connect (socket, address, NULL, NULL));
  g_assert_cmpint (g_socket_send (socket, request, length, NULL, NULL), ==, (gssize) length);
  while ((got = g_socket_receive (socket, answer + total, sizeof answer - total, NULL, NULL)) > 0)
    total += got;
  g_assert_cmpint (got, ==, 0);
  g_assert_cmpuint (total, >, 1000);
  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 200 "));
  return sc_bench_now () - begin;
}

/* Microseconds for the next listener of @program. */
static double
take_sample (ScBenchProgram *program)
{
  g_autofree char *address = sc_bench_program_read (program);
  g_autoptr (GUri) uri = g_uri_parse (address, G_URI_FLAGS_ENCODED, NULL);
  g_autofree char *request = NULL;
  double taken;

  g_assert_nonnull (uri);
  request = g_strdup_printf (REQUEST, g_uri_get_path (uri), g_uri_get_query (uri),
                             g_uri_get_host (uri), g_uri_get_port (uri));
  taken = time_request (g_uri_get_host (uri), (guint16) g_uri_get_port (uri), request);
  sc_bench_program_write (program, "next");
  return taken * 1000;
}

typedef struct
{
  GArray *all;
  GArray *p50; /* of each block */
  GArray *p99;
} Side;

static void
close_block (Side *side, GArray *block)
{
  g_array_append_vals (side->all, block->data, block->len);
  sc_bench_samples_add (side->p50, sc_bench_quantile (block, 0.5));
  sc_bench_samples_add (side->p99, sc_bench_quantile (block, 0.99));
}

static void
measure_block (ScBenchProgram *ours, ScBenchProgram *bare, Side *our_side, Side *bare_side)
{
  g_autoptr (GArray) our_block = sc_bench_samples_new ();
  g_autoptr (GArray) bare_block = sc_bench_samples_new ();

  for (guint i = 0; i < PAIRS_OF_BLOCK; i++)
    {
      sc_bench_samples_add (our_block, take_sample (ours));
      sc_bench_samples_add (bare_block, take_sample (bare));
    }
  close_block (our_side, our_block);
  close_block (bare_side, bare_block);
}

static void
print_side (const char *name, Side *side)
{
  g_print ("   %-34s p50 %.0f us, p99 %.0f us, slowest %.0f us, n = %u\n", name,
           sc_bench_quantile (side->all, 0.5), sc_bench_quantile (side->all, 0.99),
           sc_bench_quantile (side->all, 1), side->all->len);
}

static void
side_init (Side *side)
{
  side->all = sc_bench_samples_new ();
  side->p50 = sc_bench_samples_new ();
  side->p99 = sc_bench_samples_new ();
}

static void
side_clear (Side *side)
{
  g_array_unref (side->all);
  g_array_unref (side->p50);
  g_array_unref (side->p99);
}

void
sc_bench_redirect (void)
{
  const char *our_argv[] = { sc_bench_get_program ("SC_BENCH_LOOPBACK_SERVER"), NULL };
  const char *bare_argv[] = { sc_bench_get_program ("SC_BENCH_BARE_SOUP_SERVER"), NULL };
  g_autoptr (ScBenchProgram) ours = sc_bench_program_start (NULL, our_argv);
  g_autoptr (ScBenchProgram) bare = sc_bench_program_start (NULL, bare_argv);
  Side our_side;
  Side bare_side;

  g_assert_nonnull (ours);
  g_assert_nonnull (bare);
  side_init (&our_side);
  side_init (&bare_side);
  for (guint i = 0; i < WARM_UP; i++)
    {
      take_sample (ours);
      take_sample (bare);
    }
  for (guint i = 0; i < BLOCKS; i++)
    measure_block (ours, bare, &our_side, &bare_side);

  sc_bench_print_title ("redirect to answer, exchange excluded",
                        "one client, connect to end of stream; a fresh listener for each; in turn");
  print_side ("our listener", &our_side);
  print_side ("bare SoupServer handler", &bare_side);
  sc_bench_print_ratio ("ratio of p50, block by block", our_side.p50, bare_side.p50);
  sc_bench_print_bar (
    "p99, median of blocks,",
    sc_bench_print_ratio ("ratio of p99, block by block", our_side.p99, bare_side.p99), BAR, "");
  side_clear (&our_side);
  side_clear (&bare_side);
}
