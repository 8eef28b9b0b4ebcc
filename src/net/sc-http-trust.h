// SPDX-License-Identifier: MIT
// Private to the HTTP client: the system's trusted certificates, for as long as they are needed.

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * sc_http_trust_hold:
 *
 * Makes the system's trust store, as it is now, GIO's default database until
 * sc_http_trust_release(). Takes tens of milliseconds. Left alone, GIO reads it once and keeps it
 * to the end of the process: megabytes for what one click a day needs, and a certificate that IT
 * adds is not seen before the next sign-in.
 *
 * A session that is given a database is no help: glib-networking asks for the default one before
 * libsoup has said which.
 */
void sc_http_trust_hold (void);

/** sc_http_trust_release: nothing is held any more; who needs trust without holding it gets GIO's
 *  own default database, so nothing is ever trusted for want of one */
void sc_http_trust_release (void);

G_END_DECLS
