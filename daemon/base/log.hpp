// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

namespace rappel::log {

enum class Level { error = 3, warning = 4, notice = 5, info = 6, debug = 7 };

/// Lines above this level are dropped. Set once at start.
void set_level(Level level);

/// One operator-facing line. `id` is "RPL-nnnn" and is explained in docs/MESSAGES.md (a test checks
/// it). Goes to stderr with the journal's priority prefix, control characters escaped. Never pass
/// a personal fact: ids, counts and names of things only. Any thread.
void write(Level level, std::string_view id, std::string_view text);

template <typename... Args>
void error(std::string_view id, fmt::format_string<Args...> format, Args&&... args) {
  write(Level::error, id, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void warning(std::string_view id, fmt::format_string<Args...> format, Args&&... args) {
  write(Level::warning, id, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void notice(std::string_view id, fmt::format_string<Args...> format, Args&&... args) {
  write(Level::notice, id, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void info(std::string_view id, fmt::format_string<Args...> format, Args&&... args) {
  write(Level::info, id, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace rappel::log
