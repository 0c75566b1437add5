// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "store/store.hpp"

namespace rappel::app::ctl {

/// The tenant with this slug; throws UsageError naming the nearest one.
store::Tenant tenant_of(store::Store& store, const std::string& slug);

/// The citizen with this reference; throws UsageError when there is none.
store::Citizen citizen_of(store::Store& store, const store::Tenant& tenant,
                          const std::string& reference);

}  // namespace rappel::app::ctl
