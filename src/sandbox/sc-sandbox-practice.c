// SPDX-License-Identifier: MIT
// The invented practices that Sikka knows in the sandbox.

#define G_LOG_DOMAIN "sc-sandbox"

#include "sc-sandbox-practice.h"

static const ScSandboxPractice practices[] = {
  { "D10023",
    "Happy Dental Clinic",
    "Dentrix",
    "G7.3",
    "Dental",
    "SANDBOX-SECRET-KEY-D10023",
    "10023",
    { { "1", "Happy Dental Clinic", "Toronto", TRUE } } },
  { "C20417",
    "Bright Smiles Dental",
    "Eaglesoft",
    "21.20",
    "Dental",
    "SANDBOX-SECRET-KEY-C20417",
    "20417",
    { { "1", "Bright Smiles Dental", "Ottawa", TRUE } } },
  { "D30991",
    "Maple Grove Dental Group",
    "Open Dental",
    "23.2",
    "Dental",
    "SANDBOX-SECRET-KEY-D30991",
    "30991",
    { { "1", "Maple Grove Downtown", "Halifax", TRUE },
      { "1-1", "Maple Grove Harbour", "Halifax", TRUE },
      { "2", "Maple Grove Airport", "Enfield", FALSE } } },
  { NULL }
};

const ScSandboxPractice *
sc_sandbox_practice_list (void)
{
  return practices;
}

const ScSandboxPractice *
sc_sandbox_practice_find (const char *office_id)
{
  for (const ScSandboxPractice *practice = practices; practice->office_id != NULL; practice++)
    {
      if (g_strcmp0 (practice->office_id, office_id) == 0)
        return practice;
    }

  return NULL;
}

const ScSandboxPractice *
sc_sandbox_practice_find_other (const char *office_id)
{
  return g_strcmp0 (office_id, practices[1].office_id) == 0 ? &practices[0] : &practices[1];
}
