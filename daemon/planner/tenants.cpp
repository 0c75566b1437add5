// SPDX-License-Identifier: Apache-2.0
#include "planner/tenants.hpp"

namespace rappel::planner {

std::shared_ptr<const store::Tenant> Tenants::of(TenantId id) {
  const auto known = known_.load();
  if (const auto found = known->find(id); found != known->end()) return found->second;
  auto all = std::make_shared<Known>();
  for (auto& each : store_.tenants()) {
    const auto tenant = each.id;
    all->emplace(tenant, std::make_shared<const store::Tenant>(std::move(each)));
  }
  const auto found = all->find(id);
  auto tenant = found == all->end() ? nullptr : found->second;
  known_.store(std::move(all));
  if (tenant) return tenant;
  auto unknown = std::make_shared<store::Tenant>();
  unknown->id = id;
  return unknown;
}

}  // namespace rappel::planner
