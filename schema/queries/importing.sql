-- SPDX-License-Identifier: Apache-2.0
-- Many reminders of many citizens at once: one shard, one tenant. A batch travels as one array for each
-- column: cheaper to read for the server than rows of JSON.

-- name: find_citizens
select id, reference_index from citizen
where shard = $1::smallint and tenant = $2::uuid and reference_index = any ($3::bytea[]);

-- name: count_waiting
select citizen, count(*) as waiting from reminder
where shard = $1::smallint and tenant = $2::uuid and citizen = any ($3::uuid[])
  and state in ('planned', 'claimed', 'retry_wait')
group by citizen;

-- name: insert_scheduled
insert into reminder (shard, tenant, id, due_at, citizen, stage, message, topic, lane, statutory, misfire,
                      next_at, expires_at, due_on, channels, state, state_reason, attempt,
                      channel_index, "values")
select $1::smallint, $2::uuid, n.id, n.due_at, n.citizen, n.stage, n.message, n.topic, n.lane, false,
       'fire_now', n.next_at, n.expires_at, n.due_on, n.channels, 'planned', '', 0, 0, n."values"
from unnest($3::uuid[], $4::timestamptz[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[],
            $10::timestamptz[], $11::timestamptz[], $12::date[], $13::text[], $14::bytea[])
  as n (id, due_at, citizen, stage, message, topic, lane, next_at, expires_at, due_on, channels, "values");
