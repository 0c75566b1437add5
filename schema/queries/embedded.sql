-- SPDX-License-Identifier: Apache-2.0

-- name: database_exists
select count(*) from pg_database where datname = 'rappel';

-- name: create_database
create database rappel;
