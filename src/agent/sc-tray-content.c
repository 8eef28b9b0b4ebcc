// SPDX-License-Identifier: MIT
// What the tray shows about a connection.

#define G_LOG_DOMAIN "sc-agent"

#include "sc-tray-content.h"

#include "config.h"

#include <glib/gi18n.h>

/* Characters of a practice's name; a tooltip is one line. */
#define MAX_NAME 60
/* Ids beside those of the commands. */
#define FIRST_SEPARATOR 100

typedef struct
{
  const char *id;
  const char *text;
} Phrase;

/* Each follows a name and a dash: "Happy Dental Clinic – connected". */
static const Phrase messages[] = {
  { "connect-first", N_ ("not connected yet") },
  { "waiting-for-browser", N_ ("waiting for somebody to sign in in the browser") },
  { "confirm-practice", N_ ("another practice was signed in, is that right?") },
  { "check-to-verify", N_ ("permission received, not checked yet") },
  { "preparing", N_ ("Sikka is preparing the data (up to 4 hours)") },
  { "connected", N_ ("connected") },
  { "attention", N_ ("connected, but something needs someone") },
  { "disconnecting", N_ ("about to be disconnected") },
  { "too-old", N_ ("not known whether it still works") },
  { "value-unknown", N_ ("not known how it is") },
  { "withdrawn", N_ ("the permission was withdrawn") },
  { "not-held", N_ ("this PC does not hold the permission any more") },
  { "failed", N_ ("the connection failed") },
  { "authorization-cancelled", N_ ("not connected, authorization cancelled") },
  { "authorization-denied", N_ ("not connected, the permission was refused") },
  { "authorization-timed-out", N_ ("not connected, time ran out") },
  { "practice-declined", N_ ("not connected, the other practice was not accepted") },
};

static const Phrase busy_phrases[] = {
  { "preflight", N_ ("getting ready to connect") },
  { "connect", N_ ("connecting") },
  { "check", N_ ("checking") },
  { "disconnect", N_ ("disconnecting") },
};

static const char *
find_phrase (const Phrase *phrases, gsize n_phrases, const char *id)
{
  for (gsize i = 0; i < n_phrases; i++)
    if (g_str_equal (phrases[i].id, id))
      return phrases[i].text;
  return NULL;
}

gboolean
sc_tray_content_has_message (const char *id)
{
  g_return_val_if_fail (id != NULL, FALSE);

  return find_phrase (messages, G_N_ELEMENTS (messages), id) != NULL;
}

static gboolean
is_unknown (const ScConnection *connection)
{
  return g_str_equal (sc_connection_get_status (connection), "unknown");
}

static ScTrayShape
get_shape (const ScTrayFacts *facts)
{
  const ScConnection *connection = facts->connection;

  if (connection->confirming)
    return SC_TRAY_SHAPE_ATTENTION;
  if (*facts->busy != '\0' || connection->state == SC_STATE_BROWSER_OPEN)
    return SC_TRAY_SHAPE_BUSY;
  if (is_unknown (connection))
    return SC_TRAY_SHAPE_UNKNOWN;
  if (connection->state == SC_STATE_FAILED)
    return SC_TRAY_SHAPE_FAILED;
  if (connection->state == SC_STATE_RETURNED && connection->preparing)
    return SC_TRAY_SHAPE_BUSY;
  if (connection->state != SC_STATE_CONNECTED)
    return SC_TRAY_SHAPE_UNKNOWN;
  return connection->attention ? SC_TRAY_SHAPE_ATTENTION : SC_TRAY_SHAPE_OK;
}

/* How a Reconnect ended says nothing about the connection that stayed. */
static const char *
get_message (const ScConnection *connection)
{
  ScConnection settled = *connection;

  if (connection->state == SC_STATE_CONNECTED || connection->state == SC_STATE_RETURNED)
    settled.has_error = FALSE;
  return sc_connection_get_message (&settled);
}

static const char *
get_phrase (const ScTrayFacts *facts)
{
  const char *text = NULL;

  if (!facts->connection->confirming)
    text = find_phrase (busy_phrases, G_N_ELEMENTS (busy_phrases), facts->busy);
  if (text == NULL)
    text = find_phrase (messages, G_N_ELEMENTS (messages), get_message (facts->connection));
  g_assert (text != NULL);
  return _ (text);
}

