// SPDX-License-Identifier: Apache-2.0
#include "store/open.hpp"

namespace rappel::store {

std::unique_ptr<Store> open_postgres(PostgresOptions options, seal::Keyring keyring) {
  auto opened = std::make_unique<PostgresStore>(std::move(options), std::move(keyring));
  opened->ping();
  opened->check_keys();
  return opened;
}

}  // namespace rappel::store
