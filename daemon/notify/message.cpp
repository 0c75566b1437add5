// SPDX-License-Identifier: Apache-2.0
#include "notify/message.hpp"

#include <array>

namespace rappel::notify {
namespace {

constexpr std::array<std::string_view, 8> result_names{"accepted",      "delivered",   "try_later",
                                                       "throttled",     "bad_address", "rejected",
                                                       "provider_down", "unknown"};

}  // namespace

std::string_view to_string(ResultClass result) {
  return result_names[std::size_t(result)];
}

std::optional<ResultClass> parse_result_class(std::string_view text) {
  for (std::size_t i = 0; i < result_names.size(); ++i)
    if (result_names[i] == text) return ResultClass(i);
  return std::nullopt;
}

}  // namespace rappel::notify
