// SPDX-License-Identifier: MIT
// A look into the unlocked keyring of a test's desktop, past the code under test.

#pragma once

#include "sc-test-desktop.h"

G_BEGIN_DECLS

/** sc_test_keyring_list: Returns: (transfer full): the attribute "slot" of every item, "-" without
 *  one, sorted, blanks between */
char *sc_test_keyring_list (ScTestDesktop *desktop);

/** sc_test_keyring_wait: until sc_test_keyring_list() is @slots */
void sc_test_keyring_wait (ScTestDesktop *desktop, const char *slots);

/** sc_test_keyring_read: Returns: (transfer full): the secret of the one item with @slot */
char *sc_test_keyring_read (ScTestDesktop *desktop, const char *slot);

/** sc_test_keyring_write: changes it by hand */
void sc_test_keyring_write (ScTestDesktop *desktop, const char *slot, const char *text);

/** sc_test_keyring_clear: deletes every item */
void sc_test_keyring_clear (ScTestDesktop *desktop);

/** sc_test_keyring_add_foreign: an item of another program, with an attribute "slot" too */
void sc_test_keyring_add_foreign (ScTestDesktop *desktop, const char *slot, const char *text);

G_END_DECLS
