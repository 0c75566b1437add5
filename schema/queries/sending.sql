-- SPDX-License-Identifier: Apache-2.0
-- The send side. Every writing transaction starts with `fence`: no row means that the shard has
-- another owner, and nothing is written.

-- Both rows stay locked to the end: a take-over waits for what was begun under the old epoch. The
-- lease's lock is the weakest that does it, so that a renewal never waits.
-- name: fence
select h.next_position
from shard_head h
join shard_lease l on l.shard = h.shard and l.epoch = $2::bigint and l.owner is not null
where h.shard = $1::smallint
for update of h for key share of l;

-- name: lock_leases
select shard from shard_lease where shard = any ($1::smallint[]) order by shard for update;

-- Time is the clock of the database, which all nodes share. A renewal keeps the epoch and changes no
-- key column: writes under way do not hold it up.
-- name: renew_leases
update shard_lease l set expires_at = clock_timestamp() + $3::bigint * interval '1 millisecond'
from json_to_recordset($2::json) as held (shard smallint, epoch bigint)
where l.shard = held.shard and l.owner = $1::uuid and l.epoch = held.epoch
returning l.shard, l.epoch, l.expires_at;

-- name: lock_free_leases
select shard from shard_lease
where shard = any ($1::smallint[])
  and (owner is null or owner = $2::uuid or expires_at <= clock_timestamp())
order by shard for update;

-- name: take_leases
update shard_lease l set
  owner = $1::uuid,
  epoch = l.epoch + 1,
  expires_at = clock_timestamp() + $3::bigint * interval '1 millisecond'
where l.shard = any ($2::smallint[])
  and (l.owner is null or l.owner = $1::uuid or l.expires_at <= clock_timestamp())
returning l.shard, l.epoch, l.expires_at;

-- name: release_leases
update shard_lease l set owner = null, expires_at = '-infinity'
from json_to_recordset($2::json) as held (shard smallint, epoch bigint)
where l.shard = held.shard and l.epoch = held.epoch and l.owner = $1::uuid;

-- What was taken had been due: `$3` is so far ahead of now that only a clock set back by more could hide
-- a row, and so near that the months to come are left alone.
-- name: recover_reminders
update reminder r set
  state = case when r.state = 'claimed' and not r.doubtful then 'planned' else 'unknown' end,
  next_at = greatest($2::timestamptz, r.due_at)
where r.shard = $1::smallint and r.is_open and r.state in ('claimed', 'in_flight')
  and r.next_at <= $3::timestamptz and r.due_at <= $3::timestamptz
returning r.tenant, r.id, r.due_at, r.state;

-- Nobody knows what became of them: their reminders may go on by another way.
-- name: recover_deliveries
update delivery d set state = 'unknown'
from json_to_recordset($2::json) as lost (tenant uuid, reminder uuid, due_at timestamptz)
where d.shard = $1::smallint and d.tenant = lost.tenant and d.reminder = lost.reminder
  and d.due_at = lost.due_at and d.state = 'in_flight';

-- name: horizon
(select 'reminder' as kind, r.tenant, r.id, r.next_at as at, r.attempt, r.state
 from reminder r
 where r.shard = $1::smallint and r.is_open and r.state in ('planned', 'retry_wait', 'unknown')
   and r.next_at > $2::timestamptz and r.next_at <= $3::timestamptz and r.due_at <= $3::timestamptz
 order by r.next_at, r.id limit $4::bigint)
union all
(select 'citizen', c.tenant, c.id, c.reevaluate_at, 0, ''
 from citizen c
 where c.shard = $1::smallint and c.reevaluate_at > $2::timestamptz
   and c.reevaluate_at <= $3::timestamptz
 order by c.reevaluate_at, c.id limit $4::bigint)
order by at, id limit $4::bigint;

