// SPDX-License-Identifier: MIT
// The pages that the browser is shown at the end of an authorization.

#pragma once

#include "sc-loopback.h"

G_BEGIN_DECLS

/**
 * sc_loopback_page_build:
 * @page: which
 * @reference: (nullable): a valid reference to show
 *
 * Returns: (transfer full): the HTML document, of constants and @reference alone
 */
char *sc_loopback_page_build (ScLoopbackPage page, const char *reference);

/** sc_loopback_page_get_policy: Returns: the Content-Security-Policy that fits the pages */
const char *sc_loopback_page_get_policy (void);

G_END_DECLS
