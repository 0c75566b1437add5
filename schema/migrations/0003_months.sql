-- SPDX-License-Identifier: Apache-2.0
set local role rappel_owner;

-- Makes sure that the months of an instant exist. Called before a row is written into them; costs one
-- look into the catalogue when they do. The new table is attached rather than created in place: that
-- lets readers and writers of the other months go on.
create function prepare_month(instant timestamptz) returns void
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
    execute format('create table %I (like %I including defaults including constraints)'
                   ' with (fillfactor = 80)', part, parent);
    execute format('alter table %I attach partition %I for values from (%L) to (%L)',
                   parent, part, first, following);
    -- Reached through the parent, whose policies hold; by its own name nobody sees a row.
    execute format('alter table %I enable row level security', part);
    execute format('alter table %I force row level security', part);
  end loop;
end
$$;
revoke all on function prepare_month(timestamptz) from public;
grant execute on function prepare_month(timestamptz) to rappel_api, rappel_migrate;
