-- SPDX-License-Identifier: Apache-2.0
-- Who shares the shards. Time is the clock of the database, as with the rows of shard_lease.

-- No row comes back to a node whose place was taken by another process under the same id.
-- name: beat
insert into node_heartbeat as n (node, life, serves, expires_at)
values ($1::uuid, $2::uuid, $3, clock_timestamp() + $4::bigint * interval '1 millisecond')
on conflict (node) do update set
  life = excluded.life, serves = excluded.serves, expires_at = excluded.expires_at
where $5::boolean or n.life = excluded.life
returning n.node;

-- name: forget_nodes
delete from node_heartbeat
where expires_at < clock_timestamp() - $1::bigint * interval '1 millisecond';

-- name: live_nodes
select n.node, n.serves,
       ceil(extract(epoch from n.expires_at - clock_timestamp()) * 1000)::bigint as ends_in
from node_heartbeat n
where n.expires_at > clock_timestamp()
order by n.node;

-- name: leave
delete from node_heartbeat where node = $1::uuid and life = $2::uuid;

-- name: soonest_end
select ceil(extract(epoch from min(l.expires_at) - clock_timestamp()) * 1000)::bigint as ends_in
from shard_lease l
where substr($2, l.shard + 1, 1) = '1' and l.owner <> $1::uuid;

-- name: hold_lease
select hold_lease($1::smallint, $2::bigint);
