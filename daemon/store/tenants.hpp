// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <map>
#include <memory>

#include "store/store.hpp"

namespace rappel::store {

/// The administrations, kept in memory: nothing of them changes once they are made. Any thread.
class Tenants {
 public:
  explicit Tenants(Store& store) : store_(store) {}

  /// Asks the store when a tenant is met that is not known. One that does not exist has this id and
  /// nothing else. Throws StoreUnavailable.
  [[nodiscard]] std::shared_ptr<const Tenant> of(TenantId id);
  /// The same; null when it does not exist.
  [[nodiscard]] std::shared_ptr<const Tenant> find(TenantId id);

 private:
  [[nodiscard]] std::shared_ptr<const Tenant> known(TenantId id) const;
  void refresh();

  using Known = std::map<TenantId, std::shared_ptr<const Tenant>>;
  Store& store_;
  // Replaced whole; readers keep theirs as long as they look at it.
  std::atomic<std::shared_ptr<const Known>> known_{std::make_shared<const Known>()};
};

}  // namespace rappel::store
