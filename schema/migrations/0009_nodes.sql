-- SPDX-License-Identifier: Apache-2.0
set local role rappel_owner;

-- The nodes that share the shards: small, the same on every node of a cluster. A node whose time is over
-- is not live. `life` tells a node's process from the one before it; `serves` has one digit for each shard.
create table node_heartbeat (
  node uuid primary key,
  life uuid not null,
  serves text not null check (length(serves) = 256 and translate(serves, '01', '') = ''),
  expires_at timestamptz not null
) with (fillfactor = 50);
grant select, insert, update, delete on node_heartbeat to rappel_dispatch;
grant select on node_heartbeat to rappel_read;

-- Whether an epoch stands, and until the end of the transaction: what plans for the owner of a shard
-- runs as rappel_api, which can hold a lease by this and do nothing else with it.
create function hold_lease(of_shard smallint, of_epoch bigint) returns bigint
language sql security definer set search_path = rappel, pg_temp as $$
  select epoch from shard_lease
  where shard = of_shard and epoch = of_epoch and owner is not null
  for key share
$$;
revoke all on function hold_lease(smallint, bigint) from public;
grant execute on function hold_lease(smallint, bigint) to rappel_api;
