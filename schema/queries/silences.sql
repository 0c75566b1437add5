-- SPDX-License-Identifier: Apache-2.0
-- Silences, and what the send side reads beside the batch itself.

-- name: insert_silence
insert into silence (id, tenant, rule, notifier, departement, starts_at, ends_at, author, comment,
                     created_at)
values ($1::uuid, $2::uuid, $3, $4, $5, $6::timestamptz, $7::timestamptz, $8, $9, $10::timestamptz);

-- name: select_silences
select id, tenant, rule, notifier, departement, starts_at, ends_at, author, comment, created_at,
       ended_at
from silence
where tenant = $1::uuid and ends_at > $2::timestamptz and ended_at is null
order by created_at, id;

-- Ended once, told again as often as it is asked.
-- name: end_silence
update silence set ended_at = coalesce(ended_at, $3::timestamptz)
where tenant = $1::uuid and id = $2::uuid and ends_at > $3::timestamptz
returning id, tenant, rule, notifier, departement, starts_at, ends_at, author, comment, created_at,
          ended_at;

-- name: silences_at
select id, tenant, rule, notifier, departement, starts_at, ends_at, author, comment, created_at,
       ended_at
from silence
where starts_at <= $1::timestamptz and ends_at > $1::timestamptz and ended_at is null
order by id;

-- What a silence holds waits for the very instant of its end.
-- name: silenced_shards
select distinct shard from reminder
where shard = any ($1::smallint[]) and is_open and tenant = $2::uuid
  and state in ('planned', 'unknown') and state_reason = 'silenced' and next_at = $3::timestamptz
order by shard;

-- They are looked at again at once: another silence may hold them.
-- name: wake_silenced
update reminder set next_at = greatest($4::timestamptz, due_at)
where shard = $1::smallint and is_open and tenant = $2::uuid
  and state in ('planned', 'unknown') and state_reason = 'silenced' and next_at = $3::timestamptz;

-- Walks the index of what waits, one shard at a time. $5 and $6: the rule, or how its id begins.
-- name: planned_until
select r.id, r.tenant, r.citizen, r.deadline, r.stage, r.message, r.topic, r.lane, r.statutory,
       r.misfire, r.due_at, r.next_at, r.expires_at, r.due_on, r.channels, r.state, r.state_reason,
       r.attempt, r.channel_index, r.tries, r.doubtful, r."values",
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
where r.shard = $1::smallint and r.is_open and r.tenant = $2::uuid
  and r.state in ('planned', 'retry_wait', 'unknown')
  and r.next_at < $3::timestamptz and r.due_at < $3::timestamptz
  and ($5 = '' or d.rule = $5) and ($6 = '' or left(d.rule, length($6)) = $6)
order by r.next_at, r.id limit $4::bigint;

-- What has left to these citizens since $3, or is about to leave: what caps count. Months before $4 are
-- left alone.
-- name: recent_messages
select r.tenant, r.citizen, r.id, r.statutory, r.lane, coalesce(d.rule, '') as rule,
       coalesce(max(m.started_at), $5::timestamptz) as at
from json_to_recordset($2::json) as wanted (tenant uuid, citizen uuid)
join reminder r on r.shard = $1::smallint and r.tenant = wanted.tenant
  and r.citizen = wanted.citizen and r.due_at >= $4::timestamptz and r.due_at <= $5::timestamptz
  and r.attempt > 0 and r.id <> all ($6::uuid[])
left join deadline d on d.shard = $1::smallint and d.tenant = r.tenant and d.id = r.deadline
left join delivery m on m.shard = $1::smallint and m.tenant = r.tenant and m.reminder = r.id
  and m.due_at = r.due_at and m.started_at >= $3::timestamptz and m.state <> 'failed'
where r.state = 'claimed' or m.id is not null
group by r.tenant, r.citizen, r.id, r.statutory, r.lane, d.rule
order by r.id;
