-- SPDX-License-Identifier: Apache-2.0
set local role rappel_owner;

-- Times in which an administration's reminders of a kind do not leave. A few rows, read with every
-- batch that is sent, the same for every shard; an empty matcher matches everything.
create table silence (
  id uuid primary key,
  tenant uuid not null,
  rule text not null,
  notifier text not null,
  departement text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  author text not null,
  comment text not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  constraint silence_has_an_end check (ends_at > starts_at)
);
create index silence_of_tenant on silence (tenant, created_at, id);

alter table silence enable row level security, force row level security;
create policy of_tenant on silence using (tenant = current_tenant());
create policy sending on silence for select to rappel_dispatch using (true);

grant select, insert on silence to rappel_api;
grant update (ended_at) on silence to rappel_api;
grant select on silence to rappel_dispatch;
