-- SPDX-License-Identifier: Apache-2.0
-- Who may do what. Roles belong to the whole cluster, so they may exist already; where the migrating
-- user may not create them, the error says what an administrator has to run.
--   rappel_owner    owns everything, cannot log in, sees no tenant's rows by itself
--   rappel_migrate  tenants, keys and migrations
--   rappel_api      one tenant's rows at a time; events are only added
--   rappel_dispatch the send side of all tenants, only the columns it needs
--   rappel_privacy  erasure
--   rappel_read     counters, without personal facts
do $$
declare
  wanted text;
  missing text[] := '{}';
begin
  foreach wanted in array array['rappel_owner', 'rappel_migrate', 'rappel_api', 'rappel_dispatch',
                                'rappel_privacy', 'rappel_read'] loop
    if not exists (select from pg_roles where rolname = wanted) then
      begin
        execute format('create role %I nologin', wanted);
      exception
        when duplicate_object or unique_violation then null;  -- another database of this cluster
        when insufficient_privilege then missing := missing || wanted;
      end;
    end if;
    if wanted <> all (missing) and not pg_has_role(session_user, wanted, 'member') then
      begin
        execute format('grant %I to %I', wanted, session_user);
      exception
        when insufficient_privilege then missing := missing || wanted;
      end;
    end if;
  end loop;
  if missing <> '{}' then
    raise exception 'these roles are missing or not granted to %: %', session_user,
      array_to_string(missing, ', ')
      using hint = format('an administrator runs for each: create role NAME nologin; '
                          'grant NAME to %I;', session_user);
  end if;
end
$$;

grant usage, create on schema rappel to rappel_owner;
grant usage on schema rappel
  to rappel_migrate, rappel_api, rappel_dispatch, rappel_privacy, rappel_read;
