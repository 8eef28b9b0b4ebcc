// SPDX-License-Identifier: MIT
// The cloud's JSON: status, setup and report answers.

#define G_LOG_DOMAIN "sc-fuzz"

#include "sc-cloud-status.h"
#include "sc-fuzz.h"

static void
check (const ScCloudStatus *status, const GError *error)
{
  sc_fuzz_check_outcome (status, error);
  if (status == NULL)
    return;
  sc_fuzz_check_text (status->error);
  for (guint i = 0; i < status->locations->len; i++)
    sc_fuzz_check_text (((ScLocation *) g_ptr_array_index (status->locations, i))->name);
  for (guint i = 0; status->data_sync != NULL && status->data_sync->warnings[i] != NULL; i++)
    sc_fuzz_check_text (status->data_sync->warnings[i]);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const char *text = (const char *) data;
  g_autoptr (GError) status_error = NULL;
  g_autoptr (GError) setup_error = NULL;
  g_autoptr (GError) report_error = NULL;
  g_autoptr (ScCloudStatus) status = sc_cloud_status_parse (text, size, &status_error);
  g_autoptr (ScCloudStatus) setup = sc_cloud_status_parse_setup (text, size, &setup_error);
  g_autoptr (ScReportAnswer) report = sc_cloud_status_parse_report (text, size, &report_error);

  check (status, status_error);
  check (setup, setup_error);
  sc_fuzz_check_outcome (report, report_error);
  return 0;
}
