// SPDX-License-Identifier: MIT
// Sentences on the terminal. Whoever calls these has cleaned the values in them, see sc-ctl-text.h.

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** sc_ctl_print: one line on standard output */
void sc_ctl_print (const char *format, ...) G_GNUC_PRINTF (1, 2);

/** sc_ctl_print_note: one line on standard error, for what is not the command's result */
void sc_ctl_print_note (const char *format, ...) G_GNUC_PRINTF (1, 2);

/** sc_ctl_print_problem: "sikkactl: @sentence", cleaned, on standard error */
void sc_ctl_print_problem (const char *sentence);

/**
 * sc_ctl_print_error:
 * @id: the error's stable id
 * @detail: technical, cleaned, or ""
 * @reference: the reference, or ""
 *
 * What happened, who acts, the next step and the reference, on standard error.
 */
void sc_ctl_print_error (const char *id, const char *detail, const char *reference);

/**
 * sc_ctl_print_error_result:
 * @id: the error's stable id
 *
 * What happened and the next step, on standard output: the error is the answer that was asked for.
 */
void sc_ctl_print_error_result (const char *id);

/**
 * sc_ctl_print_next_step:
 * @indent: blanks in front
 * @actor: "front-desk", "it", "sikka", "vendor", ""
 * @sentence: the step, translated
 */
void sc_ctl_print_next_step (const char *indent, const char *actor, const char *sentence);

/**
 * sc_ctl_print_shape:
 * @verdict: "ok", "attention" or "warning", "failed", "not-here"; everything else is not known
 *
 * Colours are not needed to tell them apart, and where the terminal has no such characters plain
 * ones stand in.
 *
 * Returns: (transfer none): "✓", "!", "✗", "–", "?"
 */
const char *sc_ctl_print_shape (const char *verdict);

/** sc_ctl_print_verdict: Returns: (transfer none): the translated word for @verdict */
const char *sc_ctl_print_verdict (const char *verdict);

G_END_DECLS
