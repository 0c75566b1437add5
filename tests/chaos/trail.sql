-- SPDX-License-Identifier: Apache-2.0
-- What the tests write down beside the daemon, in their own database: each change of a reminder's state
-- with the session that made it, and each change of a shard's owner. Both in the order of the locks.
create schema chaos;
create table chaos.step (
  number bigserial primary key, reminder uuid not null, shard smallint not null, was text not null,
  became text not null, who text not null, at timestamptz not null);
create index step_of_reminder on chaos.step (reminder, number);
create table chaos.owner (
  number bigserial primary key, shard smallint not null, owner uuid, at timestamptz not null);
create index owner_of_shard on chaos.owner (shard, number);

create function chaos.note_step() returns trigger language plpgsql security definer as $$ begin
  insert into chaos.step (reminder, shard, was, became, who, at)
  values (new.id, new.shard, old.state, new.state, current_setting('application_name'),
          clock_timestamp());
  return null;
end $$;
create trigger chaos_step after update on rappel.reminder for each row
  when (old.state <> new.state or old.attempt <> new.attempt) execute function chaos.note_step();

create function chaos.note_owner() returns trigger language plpgsql security definer as $$ begin
  insert into chaos.owner (shard, owner, at) values (new.shard, new.owner, clock_timestamp());
  return null;
end $$;
create trigger chaos_owner after update on rappel.shard_lease for each row
  when (old.owner is distinct from new.owner) execute function chaos.note_owner();
insert into chaos.owner (shard, owner, at)
  select shard, owner, '-infinity' from rappel.shard_lease;
