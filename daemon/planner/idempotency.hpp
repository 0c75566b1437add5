// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "planner/planner.hpp"

namespace rappel::planner {

/// SHA-256 in hex.
std::string sha256_hex(std::string_view text);

/// The remembered answer to the same request, or the refusal of another one under the same key, or
/// nothing when the key is new. Keys are remembered per tenant and citizen.
Expected<std::optional<Answer>> replay(store::Transaction& transaction, const Request& request);

/// Remembers the answer under the request's key, when it has one.
void remember(store::Transaction& transaction, const Request& request, const Answer& answer);

}  // namespace rappel::planner
