// SPDX-License-Identifier: MIT
// Requests that no listener on a loopback port may be hurt by. {H} stands for the right Host, {S}
// for the right state, {0} for a NUL.

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define GOOD "/callback?code=c0de&state={S}"
#define HOST "\r\nHost: {H}\r\n\r\n"
#define WITH(header) "GET " GOOD " HTTP/1.1\r\nHost: {H}\r\n" header "\r\n\r\n"
#define REAL "GET " GOOD " HTTP/1.1" HOST

/**
 * ScTestHostile:
 * @name: for a test path or message
 * @request: to be filled in by sc_test_hostile_fill()
 * @status: of the answer; 0: closed without one
 * @callbacks: 1 when it went to the callback's path
 */
typedef struct
{
  const char *name;
  const char *request;
  guint status;
  guint callbacks;
} ScTestHostile;

/** sc_test_hostile: ended by a row without a name */
extern const ScTestHostile sc_test_hostile[];

/** ScTestLarge: a head that is @begin, @unit @times, and @end; each is too large */
typedef struct
{
  const char *name;
  const char *begin;
  const char *unit;
  guint times;
  const char *end;
} ScTestLarge;

/** sc_test_large: ended by a row without a name */
extern const ScTestLarge sc_test_large[];

/** sc_test_large_build: Returns: (transfer full): the request of @row */
char *sc_test_large_build (const ScTestLarge *row);

/** SC_TEST_REFLECTED: a request full of what must not come back: "script>", "alert" */
#define SC_TEST_REFLECTED                                                                        \
  "GET /callback?error=<script>alert(1)</script>&error_description=%3Cscript%3E&state=<script> " \
  "HTTP/1.1\r\nHost: {H}\r\nReferer: <script>\r\n\r\n"

/** sc_test_hostile_fill: Returns: (transfer full): the bytes to send for @request */
GBytes *sc_test_hostile_fill (const char *request, const char *authority, const char *state);

G_END_DECLS
