// SPDX-License-Identifier: MIT
// Every field that the program writes anywhere, with its class.

#define G_LOG_DOMAIN "sc-core"

#include "sc-field.h"

static const ScField fields[] = {
  /* The keyring item, core/sc-credential.c */
  { SC_PLACE_KEYRING, "v", SC_FIELD_IDENTITY },
  { SC_PLACE_KEYRING, "id", SC_FIELD_IDENTITY },
  { SC_PLACE_KEYRING, "provider", SC_FIELD_IDENTITY },
  { SC_PLACE_KEYRING, "issuer", SC_FIELD_IDENTITY },
  { SC_PLACE_KEYRING, "clientId", SC_FIELD_IDENTITY },
  { SC_PLACE_KEYRING, "refreshToken", SC_FIELD_SECRET },
  { SC_PLACE_KEYRING, "requestKey", SC_FIELD_SECRET },
  { SC_PLACE_KEYRING, "requestKeyExpires", SC_FIELD_IDENTITY },
  { SC_PLACE_KEYRING, "scope", SC_FIELD_IDENTITY },
  { SC_PLACE_KEYRING, "obtained", SC_FIELD_IDENTITY },
  { SC_PLACE_KEYRING, "practice.officeId", SC_FIELD_IDENTITY },
  { SC_PLACE_KEYRING, "practice.name", SC_FIELD_IDENTITY },
  { SC_PLACE_KEYRING, "practice.pmsType", SC_FIELD_IDENTITY },

  /* The journal, agent/sc-journal*.c */
  { SC_PLACE_JOURNAL, "meta.device_id", SC_FIELD_IDENTITY },
  { SC_PLACE_JOURNAL, "meta.activity_head", SC_FIELD_LOG },
  { SC_PLACE_JOURNAL, "meta.merged_reports", SC_FIELD_STATUS },
  { SC_PLACE_JOURNAL, "state.state", SC_FIELD_STATUS },
  { SC_PLACE_JOURNAL, "state.attention", SC_FIELD_STATUS },
  { SC_PLACE_JOURNAL, "state.unknown", SC_FIELD_STATUS },
  { SC_PLACE_JOURNAL, "state.withdrawn", SC_FIELD_STATUS },
  { SC_PLACE_JOURNAL, "state.practice_office_id", SC_FIELD_IDENTITY },
  { SC_PLACE_JOURNAL, "state.practice_name", SC_FIELD_IDENTITY },
  { SC_PLACE_JOURNAL, "state.practice_pms", SC_FIELD_IDENTITY },
  { SC_PLACE_JOURNAL, "state.last_checked", SC_FIELD_STATUS },
  { SC_PLACE_JOURNAL, "state.error", SC_FIELD_STATUS },
  { SC_PLACE_JOURNAL, "state.reference", SC_FIELD_STATUS },
  { SC_PLACE_JOURNAL, "state.credential_id", SC_FIELD_IDENTITY },
  { SC_PLACE_JOURNAL, "state.account", SC_FIELD_IDENTITY },
  { SC_PLACE_JOURNAL, "state.latest_version", SC_FIELD_STATUS },
  { SC_PLACE_JOURNAL, "state.minimum_version", SC_FIELD_STATUS },
  { SC_PLACE_JOURNAL, "outbox.id", SC_FIELD_STATUS },
  { SC_PLACE_JOURNAL, "outbox.account", SC_FIELD_IDENTITY },
  { SC_PLACE_JOURNAL, "outbox.kind", SC_FIELD_STATUS },
  { SC_PLACE_JOURNAL, "outbox.created", SC_FIELD_STATUS },
  { SC_PLACE_JOURNAL, "outbox.body", SC_FIELD_STATUS },
  { SC_PLACE_JOURNAL, "outbox.attempts", SC_FIELD_STATUS },
  { SC_PLACE_JOURNAL, "outbox.next_attempt", SC_FIELD_STATUS },
  { SC_PLACE_JOURNAL, "activity.sequence", SC_FIELD_LOG },
  { SC_PLACE_JOURNAL, "activity.time", SC_FIELD_LOG },
  { SC_PLACE_JOURNAL, "activity.user", SC_FIELD_LOG },
  { SC_PLACE_JOURNAL, "activity.action", SC_FIELD_LOG },
  { SC_PLACE_JOURNAL, "activity.result", SC_FIELD_LOG },
  { SC_PLACE_JOURNAL, "activity.reference", SC_FIELD_LOG },
  { SC_PLACE_JOURNAL, "activity.hash", SC_FIELD_LOG },
  { SC_PLACE_JOURNAL, "checkpoint.sequence", SC_FIELD_LOG },
  { SC_PLACE_JOURNAL, "checkpoint.hash", SC_FIELD_LOG },
  { SC_PLACE_JOURNAL, "counters.name", SC_FIELD_STATUS },
  { SC_PLACE_JOURNAL, "counters.value", SC_FIELD_STATUS },
  { SC_PLACE_JOURNAL, "pending_revocation.credential_id", SC_FIELD_IDENTITY },
  { SC_PLACE_JOURNAL, "pending_revocation.since", SC_FIELD_STATUS },

  /* The agent's own settings */
  { SC_PLACE_SETTINGS, "general.spu_elsewhere", SC_FIELD_STATUS },
  { SC_PLACE_SETTINGS, "general.check_at_sign_in", SC_FIELD_STATUS },

  /* The report, core/sc-report.c; "[]" is each element of an array */
  { SC_PLACE_REPORT, "id", SC_FIELD_STATUS },
  { SC_PLACE_REPORT, "kind", SC_FIELD_STATUS },
  { SC_PLACE_REPORT, "created", SC_FIELD_STATUS },
  { SC_PLACE_REPORT, "appVersion", SC_FIELD_STATUS },
  { SC_PLACE_REPORT, "os", SC_FIELD_STATUS },
  { SC_PLACE_REPORT, "deviceId", SC_FIELD_IDENTITY },
  { SC_PLACE_REPORT, "state.phase", SC_FIELD_STATUS },
  { SC_PLACE_REPORT, "state.status", SC_FIELD_STATUS },
  { SC_PLACE_REPORT, "state.errorId", SC_FIELD_STATUS },
  { SC_PLACE_REPORT, "reference", SC_FIELD_STATUS },
  { SC_PLACE_REPORT, "lights[].id", SC_FIELD_STATUS },
  { SC_PLACE_REPORT, "lights[].verdict", SC_FIELD_STATUS },
  { SC_PLACE_REPORT, "lights[].checked", SC_FIELD_STATUS },
  { SC_PLACE_REPORT, "lights[].advice", SC_FIELD_STATUS },
  { SC_PLACE_REPORT, "counters.refreshes", SC_FIELD_STATUS },
  { SC_PLACE_REPORT, "counters.callbacks", SC_FIELD_STATUS },
  { SC_PLACE_REPORT, "counters.storeErrors", SC_FIELD_STATUS },
  { SC_PLACE_REPORT, "activity.head", SC_FIELD_STATUS },
  { SC_PLACE_REPORT, "activity.length", SC_FIELD_STATUS },
};

const ScField *
sc_field_get_table (gsize *n_fields)
{
  g_return_val_if_fail (n_fields != NULL, NULL);

  *n_fields = G_N_ELEMENTS (fields);
  return fields;
}

gboolean
sc_field_class_allows (ScFieldClass field_class, ScPlace place)
{
  switch (field_class)
    {
    case SC_FIELD_SECRET:
      return place == SC_PLACE_KEYRING;
    case SC_FIELD_IDENTITY:
      return TRUE;
    case SC_FIELD_STATUS:
      return place != SC_PLACE_KEYRING;
    case SC_FIELD_LOG:
      return place == SC_PLACE_JOURNAL;
    default:
      return FALSE;
    }
}

const ScField *
sc_field_find (ScPlace place, const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (fields[i].place == place && g_str_equal (fields[i].name, name))
      return &fields[i];
  return NULL;
}
