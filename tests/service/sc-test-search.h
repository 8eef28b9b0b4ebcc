// SPDX-License-Identifier: MIT
// A search for secrets in all that programs write, say and hold.

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ScTestSearch: what is searched for, and where it was found.
 *
 * A secret counts as found where sixteen bytes of it in a row are: a freed block of memory has lost
 * its first bytes and still tells the rest.
 */
typedef struct _ScTestSearch ScTestSearch;

ScTestSearch *sc_test_search_new (void);
void sc_test_search_free (ScTestSearch *self);

/** sc_test_search_add: @kind: what finds are called; @value: at least 16 bytes; one that
 *  is known already changes nothing */
void sc_test_search_add (ScTestSearch *self, const char *kind, const char *value);
/** sc_test_search_count: Returns: how many secrets of @kind are searched for */
guint sc_test_search_count (ScTestSearch *self, const char *kind);

/* Each looks in one place, which is what finds there are called: "KIND in PLACE". */

void sc_test_search_bytes (ScTestSearch *self, const char *place, const void *bytes, gsize length);
/** sc_test_search_folder: every file below @path; the place is "PREFIX NAME" */
void sc_test_search_folder (ScTestSearch *self, const char *prefix, const char *path);
/** sc_test_search_proc: @file: "cmdline", "environ"; the place is "PREFIX FILE" */
void sc_test_search_proc (ScTestSearch *self, const char *prefix, int pid, const char *file);
/**
 * sc_test_search_memory:
 *
 * All memory of a process; places are "PREFIX memory MAPPING", e.g. "agent memory [heap]".
 *
 * Returns: whether it may be read
 */
gboolean sc_test_search_memory (ScTestSearch *self, const char *prefix, int pid);

/** sc_test_search_exempt: forgets finds of @kind in the place @place, and why is for the reader */
void
sc_test_search_exempt (ScTestSearch *self, const char *kind, const char *place, const char *why);

/** sc_test_search_has: whether anything was found in a place that matches @pattern, with * and ? */
gboolean sc_test_search_has (ScTestSearch *self, const char *pattern);
/** sc_test_search_take: Returns: (transfer full): all finds, a line each, which are forgotten */
char *sc_test_search_take (ScTestSearch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScTestSearch, sc_test_search_free)

G_END_DECLS
