-- SPDX-License-Identifier: Apache-2.0
-- All settings are local to the transaction: nothing survives in a pooled connection, also behind
-- PgBouncer in transaction mode.

-- name: session_settings
select set_config('search_path', 'rappel, pg_temp', true),
       set_config('TimeZone', 'UTC', true),
       set_config('DateStyle', 'ISO, YMD', true),
       set_config('bytea_output', 'hex', true),
       set_config('standard_conforming_strings', 'on', true),
       set_config('statement_timeout', $1, true),
       set_config('idle_in_transaction_session_timeout', $2, true),
       set_config('app.tenant', $3, true),
       -- Its statements name a shard and ids: planning them anew for every batch finds nothing better.
       set_config('plan_cache_mode',
                  case when $4 = 'rappel_dispatch' then 'force_generic_plan' else 'auto' end, true),
       set_config('role', $4, true);

-- name: present_key
select set_config('app.key', $1, true);

-- name: ping
select 1;

-- name: prepare_month
select prepare_month($1::timestamptz);
