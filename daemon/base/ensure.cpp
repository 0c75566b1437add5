// SPDX-License-Identifier: Apache-2.0
#include "base/ensure.hpp"

#include <cstdio>
#include <cstdlib>

namespace rappel {

void ensure(bool condition, const char* why, const char* file, int line) {
  if (condition) [[likely]]
    return;
  std::fprintf(stderr, "<0>RPL-0001 the program is wrong: %s (%s:%d)\n", why, file, line);
  std::abort();
}

}  // namespace rappel
