-- SPDX-License-Identifier: Apache-2.0
-- What an import asks of one shard and one tenant about many citizens at once.

-- name: find_citizens
select id, reference_index from citizen
where shard = $1::smallint and tenant = $2::uuid and reference_index = any ($3::bytea[]);

-- name: count_waiting
select citizen, count(*) as waiting from reminder
where shard = $1::smallint and tenant = $2::uuid and citizen = any ($3::uuid[])
  and state in ('planned', 'claimed', 'retry_wait')
group by citizen;
