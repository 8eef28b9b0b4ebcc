// SPDX-License-Identifier: MIT
// A desktop session of its own for a test: a private bus on which nothing of the machine can be
// activated, folders of its own, a real gnome-keyring and, where a prompt is looked at, a display.

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  SC_TEST_DESKTOP_BUS = 0,
  SC_TEST_DESKTOP_KEYRING = 1 << 0, /* with an unlocked keyring */
  SC_TEST_DESKTOP_DISPLAY = 1 << 1, /* with an X server */
} ScTestDesktopFlags;

typedef struct _ScTestDesktop ScTestDesktop;

/**
 * sc_test_desktop_start:
 *
 * Makes HOME, the XDG folders and XDG_RUNTIME_DIR in a temporary folder and starts what @flags say.
 * Fails the test when something does not start.
 *
 * Returns: (transfer full): the running session
 */
ScTestDesktop *sc_test_desktop_start (ScTestDesktopFlags flags);

/** sc_test_desktop_stop: @self: (nullable) (transfer full): ends every process, removes the folders
 *  */
void sc_test_desktop_stop (ScTestDesktop *self);

/** sc_test_desktop_get_environment: Returns: (transfer none): for programs that the test starts */
char **sc_test_desktop_get_environment (ScTestDesktop *self);

/**
 * sc_test_desktop_enter:
 *
 * Makes the session that of the test itself: for code under test that runs in this process. To be
 * called before anything asked GLib for a folder or for the session bus.
 */
void sc_test_desktop_enter (ScTestDesktop *self);

/** sc_test_desktop_get_bus: Returns: (transfer none): a connection of the test itself */
GDBusConnection *sc_test_desktop_get_bus (ScTestDesktop *self);

/** sc_test_desktop_get_path: Returns: (transfer full): @name, e.g. "home/.config", in its folder */
char *sc_test_desktop_get_path (ScTestDesktop *self, const char *name);

/** sc_test_desktop_wait_name: until @name has an owner, or has none */
void sc_test_desktop_wait_name (ScTestDesktop *self, const char *name, gboolean owned);

/** sc_test_desktop_keyring_start: starts gnome-keyring and unlocks its default keyring, which is
 *  made when there is none; items of an earlier start are there again */
void sc_test_desktop_keyring_start (ScTestDesktop *self);
/** sc_test_desktop_keyring_start_locked: starts it as at a sign-in without a password: with the
 *  keyrings of an earlier start, locked, or without any */
void sc_test_desktop_keyring_start_locked (ScTestDesktop *self);
/** sc_test_desktop_keyring_stop: ends it; nothing when it does not run */
void sc_test_desktop_keyring_stop (ScTestDesktop *self);
/** sc_test_desktop_keyring_remove: deletes the keyrings of a stopped one */
void sc_test_desktop_keyring_remove (ScTestDesktop *self);
/** sc_test_desktop_keyring_lock: locks the default keyring; who needs it has to prompt then */
void sc_test_desktop_keyring_lock (ScTestDesktop *self);

/** sc_test_desktop_prompter_start: makes prompts possible: GNOME's own prompter on the display */
void sc_test_desktop_prompter_start (ScTestDesktop *self);
void sc_test_desktop_prompter_stop (ScTestDesktop *self);
/** sc_test_desktop_wait_prompt: until the prompt's window is on the display */
void sc_test_desktop_wait_prompt (ScTestDesktop *self);
/** sc_test_desktop_answer_prompt: types the password, or presses Escape */
void sc_test_desktop_answer_prompt (ScTestDesktop *self, gboolean unlock);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScTestDesktop, sc_test_desktop_stop)

G_END_DECLS
