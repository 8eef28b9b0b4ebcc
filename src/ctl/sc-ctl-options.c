// SPDX-License-Identifier: MIT
// The command line as a value.

#define G_LOG_DOMAIN "sc-ctl"

#include "config.h"

#include <glib/gi18n.h>

#include "sc-ctl-options.h"

typedef struct
{
  const char *command; /* NULL: every command, and before it */
  const char *name;
  GOptionArg arg;
  gsize offset;
  const char *description;
  const char *value;
} OptionRow;

static const OptionRow rows[] = {
  { NULL, "json", G_OPTION_ARG_NONE, G_STRUCT_OFFSET (ScCtlOptions, json),
    N_ ("Print one JSON object instead of sentences"), NULL },
  { "connect", "no-browser", G_OPTION_ARG_NONE, G_STRUCT_OFFSET (ScCtlOptions, no_browser),
    N_ ("Only print the address; you open it yourself, on this PC"), NULL },
  { "connect", "timeout", G_OPTION_ARG_INT, G_STRUCT_OFFSET (ScCtlOptions, timeout),
    N_ ("Give up after so many seconds"), N_ ("SECONDS") },
  { "connect", "accept-practice", G_OPTION_ARG_FILENAME,
    G_STRUCT_OFFSET (ScCtlOptions, accept_practice),
    N_ ("Accept this other practice without asking"), N_ ("NAME") },
  { "disconnect", "practice", G_OPTION_ARG_NONE, G_STRUCT_OFFSET (ScCtlOptions, practice),
    N_ ("Disconnect the whole practice, not only this PC"), NULL },
  { "disconnect", "yes", G_OPTION_ARG_NONE, G_STRUCT_OFFSET (ScCtlOptions, yes),
    N_ ("Do not ask for confirmation"), NULL },
  { "log", "verify", G_OPTION_ARG_NONE, G_STRUCT_OFFSET (ScCtlOptions, verify),
    N_ ("Check that no row was changed or taken out"), NULL },
  { "log", "export", G_OPTION_ARG_FILENAME, G_STRUCT_OFFSET (ScCtlOptions, export_file),
    N_ ("Write the log to FILE: CSV when the name ends in .csv, else JSON lines"), N_ ("FILE") },
};

static const char description[] =
  N_ ("Exit status: 0 connected, or done as asked; 1 not connected; 2 wrong usage;\n"
      "3 agent not reachable; 4 failed; 5 cancelled, denied or timed out.\n\n"
      "\"sikkactl COMMAND --help\" shows the options of a command.");

void
sc_ctl_options_free (ScCtlOptions *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->accept_practice);
  g_free (self->export_file);
  g_free (self);
}

static void
add_row (GArray *entries, const OptionRow *row, ScCtlOptions *self)
{
  GOptionEntry entry = {
    .long_name = row->name,
    .arg = row->arg,
    .arg_data = G_STRUCT_MEMBER_P (self, row->offset),
    .description = row->description,
    .arg_description = row->value,
  };

  g_array_append_val (entries, entry);
}

/* @command: the one whose options are wanted besides those of every command, or NULL */
static GOptionContext *
context_new (ScCtlOptions *self, const char *command, const char *parameter)
{
  g_autoptr (GArray) entries = g_array_new (TRUE, TRUE, sizeof (GOptionEntry));
  GOptionContext *context = g_option_context_new (parameter);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].command == NULL || g_strcmp0 (rows[i].command, command) == 0)
      add_row (entries, &rows[i], self);

  if (command == NULL)
    {
      const OptionRow version = { NULL,
                                  "version",
                                  G_OPTION_ARG_NONE,
                                  G_STRUCT_OFFSET (ScCtlOptions, version),
                                  N_ ("Print the version"),
                                  NULL };
      add_row (entries, &version, self);
    }

  g_option_context_add_main_entries (context, (const GOptionEntry *) entries->data,
                                     SC_GETTEXT_PACKAGE);
  g_option_context_set_translation_domain (context, SC_GETTEXT_PACKAGE);
  return context;
}

