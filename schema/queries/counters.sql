-- SPDX-License-Identifier: Apache-2.0

-- name: count_citizens
select count(*) from citizen;

-- name: count_reminders
select state, count(*) as count from reminder group by state;

-- name: oldest_due
select min(next_at) from reminder where is_open and state in ('planned', 'retry_wait', 'unknown');

-- name: count_open_tasks
select count(*) from task where state = 'open';

-- The positions of a shard are 1…n; n is also what the head says.
-- name: contiguity
select count(*) as count, coalesce(min(position), 1) as first, coalesce(max(position), 0) as last
from event where shard = $1::smallint;
