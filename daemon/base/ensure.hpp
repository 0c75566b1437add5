// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace rappel {

/// Stops the program, in release builds too, when the program itself is wrong. Never for bad input
/// (that is a Problem) nor for a broken world (that is an exception): PostgreSQL holds the truth
/// and the service manager restarts us. The place is the caller's: clang 14, which fuzzes, has the
/// two built-in functions and no std::source_location.
void ensure(bool condition, const char* why, const char* file = __builtin_FILE(),
            int line = __builtin_LINE());

}  // namespace rappel
