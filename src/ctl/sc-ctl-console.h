// SPDX-License-Identifier: MIT
// What differs between consoles of operating systems; one implementation is chosen in meson.

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * sc_ctl_console_get_arguments:
 * @argc: as main() got it
 * @argv: as main() got it
 *
 * Returns: (transfer full): the command line, on Windows in UTF-8, elsewhere as the bytes that were
 * given
 */
char **sc_ctl_console_get_arguments (int argc, char **argv);

/**
 * sc_ctl_console_is_interactive:
 *
 * Returns: whether somebody can be asked: standard input and standard error are both a terminal
 */
gboolean sc_ctl_console_is_interactive (void);

/**
 * sc_ctl_console_open_input:
 *
 * Returns: (transfer full): standard input; closing it leaves the descriptor open
 */
GInputStream *sc_ctl_console_open_input (void);

/**
 * sc_ctl_console_watch_interrupt:
 * @interrupted: called on the main context each time the person or the system asks to stop (Ctrl-C,
 *   SIGTERM, a closed console window)
 * @user_data: for @interrupted
 *
 * For as long as the program runs.
 */
void sc_ctl_console_watch_interrupt (GSourceFunc interrupted, gpointer user_data);

G_END_DECLS
