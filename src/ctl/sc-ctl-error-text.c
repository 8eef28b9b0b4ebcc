// SPDX-License-Identifier: MIT
// The one table from an error's stable id to a person's text: what happened, who acts, what next.

#define G_LOG_DOMAIN "sc-ctl"

#include <glib/gi18n.h>

#include "sc-ctl-error-text.h"

#define DESK "front-desk"
#define IT "it"
#define SIKKA "sikka"
#define VENDOR "vendor"

#define SEND_REFERENCE N_ ("Read out the reference to the service's support.")
#define CONNECT_AGAIN N_ ("Run \"sikkactl connect\" and sign in again.")
#define CHECK_LATER N_ ("Run \"sikkactl check\" again in a few minutes.")

static const ScCtlErrorText texts[] = {
  { "failed", VENDOR, N_ ("Something went wrong that this program has no name for."),
    SEND_REFERENCE },
  { "cancelled", DESK, N_ ("Cancelled."), N_ ("Run the command again when you are ready.") },
  { "busy", DESK, N_ ("Another command is under way."),
    N_ ("Wait until it has ended, then try again.") },
  { "not-connected", DESK, N_ ("This PC is not connected."),
    N_ ("Run \"sikkactl connect\" to connect.") },
  { "not-supported", IT, N_ ("This is not possible on this system."),
    N_ ("See the manual page for what is.") },
  { "invalid-argument", IT, N_ ("A value that was given is not allowed."),
    N_ ("See \"sikkactl --help\".") },
  { "random", IT, N_ ("The system gave no random numbers, so nothing was started."),
    N_ ("Restart this PC.") },
  { "config", IT, N_ ("A configuration value is wrong."),
    N_ ("See \"sikkactl status\" for the file and the key.") },
  { "browser", DESK, N_ ("The browser could not be opened."),
    N_ ("Run \"sikkactl connect --no-browser\" and open the address yourself, on this PC.") },

  { "loopback-bind", IT, N_ ("No port could be opened on this PC for the browser's answer."),
    N_ ("Allow the companion to listen on 127.0.0.1.") },
  { "loopback-blocked", IT, N_ ("Security software blocks the browser's answer on this PC."),
    N_ ("Allow connections from this PC to 127.0.0.1.") },

  { "oauth-denied", DESK, N_ ("The permission was refused in the browser."),
    N_ ("Run \"sikkactl connect\" and click Allow, or ask the person who may approve.") },
  { "oauth-timed-out", DESK, N_ ("Time ran out: nobody answered in the browser."), CONNECT_AGAIN },
  { "oauth-redirect", VENDOR, N_ ("The browser brought back an answer that is not well formed."),
    CONNECT_AGAIN },
  { "oauth-state", DESK, N_ ("The browser's answer does not belong to this sign-in."),
    CONNECT_AGAIN },
  { "oauth-issuer", VENDOR, N_ ("The answer came from another server than the one that was asked."),
    SEND_REFERENCE },
  { "oauth-metadata", VENDOR, N_ ("The service's sign-in description cannot be used."),
    SEND_REFERENCE },
  { "oauth-server", VENDOR, N_ ("The service could not complete the sign-in."), SEND_REFERENCE },
  { "oauth-grant", DESK, N_ ("The permission is no longer valid."), CONNECT_AGAIN },
  { "oauth-client", VENDOR, N_ ("The service does not know this program."), SEND_REFERENCE },
  { "oauth-token", VENDOR, N_ ("The service's answer to the sign-in cannot be used."),
    SEND_REFERENCE },
  { "practice-unknown", VENDOR, N_ ("The service did not say which practice this is."),
    SEND_REFERENCE },
  { "practice-declined", DESK, N_ ("The other practice was not accepted."),
    N_ ("Run \"sikkactl connect\" and choose the right practice.") },

  { "net-offline", IT, N_ ("This PC has no connection to the internet."),
    N_ ("Check the network, then run \"sikkactl check\".") },
  { "net-refused", IT, N_ ("The service's computer refuses connections."), CHECK_LATER },
  { "net-timed-out", IT, N_ ("The service did not answer in time."), CHECK_LATER },
  { "net-tls", IT, N_ ("The service's certificate was not accepted."),
    N_ ("Check this PC's clock and its certificates.") },
  { "net-intercepted", IT, N_ ("A product on the way opens encrypted connections."),
    N_ ("Exempt the service's address from inspection.") },
  { "net-captive-portal", DESK, N_ ("The network shows a log-in page of its own."),
    N_ ("Open any web page, log in to the network, then try again.") },
  { "net-proxy", IT, N_ ("The proxy refused the connection."),
    N_ ("Check the proxy settings of this PC.") },
  { "net-insecure", IT, N_ ("The configured address is not encrypted."),
    N_ ("Use an address that begins with https.") },
  { "net-too-large", VENDOR, N_ ("The service's answer is larger than allowed."), SEND_REFERENCE },
  { "net-truncated", IT, N_ ("The service's answer ended early."), CHECK_LATER },
  { "clock", IT, N_ ("This PC's clock is wrong by more than five minutes."),
    N_ ("Set the clock, then try again.") },

  { "cloud-unauthorized", DESK, N_ ("The service no longer accepts this PC's permission."),
    CONNECT_AGAIN },
  { "cloud-forbidden", VENDOR, N_ ("The service refuses this practice's account."),
    SEND_REFERENCE },
  { "cloud-rejected", VENDOR, N_ ("The service did not accept the request."), SEND_REFERENCE },
  { "cloud-rate-limited", DESK, N_ ("The service was asked too often."), CHECK_LATER },
  { "cloud-unavailable", VENDOR, N_ ("The service is out of order at the moment."), CHECK_LATER },
  { "cloud-answer", VENDOR, N_ ("The service's answer cannot be understood."), SEND_REFERENCE },
  { "cloud-status", VENDOR, N_ ("The service says that the connection has failed."),
    SEND_REFERENCE },

  { "sikka-app", VENDOR, N_ ("Sikka does not accept the service's key."), SEND_REFERENCE },
  { "sikka-not-granted", DESK, N_ ("The practice gave the service no access at Sikka."),
    CONNECT_AGAIN },
  { "sikka-key-expired", DESK, N_ ("Sikka's permission has run out."), CONNECT_AGAIN },
  { "sikka-no-data-yet", SIKKA, N_ ("Sikka has not received any data of this practice yet."),
    N_ ("Wait up to 4 hours; if nothing has changed then, ask Sikka's support.") },
  { "sikka-spu-offline", IT, N_ ("Sikka cannot reach the SPU of this practice."),
    N_ ("See that the PC with the SPU is on, then run \"sikkactl spu\" there.") },
  { "sikka-quota", VENDOR, N_ ("The service has used up its share at Sikka."), SEND_REFERENCE },
  { "sikka-unavailable", SIKKA, N_ ("Sikka is out of order at the moment."), CHECK_LATER },
  { "sikka-rejected", VENDOR, N_ ("Sikka did not accept the request."), SEND_REFERENCE },

  { "json-syntax", VENDOR, N_ ("An answer is not well formed."), SEND_REFERENCE },
  { "json-limit", VENDOR, N_ ("An answer is larger than allowed."), SEND_REFERENCE },
  { "json-type", VENDOR, N_ ("An answer has a value of the wrong kind."), SEND_REFERENCE },
  { "json-missing", VENDOR, N_ ("An answer lacks a value that is needed."), SEND_REFERENCE },

  { "store-absent", DESK, N_ ("The keyring does not hold the connection any more."),
    CONNECT_AGAIN },
  { "store-locked", DESK, N_ ("The keyring is locked."),
    N_ ("Unlock it with your password, then try again.") },
  { "store-unavailable", IT, N_ ("This PC has no keyring, so the connection cannot be kept."),
    N_ ("Install a keyring, for example gnome-keyring.") },
  { "store-failed", IT, N_ ("The keyring answered with an error."),
    N_ ("Sign out of this PC and in again.") },
  { "store-too-large", VENDOR, N_ ("The permission is too large for the keyring."),
    SEND_REFERENCE },
  { "store-damaged", DESK, N_ ("What the keyring holds is not a connection of this program."),
    CONNECT_AGAIN },

  { "journal-full", IT, N_ ("The disk is full, so nothing can be recorded."),
    N_ ("Free some space, then try again.") },
  { "journal-read-only", IT, N_ ("The activity log cannot be written."),
    N_ ("Make the user's data folder writable.") },
  { "journal-failed", IT, N_ ("The activity log's database answered with an error."),
    SEND_REFERENCE },
  { "journal-broken", IT, N_ ("The activity log was changed from outside."),
    N_ ("Export it with \"sikkactl log --export\" and find out who changed it.") },

  { SC_CTL_ERROR_NOT_REACHABLE, IT, N_ ("The companion's agent cannot be reached."),
    N_ ("Sign in to the desktop, or start sikka-companion-agent, then try again.") },
  { SC_CTL_ERROR_ANSWER, IT, N_ ("The agent's answer cannot be understood."),
    N_ ("Install the agent and sikkactl in the same version.") },
  { SC_CTL_ERROR_VERSION, IT, N_ ("The agent is newer than this program."),
    N_ ("Install the agent and sikkactl in the same version.") },
  { SC_CTL_ERROR_EXPORT, IT,
    N_ ("The log could not be written to that file; nothing was left behind."),
    N_ ("Choose a folder that you may write to.") },
  { SC_CTL_ERROR_NOT_CONFIRMED, DESK, N_ ("Not confirmed, so nothing was done."),
    N_ ("Run the command again and type what it asks for.") },
};

const ScCtlErrorText *
sc_ctl_error_text_find (const char *id)
{
  g_return_val_if_fail (id != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (g_str_equal (texts[i].id, id))
      return &texts[i];

  return NULL;
}

const ScCtlErrorText *
sc_ctl_error_text_get (const char *id)
{
  const ScCtlErrorText *text = sc_ctl_error_text_find (id);

  return text != NULL ? text : &texts[0];
}

const char *
sc_ctl_error_text_get_actor (const char *actor)
{
  static const struct
  {
    const char *actor;
    const char *sentence;
  } sentences[] = {
    /* Translators: %s is a whole sentence */
    { DESK, N_ ("Next step, for the front desk: %s") },
    { IT, N_ ("Next step, for your IT: %s") },
    { SIKKA, N_ ("Next step, with Sikka's support: %s") },
    { VENDOR, N_ ("Next step, with the service's support: %s") },
  };

  g_return_val_if_fail (actor != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (sentences); i++)
    if (g_str_equal (sentences[i].actor, actor))
      return _ (sentences[i].sentence);

  /* Translators: %s is a whole sentence */
  return _ ("Next step: %s");
}
