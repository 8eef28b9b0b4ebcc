// SPDX-License-Identifier: MIT
// How the operating system asks the program to end.

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * sc_sandbox_quit_watch:
 * @loop: a loop that is alive until the program ends
 *
 * Quits @loop when the program is asked to end: SIGTERM and SIGINT, or Ctrl-C of a Windows console.
 */
void sc_sandbox_quit_watch (GMainLoop *loop);

G_END_DECLS
