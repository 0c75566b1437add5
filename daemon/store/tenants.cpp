// SPDX-License-Identifier: Apache-2.0
#include "store/tenants.hpp"

namespace rappel::store {

std::shared_ptr<const Tenant> Tenants::known(TenantId id) const {
  const auto all = known_.load();
  const auto found = all->find(id);
  return found == all->end() ? nullptr : found->second;
}

void Tenants::refresh() {
  auto all = std::make_shared<Known>();
  for (auto& each : store_.tenants()) {
    const auto tenant = each.id;
    all->emplace(tenant, std::make_shared<const Tenant>(std::move(each)));
  }
  known_.store(std::move(all));
}

std::shared_ptr<const Tenant> Tenants::find(TenantId id) {
  if (auto tenant = known(id)) return tenant;
  refresh();
  return known(id);
}

std::shared_ptr<const Tenant> Tenants::of(TenantId id) {
  if (auto tenant = find(id)) return tenant;
  auto unknown = std::make_shared<Tenant>();
  unknown->id = id;
  return unknown;
}

}  // namespace rappel::store
