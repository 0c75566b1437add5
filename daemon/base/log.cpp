// SPDX-License-Identifier: Apache-2.0
#include "base/log.hpp"

#include <unistd.h>

#include <atomic>

namespace rappel::log {
namespace {

std::atomic<int> level_max{int(Level::info)};
constexpr std::size_t line_bytes_max = 4096;

void append_escaped(std::string& line, std::string_view text) {
  for (const char c : text) {
    if (line.size() >= line_bytes_max) return;
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      fmt::format_to(std::back_inserter(line), "\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      line += c;
    }
  }
}

}  // namespace

void set_level(Level level) { level_max = int(level); }

void write(Level level, std::string_view id, std::string_view text) {
  if (int(level) > level_max) return;
  std::string line = fmt::format("<{}>{} ", int(level), id);
  append_escaped(line, text);
  line += '\n';
  // One write per line: lines of several threads never mix.
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace rappel::log
