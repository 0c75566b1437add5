// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <map>
#include <memory>

#include "store/store.hpp"

namespace rappel::planner {

/// The administrations, kept in memory: their country and zone never change. Any thread.
class Tenants {
 public:
  explicit Tenants(store::Store& store) : store_(store) {}

  /// Asks the store when a tenant is met that is not known. One that does not exist has this id and
  /// nothing else. Throws store::StoreUnavailable.
  [[nodiscard]] std::shared_ptr<const store::Tenant> of(TenantId id);

 private:
  using Known = std::map<TenantId, std::shared_ptr<const store::Tenant>>;
  store::Store& store_;
  // Replaced whole; readers keep theirs as long as they look at it.
  std::atomic<std::shared_ptr<const Known>> known_{std::make_shared<const Known>()};
};

}  // namespace rappel::planner
