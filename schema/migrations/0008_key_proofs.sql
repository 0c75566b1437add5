-- SPDX-License-Identifier: Apache-2.0
set local role rappel_owner;

-- A keyed hash of a fixed text under each key of sealing: a daemon that was given other keys is refused,
-- before it takes what it cannot open for damaged.
create table key_proof (
  key text primary key check (key in ('master', 'index')),
  proof bytea not null
);
grant select, insert on key_proof to rappel_migrate;
