// SPDX-License-Identifier: MIT
// What the parts of the controller share: sc-controller.c, -connect.c, -check.c, -disconnect.c,
// -record.c.

#pragma once

#include "sc-authorizer.h"
#include "sc-controller.h"
#include "sc-courier.h"
#include "sc-revoker.h"

G_BEGIN_DECLS

struct _ScController
{
  GObject parent_instance;

  ScConfig *config;
  ScSpuNames *spu_names;
  ScClock *clock;
  ScCredentialStore *store;
  ScJournal *journal;
  ScSettings *settings;
  ScHttp *http;
  ScProvider *provider;
  ScCloudClient *cloud;
  ScRevoker *revoker;
  ScGrantKeeper *keeper;
  ScCourier *courier;
  GCancellable *cancellable;

  ScConnection connection;
  ScPractice *practice;
  gint64 last_checked;
  char *reference;
  char *recorded_id; /* (nullable): of the credential that the keyring held when it last answered */
  char *account;     /* whose reports the journal's are, also after a withdrawal */
  char *device_id;
  char *latest_version;
  char *minimum_version;
  ScLight lights[SC_N_LIGHTS];
  ScCloudStatus *cloud_status;
  ScSpuFindings *spu;

  gboolean loaded;
  GPtrArray *deferred; /* of Command: wait for their turn */
  gulong network_handler;

  /* connect */
  guint transaction;
  GTask *connect_task;
  gboolean preparing; /* pre-flight under way */
  GCancellable *preflight_cancellable;
  gboolean open_browser;
  char *activation_token;
  ScAuthorizer *authorizer;
  ScGrant *new_grant;
  gboolean storing;

  /* check */
  GPtrArray *check_tasks; /* of GTask; not empty while a check is under way */
  gboolean check_retried;
  ScToken *check_token;

  /* disconnect */
  gboolean ending_practice; /* the cloud is being asked to */
  gboolean retiring;
  char *retired_id;        /* the grant on its way out */
  char *left_behind;       /* one that is out, but for the keyring's item, which would not go */
  GPtrArray *retire_tasks; /* of GTask */
  GCancellable *flush_cancellable;
  guint flush_alarm;
  guint undo_alarm;
  gint64 undo_deadline;

  guint age_alarm;
};

/** ScControllerCommand: takes @task over */
typedef void (*ScControllerCommand) (ScController *self, GTask *task);

/** sc_controller_run: runs @command with @task (transfer full) now, or once the credential was
 * looked up and no old one is on its way out */
void sc_controller_run (ScController *self, ScControllerCommand command, GTask *task);
void sc_controller_run_deferred (ScController *self);

/** sc_controller_dispatch: one event through the state machine, and its effects
 *  @action: what the activity log calls it */
void sc_controller_dispatch (ScController *self,
                             ScConnectionEvent event,
                             const GError *error,
                             const char *action);

void sc_controller_notify (ScController *self);
/** sc_controller_renew_reference: a new reference for what begins now */
void sc_controller_renew_reference (ScController *self);

/* -record.c */
void sc_controller_record (ScController *self,
                           const char *action,
                           gboolean report,
                           gboolean state_changed,
                           gboolean retire);
/** sc_controller_save: what sc_controller_restore() reads, for a change that is no event */
void sc_controller_save (ScController *self);
void sc_controller_restore (ScController *self);
void sc_controller_log (ScController *self, const char *action, const char *result);
void sc_controller_adopt_account (ScController *self);

/* -connect.c */
void sc_controller_run_preflight (ScController *self);
void sc_controller_open_browser (ScController *self);
void sc_controller_reopen_browser (ScController *self);
void sc_controller_ask_practice (ScController *self);
void sc_controller_store_grant (ScController *self);
void sc_controller_close_browser (ScController *self, ScConnectionEvent event, const GError *error);
void sc_controller_revoke_new (ScController *self);
void sc_controller_clear_connect (ScController *self);

/* -check.c */
void sc_controller_sync (ScController *self);
void sc_controller_setup (ScController *self);
void sc_controller_arm_age (ScController *self);
gboolean sc_controller_lights_need_someone (ScController *self);
void sc_controller_take_report_answer (ScController *self, const ScReportAnswer *answer);
void sc_controller_clear_check (ScController *self);
void sc_controller_refresh_authorization_light (ScController *self, const GError *error);

/* -disconnect.c */
void sc_controller_retire_grant (ScController *self, gboolean flush);
void sc_controller_start_undo (ScController *self);
void sc_controller_stop_undo (ScController *self);
void sc_controller_clear_disconnect (ScController *self);

G_END_DECLS