-- name: claim
with taken as (
  update reminder r set
    state = 'claimed', attempt = r.attempt + 1, doubtful = (r.state = 'unknown')
  where r.shard = $1::smallint and r.id = any ($2::uuid[])
    and r.state in ('planned', 'retry_wait', 'unknown')
    and r.next_at <= $3::timestamptz and r.due_at <= $3::timestamptz
  returning r.tenant, r.id, r.citizen, r.deadline, r.stage, r.message, r.topic, r.lane, r.statutory,
            r.misfire, r.due_at, r.next_at, r.expires_at, r.due_on, r.channels, r.state,
            r.state_reason, r.attempt, r.channel_index, r.tries, r.doubtful, r."values"
)
select taken.*, c.reference as c_reference, c.profile as c_profile, c.version as c_version,
       c.reevaluate_at as c_reevaluate_at, c.rulebook as c_rulebook, k.wrapped,
       d.id as d_id, d.rule as d_rule, d.rule_version as d_rule_version, d.subject as d_subject,
       d.occurrence as d_occurrence, d.opens_on as d_opens_on, d.due_on as d_due_on,
       d.safe_on as d_safe_on, d.state as d_state, d.statutory as d_statutory, d.topic as d_topic,
       d.explanation as d_explanation
from taken
join citizen c on c.shard = $1::smallint and c.tenant = taken.tenant and c.id = taken.citizen
join citizen_key k on k.shard = c.shard and k.tenant = c.tenant and k.citizen = c.id
left join deadline d on d.shard = c.shard and d.tenant = c.tenant and d.id = taken.deadline
order by taken.next_at, taken.id;

-- The same without a change: the shard is locked, so what is read here stays until `take`.
-- name: read_due
select r.tenant, r.id, r.citizen, r.deadline, r.stage, r.message, r.topic, r.lane, r.statutory,
       r.misfire, r.due_at, r.next_at, r.expires_at, r.due_on, r.channels, 'claimed' as state,
       r.state_reason, r.attempt + 1 as attempt, r.channel_index, r.tries,
       r.state = 'unknown' as doubtful, r."values",
       c.reference as c_reference, c.profile as c_profile, c.version as c_version,
       c.reevaluate_at as c_reevaluate_at, c.rulebook as c_rulebook, k.wrapped,
       d.id as d_id, d.rule as d_rule, d.rule_version as d_rule_version, d.subject as d_subject,
       d.occurrence as d_occurrence, d.opens_on as d_opens_on, d.due_on as d_due_on,
       d.safe_on as d_safe_on, d.state as d_state, d.statutory as d_statutory, d.topic as d_topic,
       d.explanation as d_explanation
from reminder r
join citizen c on c.shard = $1::smallint and c.tenant = r.tenant and c.id = r.citizen
join citizen_key k on k.shard = c.shard and k.tenant = c.tenant and k.citizen = c.id
left join deadline d on d.shard = c.shard and d.tenant = c.tenant and d.id = r.deadline
where r.shard = $1::smallint and r.id = any ($2::uuid[])
  and r.state in ('planned', 'retry_wait', 'unknown')
  and r.next_at <= $3::timestamptz and r.due_at <= $3::timestamptz
order by r.next_at, r.id;

-- What became of a batch of them, each in one step from where it was.
-- name: take
update reminder r set
  state = t.state, state_reason = coalesce(t.reason, r.state_reason), attempt = t.attempt,
  doubtful = t.doubtful, channel_index = t.channel_index, tries = coalesce(t.tries, r.tries),
  next_at = greatest(coalesce(t.next_at, r.next_at), r.due_at)
from unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::text[], $6::text[], $7::integer[],
            $8::boolean[], $9::integer[], $10::integer[], $11::timestamptz[])
  as t (tenant, id, due_at, state, reason, attempt, doubtful, channel_index, tries, next_at)
where r.shard = $1::smallint and r.tenant = t.tenant and r.id = t.id and r.due_at = t.due_at;

-- The attempt series that these reminders have begun. The outer bounds of their due dates leave the
-- other months alone.
-- name: claimed_series
select d.tenant, d.id, d.reminder, d.citizen, d.due_at, d.notifier, d.channel, d.state, d.attempt,
       d.idempotency_key, d.provider_id, d.result, d.detail, d.language, d.template_version,
       d.sms_segments, d.started_at, d.finished_at, d.record
from json_to_recordset($2::json) as wanted (tenant uuid, reminder uuid, due_at timestamptz)
join delivery d on d.shard = $1::smallint and d.tenant = wanted.tenant
  and d.reminder = wanted.reminder and d.due_at = wanted.due_at
