// SPDX-License-Identifier: MIT
// The pages that the browser is shown at the end of an authorization.

#define G_LOG_DOMAIN "sc-net"

#include "sc-loopback-page.h"

#include <glib/gi18n.h>

/* The result is told by colour, by shape and in words: any of them is enough. */
#define STYLE                                                                                      \
  ":root{color-scheme:light dark;--page:#f6f5f4;--card:#fff;--text:#241f31;--soft:#5e5c64;"        \
  "--good:#1b7f43;--info:#1a5fb4;--bad:#b3261e}"                                                   \
  "@media(prefers-color-scheme:dark){:root{--page:#1e1e1e;--card:#2d2d2d;--text:#f6f5f4;"          \
  "--soft:#c0bfbc;--good:#57e389;--info:#78aeed;--bad:#ff7b72}}"                                   \
  "*{box-sizing:border-box}"                                                                       \
  "body{margin:0;min-height:100vh;display:flex;align-items:center;justify-content:center;"         \
  "padding:1.5rem;background:var(--page);color:var(--text);font:1.0625rem/1.5 system-ui,"          \
  "sans-serif}"                                                                                    \
  "main{max-width:30rem;width:100%;padding:2.5rem 2rem;border-radius:1rem;background:var(--card);" \
  "text-align:center;box-shadow:0 1px 6px rgba(0,0,0,.15)}"                                        \
  "svg{width:4rem;height:4rem}.good{color:var(--good)}.info{color:var(--info)}"                    \
  ".bad{color:var(--bad)}"                                                                         \
  "h1{margin:1rem 0 .5rem;font-size:1.5rem;line-height:1.25}p{margin:.5rem 0;color:var(--soft)}"   \
  "code{font:600 1.125rem ui-monospace,monospace;color:var(--text)}"

#define CIRCLE "<circle cx=\"12\" cy=\"12\" r=\"10\"/>"
#define TICK CIRCLE "<path d=\"M7.5 12.5l3 3 6-6.5\"/>"
#define CROSS CIRCLE "<path d=\"M8.5 8.5l7 7m0-7l-7 7\"/>"
#define ARROW CIRCLE "<path d=\"M7.5 12h9m-4-4l4 4-4 4\"/>"
#define BAR CIRCLE "<path d=\"M7.5 12h9\"/>"

/* In the order of ScLoopbackPage. */
static const struct
{
  const char *mood;
  const char *shape;
  const char *title;
  const char *text;
} pages[] = {
  { "good", TICK, N_ ("Permission given"),
    N_ ("The permission is stored on this PC. You can close this page and go on in Sikka "
        "Companion.") },
  { "info", BAR, N_ ("Authorization cancelled"),
    N_ ("Nothing was changed. You can close this page and try again in Sikka Companion.") },
  { "bad", CROSS, N_ ("Connecting did not work"),
    N_ ("Sikka Companion could not finish. You can close this page; Sikka Companion shows what "
        "happened and what to do next.") },
  { "info", ARROW, N_ ("Go back to Sikka Companion to finish"),
    N_ ("Sikka Companion is waiting for you. You can close this page.") },
  { "info", BAR, N_ ("This answer was already used"),
    N_ ("You can close this page. Sikka Companion shows whether you are connected.") },
  { "info", BAR, N_ ("Nothing to see here"),
    N_ ("This is not the answer that Sikka Companion is waiting for. You can close this page; "
        "nothing was changed.") },
};

G_STATIC_ASSERT (G_N_ELEMENTS (pages) == SC_LOOPBACK_PAGE_IGNORED + 1);

static char *
build_reference (const char *reference)
{
  g_autofree char *label = NULL;

  if (reference == NULL)
    return g_strdup ("");
  /* Translators: stands before a short code that a person reads out to the support. */
  label = g_markup_escape_text (_ ("Reference:"), -1);
  return g_strdup_printf ("<p>%s <code>%s</code></p>\n", label, reference);
}

char *
sc_loopback_page_build (ScLoopbackPage page, const char *reference)
{
  g_autofree char *title = NULL;
  g_autofree char *text = NULL;
  g_autofree char *shown = NULL;

  g_return_val_if_fail ((gsize) page < G_N_ELEMENTS (pages), NULL);

  title = g_markup_escape_text (_ (pages[page].title), -1);
  text = g_markup_escape_text (_ (pages[page].text), -1);
  shown = build_reference (reference);
  return g_strdup_printf (
    "<!DOCTYPE html>\n"
    "<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<title>%s – Sikka Companion</title>\n<style>%s</style>\n</head>\n"
    "<body>\n<main>\n"
    "<svg class=\"%s\" viewBox=\"0 0 24 24\" fill=\"none\" stroke=\"currentColor\""
    " stroke-width=\"1.75\" stroke-linecap=\"round\" stroke-linejoin=\"round\""
    " aria-hidden=\"true\">%s</svg>\n"
    "<h1>%s</h1>\n<p>%s</p>\n%s</main>\n</body>\n</html>\n",
    /* Translators: the language of this translation as HTML names it, e.g. "en" or "pt-BR". */
    C_ ("HTML language", "en"), title, STYLE, pages[page].mood, pages[page].shape, title, text,
    shown);
}

const char *
sc_loopback_page_get_policy (void)
{
  static char *policy = NULL;

  if (g_once_init_enter (&policy))
    {
      guint8 digest[32];
      gsize size = sizeof digest;
      g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
      g_autofree char *hash = NULL;

      g_checksum_update (checksum, (const guchar *) STYLE, sizeof STYLE - 1);
      g_checksum_get_digest (checksum, digest, &size);
      hash = g_base64_encode (digest, size);
      g_once_init_leave (&policy, g_strdup_printf ("default-src 'none'; style-src 'sha256-%s'; "
                                                   "base-uri 'none'; form-action 'none'; "
                                                   "frame-ancestors 'none'",
                                                   hash));
    }
  return policy;
}
