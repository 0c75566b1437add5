-- SPDX-License-Identifier: Apache-2.0
-- The write side: one shard, one tenant. A batch travels as one JSON parameter, or, where rows are many
-- and narrow, as one array for each column.

-- Whoever writes into a shard holds this row to the end of its transaction.
-- name: lock_head
select next_position from shard_head where shard = $1::smallint for update;

-- name: move_head
update shard_head set next_position = $2::bigint where shard = $1::smallint;

-- name: find_citizen
select id from citizen
where shard = $1::smallint and tenant = $2::uuid and reference_index = $3::bytea;

-- name: select_citizens
select c.id, c.tenant, c.reference, c.profile, c.version, c.reevaluate_at, c.rulebook, c.evaluation,
       k.wrapped
from citizen c
join citizen_key k on k.shard = c.shard and k.tenant = c.tenant and k.citizen = c.id
where c.shard = $1::smallint and c.tenant = $2::uuid and c.id = any ($3::uuid[])
order by c.id;

-- name: insert_citizen
insert into citizen (shard, tenant, id, reference_index, reference, profile, version, reevaluate_at,
                     rulebook, evaluation)
values ($1::smallint, $2::uuid, $3::uuid, $4::bytea, $5::bytea, $6::bytea, $7, $8::timestamptz, $9,
        $10::bytea);

-- name: insert_citizen_key
insert into citizen_key (shard, tenant, citizen, wrapped)
values ($1::smallint, $2::uuid, $3::uuid, $4::bytea);

-- name: update_citizen
update citizen set
  profile = $4::bytea, version = greatest(version, $5), reevaluate_at = $6::timestamptz,
  rulebook = $7, evaluation = $8::bytea
where shard = $1::smallint and tenant = $2::uuid and id = $3::uuid;

-- name: save_evaluations
update citizen c set
  reevaluate_at = n.reevaluate_at, rulebook = n.rulebook, evaluation = n.evaluation
from unnest($3::uuid[], $4::timestamptz[], $5::text[], $6::bytea[])
  as n (id, reevaluate_at, rulebook, evaluation)
where c.shard = $1::smallint and c.tenant = $2::uuid and c.id = n.id;

-- name: select_keys_of_citizens
select k.tenant, k.citizen, k.wrapped
from unnest($2::uuid[], $3::uuid[]) as wanted (tenant, citizen)
join citizen_key k
  on k.shard = $1::smallint and k.tenant = wanted.tenant and k.citizen = wanted.citizen;

-- Gives room for new events: the versions after these are theirs.
-- name: advance_versions
update citizen c set version = c.version + added.count
from unnest($2::uuid[], $3::uuid[], $4::integer[]) as added (tenant, citizen, count)
where c.shard = $1::smallint and c.tenant = added.tenant and c.id = added.citizen
returning c.tenant, c.id, c.version;

-- name: insert_events
insert into event (shard, position, tenant, citizen, version, id, type, occurred_at, recorded_at,
                   source, data)
select $1::smallint, e.*
from unnest($2::bigint[], $3::uuid[], $4::uuid[], $5::integer[], $6::uuid[], $7::text[],
            $8::timestamptz[], $9::timestamptz[], $10::text[], $11::bytea[]) as e;

-- name: upsert_deadlines
insert into deadline (shard, tenant, id, citizen, rule, rule_version, subject, occurrence, opens_on,
                      due_on, safe_on, state, statutory, topic, explanation)
select $1::smallint, $2::uuid, d.*
from unnest($3::uuid[], $4::uuid[], $5::text[], $6::integer[], $7::text[], $8::text[], $9::date[],
            $10::date[], $11::date[], $12::text[], $13::boolean[], $14::text[], $15::bytea[]) as d
on conflict (shard, tenant, id) do update set
  rule_version = excluded.rule_version, opens_on = excluded.opens_on, due_on = excluded.due_on,
  safe_on = excluded.safe_on, state = excluded.state, statutory = excluded.statutory,
  topic = excluded.topic, explanation = excluded.explanation;

-- name: select_reminders_by_id
select r.id, r.citizen, r.deadline, r.stage, r.message, r.topic, r.lane, r.statutory, r.misfire,
       r.due_at, r.next_at, r.expires_at, r.due_on, r.channels, r.state, r.state_reason, r.attempt,
       r.channel_index, r.tries, r.doubtful, r."values"
from reminder r
where r.shard = $1::smallint and r.tenant = $2::uuid and r.id = any ($3::uuid[]);

-- name: insert_reminders
insert into reminder (shard, tenant, id, due_at, citizen, deadline, stage, message, topic, lane,
                      statutory, misfire, next_at, expires_at, due_on, channels, state, state_reason,
                      attempt, channel_index, "values")
select $1::smallint, $2::uuid, n.*
from unnest($3::uuid[], $4::timestamptz[], $5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::text[],
            $10::text[], $11::boolean[], $12::text[], $13::timestamptz[], $14::timestamptz[],
            $15::date[], $16::text[], $17::text[], $18::text[], $19::integer[], $20::integer[],
            $21::bytea[]) as n;

-- A new due_at moves the row to its new month.
-- name: update_reminders
update reminder r set
  due_at = n.due_at, deadline = n.deadline, stage = n.stage, message = n.message, topic = n.topic,
  lane = n.lane, statutory = n.statutory, misfire = n.misfire, next_at = n.next_at,
  expires_at = n.expires_at, due_on = n.due_on, channels = n.channels, state = n.state,
  state_reason = n.state_reason, doubtful = false, "values" = n."values"
from unnest($3::uuid[], $4::timestamptz[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[],
            $10::boolean[], $11::text[], $12::timestamptz[], $13::timestamptz[], $14::date[],
            $15::text[], $16::text[], $17::text[], $18::bytea[], $19::timestamptz[])
  as n (id, due_at, deadline, stage, message, topic, lane, statutory, misfire, next_at, expires_at,
        due_on, channels, state, state_reason, "values", old_due_at)
where r.shard = $1::smallint and r.tenant = $2::uuid and r.id = n.id and r.due_at = n.old_due_at;

-- name: move_deliveries
update delivery d set due_at = n.due_at
from unnest($3::uuid[], $4::timestamptz[], $5::timestamptz[]) as n (id, old_due_at, due_at)
where d.shard = $1::smallint and d.tenant = $2::uuid and d.reminder = n.id
  and d.due_at = n.old_due_at and n.due_at <> n.old_due_at;

-- name: insert_tasks
insert into task (shard, tenant, id, citizen, reminder, kind, reason, urgency, state, created_at,
                  due_on, detail)
select $1::smallint, t.tenant, t.id, t.citizen, t.reminder, t.kind, t.reason, t.urgency, t.state,
       t.created_at, t.due_on, t.detail
from json_to_recordset($2::json) as t (
  tenant uuid, id uuid, citizen uuid, reminder uuid, kind text, reason text, urgency integer,
  state text, created_at timestamptz, due_on date, detail bytea)
on conflict (shard, tenant, id) do nothing;

-- name: select_answer
select request_hash, status, citizen, answer from idempotency
where shard = $1::smallint and tenant = $2::uuid and key_hash = $3;

-- name: insert_answer
insert into idempotency (shard, tenant, key_hash, request_hash, status, citizen, answer, created_at)
values ($1::smallint, $2::uuid, $3, $4, $5, $6::uuid, $7::bytea, $8::timestamptz);