where d.due_at >= $3::timestamptz and d.due_at <= $4::timestamptz
order by d.started_at, d.id;

-- name: begin_flight
update reminder r set state = 'in_flight', channel_index = f.channel_index
from json_to_recordset($2::json) as f (
  tenant uuid, reminder uuid, due_at timestamptz, expected integer, channel_index integer,
  citizen_version integer)
where r.shard = $1::smallint and r.tenant = f.tenant and r.id = f.reminder
  and r.due_at = f.due_at and r.attempt = f.expected and r.state = 'claimed'
  and (f.citizen_version is null or exists (
    select from citizen c where c.shard = $1::smallint and c.tenant = r.tenant and c.id = r.citizen
      and c.version = f.citizen_version))
returning r.tenant, r.id, r.citizen;

-- name: upsert_deliveries
insert into delivery (shard, tenant, id, due_at, reminder, citizen, notifier, channel, state, attempt,
                      idempotency_key, provider_id, result, detail, language, template_version,
                      sms_segments, started_at, finished_at, record)
select $1::smallint, d.*
from unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::uuid[], $6::uuid[], $7::text[], $8::text[],
            $9::text[], $10::integer[], $11::text[], $12::text[], $13::text[], $14::text[],
            $15::text[], $16::text[], $17::integer[], $18::timestamptz[], $19::timestamptz[],
            $20::bytea[]) as d
on conflict (shard, tenant, id, due_at) do update set
  notifier = excluded.notifier, channel = excluded.channel, state = excluded.state,
  attempt = excluded.attempt,
  provider_id = coalesce(nullif(excluded.provider_id, ''), delivery.provider_id),
  result = excluded.result, detail = excluded.detail, language = excluded.language,
  template_version = excluded.template_version, sms_segments = excluded.sms_segments,
  started_at = excluded.started_at, finished_at = excluded.finished_at, record = excluded.record;

-- An outcome: what was sent and why stays as it was written before it left.
-- name: update_deliveries
update delivery d set
  state = o.state, attempt = o.attempt, result = o.result, detail = o.detail,
  provider_id = coalesce(nullif(o.provider_id, ''), d.provider_id), finished_at = o.finished_at
from unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::text[], $6::integer[], $7::text[],
            $8::text[], $9::text[], $10::timestamptz[])
  as o (tenant, id, due_at, state, attempt, provider_id, result, detail, finished_at)
where d.shard = $1::smallint and d.tenant = o.tenant and d.id = o.id and d.due_at = o.due_at;

-- name: settle
update reminder r set
  state = s.state, state_reason = s.reason, channel_index = s.channel_index, tries = s.tries,
  next_at = greatest(coalesce(s.next_at, r.next_at), r.due_at)
from unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::integer[], $6::text[], $7::text[],
            $8::timestamptz[], $9::integer[], $10::integer[])
  as s (tenant, id, due_at, expected, state, reason, next_at, channel_index, tries)
where r.shard = $1::smallint and r.tenant = s.tenant and r.id = s.id and r.due_at = s.due_at
  and r.attempt = s.expected and r.state in ('claimed', 'in_flight', 'unknown')
returning r.tenant, r.id, r.citizen;

-- What was told with an outcome changes what is planned for these citizens.
-- name: reevaluate_soon
update citizen c set reevaluate_at = least(c.reevaluate_at, $3::timestamptz)
from json_to_recordset($2::json) as told (tenant uuid, citizen uuid)
where c.shard = $1::smallint and c.tenant = told.tenant and c.id = told.citizen;

-- name: insert_inbox
insert into inbox_message (shard, tenant, id, citizen, reminder, stored_at, read_at, language, title,
                           body, private_body)
select $1::smallint, m.tenant, m.id, m.citizen, m.reminder, m.stored_at, m.read_at, m.language,
       m.title, m.body, m.private_body
from json_to_recordset($2::json) as m (
  tenant uuid, id uuid, citizen uuid, reminder uuid, stored_at timestamptz, read_at timestamptz,
  language text, title bytea, body bytea, private_body bytea)
on conflict (shard, tenant, id) do nothing;