/* It came from the cloud: one line of what can be seen. */
static char *
clean_name (const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name, -1);
  g_autoptr (GString) clean = g_string_new (NULL);
  int n_characters = 0;

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (n_characters++ == MAX_NAME)
        {
          g_string_append (clean, "…");
          break;
        }
      g_string_append_unichar (clean, g_unichar_isprint (c) ? c : ' ');
    }
  return g_string_free (g_steal_pointer (&clean), FALSE);
}

static char *
format_checked (const ScTrayFacts *facts)
{
  const ScConnection *connection = facts->connection;
  gboolean fresh = connection->state == SC_STATE_CONNECTED && !connection->unknown;
  g_autoptr (GDateTime) when = NULL;

  if (facts->last_checked == 0 || *facts->busy != '\0')
    return NULL;
  when = g_date_time_new_from_unix_local (facts->last_checked);
  if (when == NULL)
    return NULL;
  if (fresh)
    /* Translators: for strftime: %A is the day's name, %H:%M the time; follows a comma */
    return g_date_time_format (when, _ ("checked %A %H:%M"));
  /* Translators: for strftime, as before; %-d %B %Y is the date */
  return g_date_time_format (when, _ ("checked %A, %-d %B %Y, %H:%M"));
}

static char *
format_status (const ScTrayFacts *facts)
{
  g_autofree char *name =
    clean_name (facts->practice != NULL ? facts->practice->name : _ ("Sikka Companion"));
  g_autofree char *checked = format_checked (facts);

  if (checked == NULL)
    /* Translators: practice and state: "Happy Dental Clinic – connecting" */
    return g_strdup_printf (_ ("%s – %s"), name, get_phrase (facts));
  /* Translators: practice, state and age: "Happy Dental Clinic – connected, checked Monday 09:12"
   */
  return g_strdup_printf (_ ("%s – %s, %s"), name, get_phrase (facts), checked);
}

static void
add_status (ScTrayView *view)
{
  sc_tray_view_add_item (view, SC_TRAY_COMMAND_STATUS, view->tooltip, FALSE, TRUE);
}

/* The same conditions as those of the controller's commands. */
static void
add_check (ScTrayView *view, const ScTrayFacts *facts)
{
  const ScConnection *connection = facts->connection;
  gboolean enabled = *facts->busy == '\0' && connection->state != SC_STATE_BROWSER_OPEN;

  sc_tray_view_add_item (view, SC_TRAY_COMMAND_CHECK, _ ("Check Connection"), enabled,
                         connection->has_credential);
}

static void
add_connect (ScTrayView *view, const ScTrayFacts *facts)
{
  const ScConnection *connection = facts->connection;
  ScConnectionState state =
    connection->state == SC_STATE_BROWSER_OPEN ? connection->before : connection->state;
  gboolean again = state == SC_STATE_CONNECTED || state == SC_STATE_RETURNED;

  sc_tray_view_add_item (view, SC_TRAY_COMMAND_CONNECT,
                         again ? _ ("Reconnect") : _ ("Connect via Sikka"),
                         *facts->busy == '\0' && !connection->confirming, TRUE);
}

ScTrayView *
sc_tray_content_create (const ScTrayFacts *facts)
{
  g_autofree char *status = NULL;
  ScTrayView *view = NULL;
  gboolean check_first;

  g_return_val_if_fail (facts != NULL && facts->connection != NULL, NULL);

  status = format_status (facts);
  view = sc_tray_view_new (get_shape (facts), status);
  /* The one thing to do when nothing is known. */
  check_first = is_unknown (facts->connection);
  if (check_first)
    add_check (view, facts);
  add_status (view);
  if (!check_first)
    add_check (view, facts);
  sc_tray_view_add_separator (view, FIRST_SEPARATOR);
  sc_tray_view_add_item (view, SC_TRAY_COMMAND_OPEN, _ ("Open Sikka Companion"), facts->has_window,
                         facts->has_window);
  add_connect (view, facts);
  sc_tray_view_add_separator (view, FIRST_SEPARATOR + 1);
  sc_tray_view_add_item (view, SC_TRAY_COMMAND_QUIT, _ ("Quit"), TRUE, TRUE);
  return view;
}
