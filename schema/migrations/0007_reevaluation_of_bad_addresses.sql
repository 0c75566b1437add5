-- SPDX-License-Identifier: Apache-2.0
-- An outcome that makes an address unusable marks its citizen for re-evaluation in its own transaction.
set local role rappel_owner;

grant update (reevaluate_at) on citizen to rappel_dispatch;
