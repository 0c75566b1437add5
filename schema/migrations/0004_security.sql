-- SPDX-License-Identifier: Apache-2.0
-- The second line behind the API's own check: a role sees the rows of the tenant that its transaction
-- names, and none when it names none.
set local role rappel_owner;

create function current_tenant() returns uuid language sql stable as $$
  select nullif(current_setting('app.tenant', true), '')::uuid
$$;

alter table api_key enable row level security, force row level security;
alter table citizen enable row level security, force row level security;
alter table citizen_key enable row level security, force row level security;
alter table event enable row level security, force row level security;
alter table deadline enable row level security, force row level security;
alter table reminder enable row level security, force row level security;
alter table delivery enable row level security, force row level security;
alter table inbox_message enable row level security, force row level security;
alter table task enable row level security, force row level security;
alter table idempotency enable row level security, force row level security;

create policy of_tenant on api_key using (tenant = current_tenant());
create policy of_tenant on citizen using (tenant = current_tenant());
create policy of_tenant on citizen_key using (tenant = current_tenant());
create policy of_tenant on event using (tenant = current_tenant());
create policy of_tenant on deadline using (tenant = current_tenant());
create policy of_tenant on reminder using (tenant = current_tenant());
create policy of_tenant on delivery using (tenant = current_tenant());
create policy of_tenant on inbox_message using (tenant = current_tenant());
create policy of_tenant on task using (tenant = current_tenant());
create policy of_tenant on idempotency using (tenant = current_tenant());

-- A key is looked up before its tenant is known: by the id that was presented, and only that one.
create policy presented on api_key for select to rappel_api
  using (id = nullif(current_setting('app.key', true), ''));
create policy administration on api_key to rappel_migrate using (true);

-- The send side serves every tenant of its shards.
create policy sending on citizen to rappel_dispatch using (true);
create policy sending on citizen_key for select to rappel_dispatch using (true);
create policy sending on event to rappel_dispatch using (true);
create policy sending on deadline for select to rappel_dispatch using (true);
create policy sending on reminder to rappel_dispatch using (true);
create policy sending on delivery to rappel_dispatch using (true);
create policy sending on inbox_message to rappel_dispatch using (true);
create policy sending on task to rappel_dispatch using (true);

-- Counters: no personal column is granted.
create policy counting on citizen for select to rappel_read using (true);
create policy counting on event for select to rappel_read using (true);
create policy counting on reminder for select to rappel_read using (true);
create policy counting on task for select to rappel_read using (true);

grant select, insert on tenant to rappel_migrate;
grant select on tenant to rappel_api, rappel_dispatch, rappel_privacy, rappel_read;
grant select, insert, update on api_key to rappel_migrate;
grant select on api_key to rappel_api;
grant select, insert on template_version, rule_version to rappel_migrate;
grant select on template_version, rule_version to rappel_api, rappel_read;

grant select, update on shard_head to rappel_api, rappel_dispatch;
grant select, update on shard_lease to rappel_dispatch;
grant select on shard_head, shard_lease to rappel_read;

grant select, insert, update on citizen to rappel_api;
grant select, insert on citizen_key, event, idempotency to rappel_api;
grant select, insert, update on deadline, reminder, task to rappel_api;
grant select, update on inbox_message to rappel_api;
grant select on delivery to rappel_api;
-- A re-dated reminder takes its deliveries along to its new month.
grant update (due_at) on delivery to rappel_api;

grant select on citizen, citizen_key, deadline, reminder, delivery to rappel_dispatch;
grant update (version) on citizen to rappel_dispatch;
grant update (state, state_reason, attempt, doubtful, tries, next_at, channel_index)
  on reminder to rappel_dispatch;
grant insert, update on delivery to rappel_dispatch;
grant insert on event, inbox_message, task to rappel_dispatch;
grant select (shard, tenant, id) on inbox_message, task to rappel_dispatch;

grant select, update, delete on citizen, citizen_key, event, deadline, reminder, delivery,
  inbox_message, task, idempotency to rappel_privacy;

grant select (shard, tenant, id) on citizen to rappel_read;
grant select (shard, position) on event to rappel_read;
grant select (shard, tenant, id, state, next_at, due_at) on reminder to rappel_read;
grant select (shard, tenant, id, state) on task to rappel_read;
