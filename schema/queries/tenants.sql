-- SPDX-License-Identifier: Apache-2.0

-- name: insert_tenant
insert into tenant (id, slug, name, human_name, human_phone, country, zone)
values ($1::uuid, $2, $3, $4, $5, $6, $7)
on conflict do nothing;

-- name: select_tenants
select id, slug, name, human_name, human_phone, country, zone from tenant order by slug;

-- name: select_tenant
select id, slug, name, human_name, human_phone, country, zone from tenant where id = $1::uuid;

-- name: insert_key
insert into api_key (id, tenant, label, kind, secret_hash, created_at, expires_at, revoked_at)
values ($1, $2::uuid, $3, $4, $5, $6::timestamptz, $7::timestamptz, $8::timestamptz);

-- name: select_key
select id, tenant, label, kind, secret_hash, created_at, expires_at, revoked_at
from api_key where id = $1;

-- name: select_keys
select id, tenant, label, kind, secret_hash, created_at, expires_at, revoked_at
from api_key where tenant = $1::uuid order by created_at, id;

-- name: revoke_key
update api_key set revoked_at = $2::timestamptz where id = $1 and revoked_at is null;

-- name: record_template
insert into template_version (name, language, version, text, recorded_at)
values ($1, $2, $3, $4, $5::timestamptz)
on conflict do nothing;

-- name: record_rule
insert into rule_version (id, version, hash, text, recorded_at)
values ($1, $2, $3, $4, $5::timestamptz)
on conflict do nothing;

-- name: record_key_proof
insert into key_proof (key, proof) values ($1, $2::bytea) on conflict do nothing;

-- name: select_key_proof
select proof from key_proof where key = $1;
