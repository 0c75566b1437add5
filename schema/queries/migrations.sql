-- SPDX-License-Identifier: Apache-2.0

-- name: create_schema
create schema if not exists rappel;

-- name: create_migration_table
create table if not exists rappel.schema_migration (
  number integer primary key,
  name text not null,
  sha256 text not null,
  applied_at timestamptz not null
);

-- name: migration_table_exists
select to_regclass('rappel.schema_migration') is not null;

-- The lock of this table, held to the end of the transaction, lets one migrator work at a time.
-- name: lock_migrations
lock table rappel.schema_migration in access exclusive mode;

-- name: migration_search_path
select set_config('search_path', 'rappel, pg_temp', true), set_config('TimeZone', 'UTC', true),
       set_config('lock_timeout', $1, true);

-- name: applied_migrations
select number, name, sha256 from rappel.schema_migration order by number;

-- name: reset_role
set local role none;

-- name: record_migration
insert into rappel.schema_migration (number, name, sha256, applied_at)
values ($1, $2, $3, $4::timestamptz);
