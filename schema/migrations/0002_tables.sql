-- SPDX-License-Identifier: Apache-2.0
-- Every key starts with the shard. Columns of type bytea that are not an index or a key hold sealed
-- personal facts (XChaCha20-Poly1305 under the citizen's own key).
set local role rappel_owner;

-- Reference tables: small, the same on every node.

create table tenant (
  id uuid primary key,
  slug text not null unique,
  name text not null,
  human_name text not null,
  human_phone text not null,
  country text not null,
  zone text not null
);

create table api_key (
  id text primary key,
  tenant uuid not null,
  label text not null,
  kind text not null check (kind in ('live', 'team', 'test')),
  secret_hash text not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz
);
create index api_key_of_tenant on api_key (tenant);

create table template_version (
  name text not null,
  language text not null,
  version text not null,
  text text not null,
  recorded_at timestamptz not null,
  primary key (name, language, version)
);

create table rule_version (
  id text not null,
  version integer not null,
  hash text not null,
  text text not null,
  recorded_at timestamptz not null,
  primary key (id, version, hash)
);

-- Shards. Positions of events come from shard_head, whose row is the turn of all who write.

create table shard_head (
  shard smallint primary key,
  next_position bigint not null default 1
) with (fillfactor = 50);
insert into shard_head (shard) select generate_series(0, 255);

create table shard_lease (
  shard smallint primary key,
  owner uuid,
  epoch bigint not null default 0,
  expires_at timestamptz not null default '-infinity'
) with (fillfactor = 50);
insert into shard_lease (shard) select generate_series(0, 255);

-- Citizens.

create table citizen (
  shard smallint not null,
  tenant uuid not null,
  id uuid not null,
  reference_index bytea not null,
  reference bytea not null,
  profile bytea not null,
  version integer not null,
  reevaluate_at timestamptz,
  primary key (shard, tenant, id),
  unique (shard, tenant, reference_index)
) with (fillfactor = 80);
create index citizen_reevaluate on citizen (shard, reevaluate_at) where reevaluate_at is not null;

create table citizen_key (
  shard smallint not null,
  tenant uuid not null,
  citizen uuid not null,
  wrapped bytea not null,
  primary key (shard, tenant, citizen)
);

create table event (
  shard smallint not null,
  position bigint not null,
  tenant uuid not null,
  citizen uuid not null,
  version integer not null,
  id uuid not null,
  type text not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  source text not null,
  data bytea not null,
  primary key (shard, position),
  unique (shard, tenant, citizen, version)
);

create table deadline (
  shard smallint not null,
  tenant uuid not null,
  id uuid not null,
  citizen uuid not null,
  rule text not null,
  rule_version integer not null,
  subject text not null,
  occurrence text not null,
  opens_on date,
  due_on date not null,
  safe_on date,
  state text not null,
  statutory boolean not null,
  topic text not null,
  explanation bytea not null,
  primary key (shard, tenant, id),
  constraint deadline_state check (state in ('open', 'met', 'missed', 'withdrawn', 'superseded'))
) with (fillfactor = 80);
create index deadline_of_citizen on deadline (shard, tenant, citizen);

-- One level of partitions, by month of the due date: retention drops a partition.

create table reminder (
  shard smallint not null,
  tenant uuid not null,
  id uuid not null,
  due_at timestamptz not null,
  citizen uuid not null,
  deadline uuid,
  stage text not null,
  message text not null,
  topic text not null,
  lane text not null,
  statutory boolean not null,
  misfire text not null,
  next_at timestamptz not null,
  expires_at timestamptz,
  due_on date,
  channels text not null,
  state text not null,
  state_reason text not null,
  attempt integer not null,
  channel_index integer not null,
  tries integer not null default 0,
  doubtful boolean not null default false,
  "values" bytea not null,
  primary key (shard, tenant, id, due_at),
  constraint reminder_state check (state in (
    'planned', 'claimed', 'in_flight', 'sent', 'delivered', 'failed', 'retry_wait', 'unknown',
    'suppressed', 'cancelled', 'expired', 'dead')),
  constraint reminder_lane check (lane in ('legal_deadline', 'transactional', 'advice')),
  constraint reminder_misfire check (misfire in ('fire_now', 'skip')),
  -- Lets every statement about what is due leave the months to come alone.
  constraint reminder_never_early check (next_at >= due_at)
) partition by range (due_at);
create index reminder_by_id on reminder (shard, id);
create index reminder_of_citizen on reminder (shard, tenant, citizen);
create index reminder_wheel on reminder (shard, next_at)
  where state in ('planned', 'retry_wait', 'unknown');
create index reminder_taken on reminder (shard) where state in ('claimed', 'in_flight');

create table delivery (
  shard smallint not null,
  tenant uuid not null,
  id uuid not null,
  due_at timestamptz not null,
  reminder uuid not null,
  citizen uuid not null,
  notifier text not null,
  channel text not null,
  state text not null,
  attempt integer not null,
  idempotency_key text not null,
  provider_id text not null,
  result text not null,
  detail text not null,
  language text not null,
  template_version text not null,
  sms_segments integer not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  record bytea not null,
  primary key (shard, tenant, id, due_at),
  constraint delivery_state check (
    state in ('in_flight', 'sent', 'delivered', 'failed', 'unknown'))
) partition by range (due_at);
create index delivery_of_reminder on delivery (shard, tenant, reminder);

create table inbox_message (
  shard smallint not null,
  tenant uuid not null,
  id uuid not null,
  citizen uuid not null,
  reminder uuid not null,
  stored_at timestamptz not null,
  read_at timestamptz,
  language text not null,
  title bytea not null,
  body bytea not null,
  private_body bytea not null,
  primary key (shard, tenant, id)
);
create index inbox_of_citizen on inbox_message (shard, tenant, citizen, stored_at, id);

create table task (
  shard smallint not null,
  tenant uuid not null,
  id uuid not null,
  citizen uuid not null,
  reminder uuid,
  kind text not null,
  reason text not null,
  urgency integer not null,
  state text not null,
  created_at timestamptz not null,
  due_on date,
  detail bytea not null,
  primary key (shard, tenant, id),
  constraint task_state check (state in ('open', 'claimed', 'resolved'))
);
create index task_waiting on task (tenant, created_at, id) where state <> 'resolved';

create table idempotency (
  shard smallint not null,
  tenant uuid not null,
  key_hash text not null,
  request_hash text not null,
  status integer not null,
  citizen uuid not null,
  answer bytea not null,
  created_at timestamptz not null,
  primary key (shard, tenant, key_hash)
);
