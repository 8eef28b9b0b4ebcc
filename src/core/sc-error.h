// SPDX-License-Identifier: MIT
// The one error domain of the program, with stable text ids that survive renaming and translation.

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SC_ERROR (sc_error_quark ())

/**
 * ScError:
 *
 * Codes are never renumbered; new ones go at the end. Each has a text id, see sc_error_to_id(),
 * which is what crosses D-Bus, stands in reports and in `sikkactl --json`.
 */
typedef enum
{
  SC_ERROR_FAILED,           /* "failed": nothing better is known */
  SC_ERROR_CANCELLED,        /* "cancelled": the person or the program gave up */
  SC_ERROR_BUSY,             /* "busy": another command is under way */
  SC_ERROR_NOT_CONNECTED,    /* "not-connected": no credential is held */
  SC_ERROR_NOT_SUPPORTED,    /* "not-supported": not on this system */
  SC_ERROR_INVALID_ARGUMENT, /* "invalid-argument": a caller's value is not allowed */
  SC_ERROR_RANDOM,           /* "random": the system gave no random bytes */
  SC_ERROR_CONFIG,           /* "config": a configuration value is bad */
  SC_ERROR_BROWSER,          /* "browser": the browser could not be opened */

  SC_ERROR_LOOPBACK_BIND,    /* "loopback-bind": no loopback port could be opened */
  SC_ERROR_LOOPBACK_BLOCKED, /* "loopback-blocked": the port is open but does not answer */

  SC_ERROR_OAUTH_DENIED,      /* "oauth-denied": the person or server refused (access_denied) */
  SC_ERROR_OAUTH_TIMED_OUT,   /* "oauth-timed-out": nobody answered within ten minutes */
  SC_ERROR_OAUTH_REDIRECT,    /* "oauth-redirect": the redirect request is malformed */
  SC_ERROR_OAUTH_STATE,       /* "oauth-state": state missing or not ours */
  SC_ERROR_OAUTH_ISSUER,      /* "oauth-issuer": iss or metadata names another issuer */
  SC_ERROR_OAUTH_METADATA,    /* "oauth-metadata": authorization server metadata unusable */
  SC_ERROR_OAUTH_SERVER,      /* "oauth-server": any other error answer of the server */
  SC_ERROR_OAUTH_GRANT,       /* "oauth-grant": invalid_grant: code or refresh token is gone */
  SC_ERROR_OAUTH_CLIENT,      /* "oauth-client": the server does not know this program */
  SC_ERROR_OAUTH_TOKEN,       /* "oauth-token": the token answer is unusable */
  SC_ERROR_PRACTICE_UNKNOWN,  /* "practice-unknown": the server did not say which practice */
  SC_ERROR_PRACTICE_DECLINED, /* "practice-declined": the person refused the other practice */

  SC_ERROR_NET_OFFLINE,        /* "net-offline": no network or name not found */
  SC_ERROR_NET_REFUSED,        /* "net-refused": nothing listens there */
  SC_ERROR_NET_TIMED_OUT,      /* "net-timed-out" */
  SC_ERROR_NET_TLS,            /* "net-tls": certificate refused */
  SC_ERROR_NET_INTERCEPTED,    /* "net-intercepted": TLS is opened by a product on the way */
  SC_ERROR_NET_CAPTIVE_PORTAL, /* "net-captive-portal": a log-in page answers instead */
  SC_ERROR_NET_PROXY,          /* "net-proxy": the proxy refused */
  SC_ERROR_NET_INSECURE,       /* "net-insecure": http to something that is not loopback */
  SC_ERROR_NET_TOO_LARGE,      /* "net-too-large": the answer passed its size limit */
  SC_ERROR_NET_TRUNCATED,      /* "net-truncated": the answer ended early */
  SC_ERROR_CLOCK,              /* "clock": this PC's clock is wrong by more than five minutes */

  SC_ERROR_CLOUD_UNAUTHORIZED, /* "cloud-unauthorized": 401 with a fresh token */
  SC_ERROR_CLOUD_FORBIDDEN,    /* "cloud-forbidden": 403 */
  SC_ERROR_CLOUD_REJECTED,     /* "cloud-rejected": another 4xx */
  SC_ERROR_CLOUD_RATE_LIMITED, /* "cloud-rate-limited": 429 */
  SC_ERROR_CLOUD_UNAVAILABLE,  /* "cloud-unavailable": 5xx */
  SC_ERROR_CLOUD_ANSWER,       /* "cloud-answer": not the JSON that the contract promises */
  SC_ERROR_CLOUD_STATUS,       /* "cloud-status": the cloud says the connection failed */

  SC_ERROR_SIKKA_APP,         /* "sikka-app": app id or key refused (API2003) */
  SC_ERROR_SIKKA_NOT_GRANTED, /* "sikka-not-granted": the practice gave no access (API2007, 2004) */
  SC_ERROR_SIKKA_KEY_EXPIRED, /* "sikka-key-expired": request key expired (API1025) */
  SC_ERROR_SIKKA_NO_DATA_YET, /* "sikka-no-data-yet": nothing uploaded yet (API2010) */
  SC_ERROR_SIKKA_SPU_OFFLINE, /* "sikka-spu-offline": (API2017) */
  SC_ERROR_SIKKA_QUOTA,       /* "sikka-quota": (API2011, 2012) */
  SC_ERROR_SIKKA_UNAVAILABLE, /* "sikka-unavailable": 5xx of Sikka */
  SC_ERROR_SIKKA_REJECTED,    /* "sikka-rejected": any other Sikka error */

  SC_ERROR_JSON_SYNTAX,  /* "json-syntax": not JSON, or not UTF-8 */
  SC_ERROR_JSON_LIMIT,   /* "json-limit": too large or too deep */
  SC_ERROR_JSON_TYPE,    /* "json-type": a member has the wrong type (named in the message) */
  SC_ERROR_JSON_MISSING, /* "json-missing": a required member is not there (named) */

  SC_ERROR_STORE_ABSENT,      /* "store-absent": the keyring holds no such item */
  SC_ERROR_STORE_LOCKED,      /* "store-locked": locked, or the prompt was dismissed */
  SC_ERROR_STORE_UNAVAILABLE, /* "store-unavailable": there is no keyring */
  SC_ERROR_STORE_FAILED,      /* "store-failed": the keyring answered with an error */
  SC_ERROR_STORE_TOO_LARGE,   /* "store-too-large": more than 2,560 bytes */
  SC_ERROR_STORE_DAMAGED,     /* "store-damaged": the item is not one of ours */

  SC_ERROR_JOURNAL_FULL,      /* "journal-full": no space on the disk */
  SC_ERROR_JOURNAL_READ_ONLY, /* "journal-read-only" */
  SC_ERROR_JOURNAL_FAILED,    /* "journal-failed": any other database error */
  SC_ERROR_JOURNAL_BROKEN,    /* "journal-broken": the activity chain does not fit */

  SC_N_ERRORS
} ScError;

