-- SPDX-License-Identifier: Apache-2.0
set local role rappel_owner;

-- The fingerprint of the rules by which the citizen's deadlines were last computed; empty: by none that
-- is known. Whoever has another than the daemon's waits for a re-evaluation.
alter table citizen add column rulebook text not null default '';
