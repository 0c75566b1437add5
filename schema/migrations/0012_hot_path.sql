-- SPDX-License-Identifier: Apache-2.0
-- A reminder is written twice on its way out, a delivery too. What their indexes say should change as
-- seldom as it can: an update that changes no indexed column writes no index (HOT).
set local role rappel_owner;

-- Whether a reminder still wants attention: all that an index says of its state. PostgreSQL keeps it.
alter table reminder add column is_open boolean not null
  generated always as (state in ('planned', 'claimed', 'in_flight', 'retry_wait', 'unknown')) stored;
create index reminder_open on reminder (shard, next_at) where is_open;
drop index reminder_wheel;
drop index reminder_taken;

-- Sealed bytes do not compress: PostgreSQL need not try.
alter table delivery alter column record set storage external;

create or replace function prepare_month(instant timestamptz) returns void
language plpgsql security definer set search_path = rappel, pg_temp as $$
declare
  month timestamp := date_trunc('month', instant at time zone 'UTC');
  first timestamptz := month at time zone 'UTC';
  following timestamptz := (month + interval '1 month') at time zone 'UTC';
  parent text;
  part text;
begin
  foreach parent in array array['reminder', 'delivery'] loop
    part := parent || to_char(month, '_YYYY_MM');
    continue when to_regclass(part) is not null;
    execute format('lock table %I in share update exclusive mode', parent);
    continue when to_regclass(part) is not null;
    execute format('create table %I (like %I including defaults including constraints including generated'
                   ' including storage) with (fillfactor = 70)', part, parent);
    execute format('alter table %I attach partition %I for values from (%L) to (%L)',
                   parent, part, first, following);
    -- Reached through the parent, whose policies hold; by its own name nobody sees a row.
    execute format('alter table %I enable row level security', part);
    execute format('alter table %I force row level security', part);
  end loop;
end
$$;

grant select (is_open) on reminder to rappel_read;
