// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <source_location>

namespace rappel {

/// Stops the program, in release builds too, when the program itself is wrong. Never for bad input
/// (that is a Problem) nor for a broken world (that is an exception): PostgreSQL holds the truth and
/// the service manager restarts us.
void ensure(bool condition, const char* why,
            std::source_location where = std::source_location::current());

}  // namespace rappel
