// SPDX-License-Identifier: MIT
// The text of the keyring's pending-revocation item: all grants that must end, as one JSON object.

#pragma once

#include "sc-credential.h"

G_BEGIN_DECLS

/** sc_revoker_item_serialize: @grants: (element-type ScCredential). Returns: (transfer full): the
 *  text, which may be longer than the keyring takes */
ScSecretString *sc_revoker_item_serialize (GPtrArray *grants);

/**
 * sc_revoker_item_parse:
 * @item: the text
 * @error: return location
 *
 * A grant that cannot be read is left out, with a warning. Errors: %SC_ERROR_STORE_DAMAGED.
 *
 * Returns: (transfer full) (element-type ScCredential): the grants, oldest first
 */
GPtrArray *sc_revoker_item_parse (const ScSecretString *item, GError **error);

G_END_DECLS
