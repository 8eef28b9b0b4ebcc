// SPDX-License-Identifier: MIT
// The connection in a few sentences, for `status` and `check`.

#define G_LOG_DOMAIN "sc-ctl"

#include <glib/gi18n.h>

#include "sc-ctl-json.h"
#include "sc-ctl-print.h"
#include "sc-ctl-state.h"
#include "sc-ctl-summary.h"
#include "sc-ctl-text.h"

#define CHECK N_ ("Run \"sikkactl check\" to see whether it works.")
#define CONNECT N_ ("Run \"sikkactl connect\" to connect.")

typedef struct
{
  const char *id;
  const char *what;
  const char *next;    /* "" when there is nothing to do */
  gboolean says_error; /* the error would only repeat it */
} Message;

static const Message messages[] = {
  { "connect-first", N_ ("Not connected yet."), CONNECT },
  { "waiting-for-browser", N_ ("Waiting for somebody to sign in in the browser."), "" },
  { "confirm-practice",
    N_ ("Another practice than before was signed in; somebody has to say whether it is right."),
    N_ ("Answer in the window, or where \"sikkactl connect\" runs.") },
  { "check-to-verify", N_ ("Connection in progress."), N_ ("Run \"sikkactl check\" to verify.") },
  { "preparing", N_ ("Connection in progress: Sikka is still preparing your data (up to 4 hours)."),
    N_ ("Run \"sikkactl check\" again later.") },
  /* Translators: %s is the practice with its system, e.g. "Happy Dental Clinic (Dentrix)" */
  { "connected", N_ ("Successfully connected to %s."), "" },
  { "attention", N_ ("Successfully connected to %s, but something needs someone."), "" },
  { "disconnecting", N_ ("This PC is about to be disconnected, unless that is undone."), "" },
  { "too-old",
    N_ ("Not known: the last check is too old to say whether the connection still works."), CHECK },
  { "value-unknown",
    N_ ("Not known: the service answered with a status that this program does not know."),
    N_ ("Look for a newer version of this program.") },
  { "not-held", N_ ("Not connected: this PC does not hold the permission any more."), CONNECT,
    TRUE },
  { "withdrawn", N_ ("Not connected: the permission was withdrawn."), CONNECT, TRUE },
  { "failed", N_ ("The connection failed."), "" },
  { "authorization-cancelled", N_ ("Authorization cancelled."), CONNECT, TRUE },
  { "authorization-denied",
    N_ ("Authorization cancelled: the permission was refused in the browser."), CONNECT, TRUE },
  { "authorization-timed-out", N_ ("Time ran out before anybody signed in."), CONNECT, TRUE },
  { "practice-declined", N_ ("The other practice was not accepted."), CONNECT, TRUE },
};

/* When the agent names no message that is known here, its status decides. */
static const Message fallbacks[] = {
  { "pending", N_ ("Not connected yet."), CONNECT },
  { "connecting", N_ ("Connection in progress."), "" },
  { "connected", N_ ("Successfully connected to %s."), "" },
  { "failed", N_ ("The connection failed."), "" },
  { "unknown", N_ ("It is not known whether the connection works."), CHECK },
};

static const Message *
find_message (const Message *rows, gsize n_rows, const char *id)
{
  for (gsize i = 0; i < n_rows; i++)
    if (g_str_equal (rows[i].id, id))
      return &rows[i];

  return NULL;
}

const char *
sc_ctl_summary_get_message (const char *id)
{
  const Message *message;

  g_return_val_if_fail (id != NULL, NULL);

  message = find_message (messages, G_N_ELEMENTS (messages), id);
  return message != NULL ? _ (message->what) : NULL;
}

