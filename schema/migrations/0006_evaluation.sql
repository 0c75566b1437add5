-- SPDX-License-Identifier: Apache-2.0
set local role rappel_owner;

-- Digest of what the rules said when the citizen's deadlines were last computed, sealed; null: unknown.
-- Other rules that say the same need not read nor rewrite the deadlines.
alter table citizen add column evaluation bytea;
