// SPDX-License-Identifier: MIT
// A real Chromium, without a window, as the default browser of a test's desktop. What starts it is
// test-browser.sh, whose path comes from the environment, SC_TEST_BROWSER.

#pragma once

#include "sc-test-desktop.h"
#include "sc-test-webdriver.h"

G_BEGIN_DECLS

typedef struct _ScTestChromium ScTestChromium;

/**
 * sc_test_chromium_install:
 *
 * Makes it the default browser of @desktop. Nothing is started: that does whoever opens a page.
 *
 * Returns: (transfer full): the browser
 */
ScTestChromium *sc_test_chromium_install (ScTestDesktop *desktop);

/** sc_test_chromium_stop: @self: (nullable) (transfer full): closes it when it runs */
void sc_test_chromium_stop (ScTestChromium *self);

/** sc_test_chromium_open: opens @url as any program of the desktop would */
void sc_test_chromium_open (ScTestChromium *self, const char *url);

/** sc_test_chromium_get_driver: Returns: (transfer none): its remote control, once it runs */
ScTestWebdriver *sc_test_chromium_get_driver (ScTestChromium *self);

/** sc_test_chromium_read: Returns: (transfer full): "urls", all pages it was started with, one a
 *  line, or "environment", what it inherited the last time; "" when it was never started */
char *sc_test_chromium_read (ScTestChromium *self, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScTestChromium, sc_test_chromium_stop)

G_END_DECLS
