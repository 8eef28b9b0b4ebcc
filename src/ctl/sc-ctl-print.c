// SPDX-License-Identifier: MIT
// Sentences on the terminal. Whoever calls these has cleaned the values in them, see sc-ctl-text.h.

#define G_LOG_DOMAIN "sc-ctl"

#include <glib/gi18n.h>

#include "sc-ctl-error-text.h"
#include "sc-ctl-print.h"
#include "sc-ctl-text.h"

void
sc_ctl_print (const char *format, ...)
{
  g_autofree char *line = NULL;
  va_list args;

  va_start (args, format);
  line = g_strdup_vprintf (format, args);
  va_end (args);
  g_print ("%s\n", line);
}

void
sc_ctl_print_note (const char *format, ...)
{
  g_autofree char *line = NULL;
  va_list args;

  va_start (args, format);
  line = g_strdup_vprintf (format, args);
  va_end (args);
  g_printerr ("%s\n", line);
}

void
sc_ctl_print_problem (const char *sentence)
{
  g_autofree char *clean = sc_ctl_text_clean (sentence);

  g_printerr ("sikkactl: %s\n", clean);
}

void
sc_ctl_print_error (const char *id, const char *detail, const char *reference)
{
  const ScCtlErrorText *text = sc_ctl_error_text_get (id);
  g_autofree char *step =
    g_strdup_printf (sc_ctl_error_text_get_actor (text->actor), _ (text->next));

  g_printerr ("%s\n%s\n", _ (text->what), step);
  if (*detail != '\0')
    /* Translators: %s is technical text in English */
    sc_ctl_print_note (_ ("Detail: %s"), detail);
  if (*reference != '\0')
    sc_ctl_print_note (_ ("Reference %s."), reference);
}

void
sc_ctl_print_error_result (const char *id)
{
  const ScCtlErrorText *text = sc_ctl_error_text_get (id);

  sc_ctl_print ("%s", _ (text->what));
  sc_ctl_print_next_step ("", text->actor, _ (text->next));
}

void
sc_ctl_print_next_step (const char *indent, const char *actor, const char *sentence)
{
  g_autofree char *step = g_strdup_printf (sc_ctl_error_text_get_actor (actor), sentence);

  sc_ctl_print ("%s%s", indent, step);
}

static const struct
{
  const char *verdict;
  const char *shape;
  const char *plain;
  const char *word;
} verdicts[] = {
  { "ok", "✓", "+", N_ ("ok") },
  { "attention", "!", "!", N_ ("needs someone") },
  { "warning", "!", "!", N_ ("needs someone") },
  { "failed", "✗", "x", N_ ("failed") },
  { "not-here", "–", "-", N_ ("not on this PC") },
  { "unknown", "?", "?", N_ ("not known") },
};

static gsize
find_verdict (const char *verdict)
{
  for (gsize i = 0; i < G_N_ELEMENTS (verdicts); i++)
    if (g_strcmp0 (verdicts[i].verdict, verdict) == 0)
      return i;

  return G_N_ELEMENTS (verdicts) - 1;
}

const char *
sc_ctl_print_shape (const char *verdict)
{
  gsize i = find_verdict (verdict);

  return g_get_charset (NULL) ? verdicts[i].shape : verdicts[i].plain;
}

const char *
sc_ctl_print_verdict (const char *verdict)
{
  return _ (verdicts[find_verdict (verdict)].word);
}
