// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/postgres/migrator.hpp"
#include "store/postgres/postgres_store.hpp"

// How a program comes to its store:
//
//   const auto keyring = seal::Keyring::from(Secret::from_file(master), Secret::from_file(index));
//   store::PostgresOptions options;
//   options.dsn = "host=/run/postgresql dbname=rappel";
//   if (const auto applied = store::migrate(options, now); !applied) …
//   const std::unique_ptr<store::Store> store = store::open_postgres(options, *keyring);

namespace rappel::store {

/// A store on a migrated database that answered once, and was made with these keys. Throws
/// StoreUnavailable when it does not answer, std::runtime_error when the keys are others.
std::unique_ptr<Store> open_postgres(PostgresOptions options, seal::Keyring keyring);

}  // namespace rappel::store
