// SPDX-License-Identifier: Apache-2.0
#include "base/ensure.hpp"

#include <cstdio>
#include <cstdlib>

namespace rappel {

void ensure(bool condition, const char* why, std::source_location where) {
  if (condition) [[likely]]
    return;
  std::fprintf(stderr, "<0>RPL-0001 the program is wrong: %s (%s:%u)\n", why, where.file_name(),
               where.line());
  std::abort();
}

}  // namespace rappel