static char *
list_commands (void)
{
  g_autoptr (GString) text = g_string_new (_ ("Commands:"));
  gsize n_commands;
  const ScCtlCommand *commands = sc_ctl_command_list (&n_commands);

  for (gsize i = 0; i < n_commands; i++)
    g_string_append_printf (text, "\n  %-12s %s", commands[i].name, _ (commands[i].summary));

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Exactly what follows the options is left in @arguments. */
static gboolean
parse_global (ScCtlOptions *self, char ***arguments, GError **error)
{
  g_autoptr (GOptionContext) context = context_new (self, NULL, _ ("COMMAND"));
  g_autofree char *commands = list_commands ();

  g_option_context_set_strict_posix (context, TRUE);
  g_option_context_set_summary (context, commands);
  g_option_context_set_description (context, _ (description));
  return g_option_context_parse_strv (context, arguments, error);
}

static gboolean
parse_command (ScCtlOptions *self, char ***arguments, GError **error)
{
  g_autoptr (GOptionContext) context = context_new (self, self->command->name, NULL);
  g_autofree char *program = g_strdup_printf ("%s %s", g_get_prgname (), self->command->name);

  g_set_prgname (program);
  g_option_context_set_summary (context, _ (self->command->summary));
  return g_option_context_parse_strv (context, arguments, error);
}

G_GNUC_PRINTF (2, 3)
static gboolean
refuse (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_propagate_error (error,
                     g_error_new_valist (G_OPTION_ERROR, G_OPTION_ERROR_FAILED, format, args));
  va_end (args);
  return FALSE;
}

/* What GOption cannot know about the values. */
static gboolean
validate (ScCtlOptions *self, GError **error)
{
  if (self->timeout < 0)
    return refuse (error, "%s",
                   _ ("--timeout takes a number of seconds; 0 is no limit of its own."));
  if (self->accept_practice != NULL && !g_utf8_validate (self->accept_practice, -1, NULL))
    return refuse (error, "%s", _ ("The name after --accept-practice is not UTF-8 text."));
  if (self->accept_practice != NULL && *self->accept_practice == '\0')
    return refuse (error, "%s", _ ("--accept-practice takes the practice's name."));
  if (self->export_file != NULL &&
      (*self->export_file == '\0' || g_str_equal (self->export_file, "-")))
    return refuse (error, "%s", _ ("--export takes the name of a file."));

  return TRUE;
}

/* @arguments: the program's name, the command, its options */
static gboolean
parse_rest (ScCtlOptions *self, char **arguments, GError **error)
{
  g_auto (GStrv) rest = g_strdupv (arguments + 1);

  self->command = sc_ctl_command_find (rest[0]);
  if (self->command == NULL)
    /* Translators: %s is what was typed */
    return refuse (error, _ ("There is no command \"%s\"."), rest[0]);
  if (!parse_command (self, &rest, error))
    return FALSE;
  if (g_strv_length (rest) > 1)
    /* Translators: the first %s is what was typed, the second the command */
    return refuse (error, _ ("\"%s\" is not understood after \"%s\"."), rest[1],
                   self->command->name);

  return validate (self, error);
}

ScCtlOptions *
sc_ctl_options_parse (const char *const *arguments, GError **error)
{
  g_autoptr (ScCtlOptions) self = g_new0 (ScCtlOptions, 1);
  g_auto (GStrv) rest = NULL;

  g_return_val_if_fail (arguments != NULL && arguments[0] != NULL, NULL);

  rest = g_strdupv ((char **) arguments);
  if (!parse_global (self, &rest, error))
    return NULL;
  if (self->version)
    return g_steal_pointer (&self);
  if (rest[1] == NULL)
    {
      refuse (error, "%s", _ ("A command is missing."));
      return NULL;
    }
  if (!parse_rest (self, rest, error))
    return NULL;

  return g_steal_pointer (&self);
}