/* A message that promises more than the status is not believed. */
static const Message *
get_message (GVariant *state)
{
  const char *status = sc_ctl_state_get_status (state);
  const char *id = sc_ctl_state_get_string (state, "MessageId");
  const Message *message = find_message (messages, G_N_ELEMENTS (messages), id);
  gboolean says_connected = g_str_equal (id, "connected") || g_str_equal (id, "attention");

  if (message == NULL || (says_connected && !g_str_equal (status, "connected")))
    message = find_message (fallbacks, G_N_ELEMENTS (fallbacks), status);

  return message;
}

static char *
format_sentence (GVariant *state, const char *sentence)
{
  g_autofree char *practice = NULL;

  if (strstr (sentence, "%s") == NULL)
    return g_strdup (_ (sentence));

  practice = sc_ctl_text_name_practice (sc_ctl_state_get_string (state, "PracticeName"),
                                        sc_ctl_state_get_string (state, "PmsType"));
  return g_strdup_printf (_ (sentence), practice);
}

static void
print_checked (GVariant *state, gint64 now)
{
  g_autofree char *checked =
    sc_ctl_text_format_checked (sc_ctl_state_get_int64 (state, "LastChecked"), now);
  g_autofree char *reference = sc_ctl_text_clean (sc_ctl_state_get_string (state, "Reference"));

  if (*reference == '\0')
    sc_ctl_print ("%s", checked);
  else
    /* Translators: a sentence like "Last checked today at 09:12.", and a short code */
    sc_ctl_print (_ ("%s Reference %s."), checked, reference);
}

/* What to do, or where matters stand: a sign-in that came to nothing leaves an older connection. */
static void
print_consequence (GVariant *state, const Message *message)
{
  const char *error_id = sc_ctl_state_get_string (state, "ErrorId");
  g_autofree char *still = NULL;

  if (*error_id != '\0' && !message->says_error)
    {
      sc_ctl_print_error_result (error_id);
    }
  else if (message->says_error && g_str_equal (sc_ctl_state_get_status (state), "connected"))
    {
      /* Translators: %s is the practice */
      still = format_sentence (state, N_ ("This PC is still connected to %s."));
      sc_ctl_print ("%s", still);
    }
  else if (*message->next != '\0')
    {
      sc_ctl_print ("%s", _ (message->next));
    }
}

void
sc_ctl_summary_print (GVariant *state, gint64 now)
{
  const Message *message = get_message (state);
  g_autofree char *headline = format_sentence (state, message->what);

  sc_ctl_print ("%s", headline);
  print_consequence (state, message);
  print_checked (state, now);
}

static void
add_message (JsonBuilder *builder, GVariant *state)
{
  const Message *message = get_message (state);
  g_autofree char *headline = format_sentence (state, message->what);

  json_builder_set_member_name (builder, "message");
  json_builder_begin_object (builder);
  sc_ctl_json_add_string (builder, "id", sc_ctl_state_get_string (state, "MessageId"));
  sc_ctl_json_add_string (builder, "text", headline);
  json_builder_end_object (builder);
}

void
sc_ctl_summary_add (JsonBuilder *builder, GVariant *state)
{
  sc_ctl_json_add_string (builder, "status", sc_ctl_state_get_status (state));
  sc_ctl_json_add_string (builder, "phase", sc_ctl_state_get_string (state, "Phase"));
  sc_ctl_json_add_string (builder, "step", sc_ctl_state_get_string (state, "Step"));
  sc_ctl_json_add_boolean (builder, "attention", sc_ctl_state_get_boolean (state, "Attention"));
  add_message (builder, state);
  sc_ctl_json_add_practice (builder, sc_ctl_state_get_string (state, "PracticeName"),
                            sc_ctl_state_get_string (state, "PmsType"),
                            sc_ctl_state_get_string (state, "OfficeId"));
  sc_ctl_json_add_time (builder, "last_checked", sc_ctl_state_get_int64 (state, "LastChecked"));
  sc_ctl_json_add_time (builder, "status_expires", sc_ctl_state_get_int64 (state, "StatusExpires"));
}
