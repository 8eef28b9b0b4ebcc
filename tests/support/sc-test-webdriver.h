// SPDX-License-Identifier: MIT
// A remote control of a running Chromium, through chromedriver (W3C WebDriver), for what a person
// does with eyes and mouse. Each step waits, with a ceiling, for what it needs.

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _ScTestWebdriver ScTestWebdriver;

/**
 * sc_test_webdriver_start:
 * @debugger_address: "host:port" of a running Chromium
 *
 * Returns: (transfer full): the remote control
 */
ScTestWebdriver *sc_test_webdriver_start (const char *debugger_address);

/** sc_test_webdriver_stop: @self: (nullable) (transfer full): the browser goes on */
void sc_test_webdriver_stop (ScTestWebdriver *self);

/** sc_test_webdriver_close_browser: closes the browser; nothing else works afterwards */
void sc_test_webdriver_close_browser (ScTestWebdriver *self);

/** sc_test_webdriver_wait_page: until a tab's URL begins with @prefix; what follows acts on it.
 *  With @prefix "http://127.0.0.1:1/page" no more than that is compared: ports are part of it */
void sc_test_webdriver_wait_page (ScTestWebdriver *self, const char *prefix);

/** sc_test_webdriver_open_page: opens @url in a new tab; what follows acts on it */
void sc_test_webdriver_open_page (ScTestWebdriver *self, const char *url);

/** sc_test_webdriver_close_page: closes the tab; the next step has to be to wait for another */
void sc_test_webdriver_close_page (ScTestWebdriver *self);

/** sc_test_webdriver_click: clicks in the middle of what the CSS @selector finds */
void sc_test_webdriver_click (ScTestWebdriver *self, const char *selector);

/** sc_test_webdriver_get_text: Returns: (transfer full): the text that @selector shows */
char *sc_test_webdriver_get_text (ScTestWebdriver *self, const char *selector);

/** sc_test_webdriver_get_title: Returns: (transfer full): the page's title */
char *sc_test_webdriver_get_title (ScTestWebdriver *self);

/** sc_test_webdriver_get_url: Returns: (transfer full): the tab's URL */
char *sc_test_webdriver_get_url (ScTestWebdriver *self);

/** sc_test_webdriver_save_screenshot: writes what the tab shows as PNG to @path */
void sc_test_webdriver_save_screenshot (ScTestWebdriver *self, const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScTestWebdriver, sc_test_webdriver_stop)

G_END_DECLS
