-- SPDX-License-Identifier: Apache-2.0
-- Pages walk a unique order: the sort key, then the id. $4 is empty on the first page.

-- name: select_events
select position, version, id, citizen, type, occurred_at, recorded_at, source, data
from event
where shard = $1::smallint and tenant = $2::uuid and citizen = $3::uuid and version > $4::bigint
order by version limit $5::bigint;

-- name: select_deadlines
select id, citizen, rule, rule_version, subject, occurrence, opens_on, due_on, safe_on, state,
       statutory, topic, explanation
from deadline
where shard = $1::smallint and tenant = $2::uuid and citizen = any ($3::uuid[])
order by due_on, id;

-- name: select_deadline
select id, citizen, rule, rule_version, subject, occurrence, opens_on, due_on, safe_on, state,
       statutory, topic, explanation
from deadline
where shard = $1::smallint and tenant = $2::uuid and citizen = $3::uuid and id = $4::uuid;

-- name: page_deadlines
select id, citizen, rule, rule_version, subject, occurrence, opens_on, due_on, safe_on, state,
       statutory, topic, explanation
from deadline
where shard = $1::smallint and tenant = $2::uuid and citizen = $3::uuid
  and (due_on, id) > ($4::date, $5::uuid)
order by due_on, id limit $6::bigint;

-- name: select_reminders_to_plan
select id, citizen, deadline, stage, message, topic, lane, statutory, misfire, due_at, next_at,
       expires_at, due_on, channels, state, state_reason, attempt, channel_index, tries, doubtful,
       "values"
from reminder
where shard = $1::smallint and tenant = $2::uuid and citizen = any ($3::uuid[])
  and (state <> all (string_to_array($4, ',')) or (deadline is not null and due_on >= $5::date))
order by id;

-- name: page_reminders
select r.id, r.citizen, r.deadline, r.stage, r.message, r.topic, r.lane, r.statutory, r.misfire,
       r.due_at, r.next_at, r.expires_at, r.due_on, r.channels, r.state, r.state_reason, r.attempt,
       r.channel_index, r.tries, r.doubtful, r."values"
from reminder r
where r.shard = $1::smallint and r.tenant = $2::uuid and r.citizen = $3::uuid
  and (r.due_at, r.id) > ($4::timestamptz, $5::uuid)
order by r.due_at, r.id limit $6::bigint;

-- name: select_delivery
select id, reminder, citizen, due_at, notifier, channel, state, attempt, idempotency_key,
       provider_id, result, detail, language, template_version, sms_segments, started_at,
       finished_at, record
from delivery
where shard = $1::smallint and tenant = $2::uuid and id = $3::uuid;

-- name: select_deliveries
select id, reminder, citizen, due_at, notifier, channel, state, attempt, idempotency_key,
       provider_id, result, detail, language, template_version, sms_segments, started_at,
       finished_at, record
from delivery
where shard = $1::smallint and tenant = $2::uuid and reminder = $3::uuid
order by started_at, id;

-- name: page_inbox
select id, citizen, reminder, stored_at, read_at, language, title, body, private_body
from inbox_message
where shard = $1::smallint and tenant = $2::uuid and citizen = $3::uuid
  and (stored_at, id) > ($4::timestamptz, $5::uuid)
order by stored_at, id limit $6::bigint;

-- A person's list of work, over all shards: not on the hot path.
-- name: page_tasks
select t.shard, t.id, t.citizen, t.reminder, t.kind, t.reason, t.urgency, t.state, t.created_at,
       t.due_on, t.detail, k.wrapped
from task t
join citizen_key k on k.shard = t.shard and k.tenant = t.tenant and k.citizen = t.citizen
where t.tenant = $1::uuid and t.state <> 'resolved'
  and (t.created_at, t.id) > ($2::timestamptz, $3::uuid)
order by t.created_at, t.id limit $4::bigint;

-- Walks the primary key: each batch starts where the last one ended. $2 null: all citizens.
-- name: citizen_keys
select tenant, id from citizen
where shard = $1::smallint and ($2::text is null or rulebook <> $2::text) and (tenant, id) > ($3::uuid, $4::uuid)
order by tenant, id limit $5::bigint;