GQuark sc_error_quark (void);

/**
 * sc_error_to_id:
 * @code: an #ScError
 *
 * Returns: (transfer none): the stable id, e.g. "oauth-denied"; "failed" for a code out of range
 */
const char *sc_error_to_id (int code);

/**
 * sc_error_from_id:
 * @id: (nullable): an id as from sc_error_to_id()
 *
 * Returns: the code, %SC_ERROR_FAILED for an id that is not known
 */
ScError sc_error_from_id (const char *id);

/**
 * sc_error_get_id:
 * @error: (nullable): an error of any domain
 *
 * Returns: (transfer none): "" for %NULL, the id for %SC_ERROR, "cancelled" for a cancelled
 * operation of
 *   GIO (known by the domain's name, core does not link GIO's), else "failed"
 */
const char *sc_error_get_id (const GError *error);

/**
 * sc_error_is_transport:
 * @code: an #ScError
 *
 * Whether @code says only that the peer could not be reached or gave no usable answer, so that
 * nothing is known about the connection itself: such an error changes the cloud light, never the
 * state.
 */
gboolean sc_error_is_transport (int code);

/**
 * sc_error_set_cause:
 * @error: return location
 * @code: the code to set
 * @what: what was being attempted, e.g. "token answer"
 * @cause: the error of a layer below, whose code means nothing to the caller; stays the caller's
 *
 * Sets @error to @code with the message "what: cause".
 */
void sc_error_set_cause (GError **error, ScError code, const char *what, const GError *cause);

G_END_DECLS
