// SPDX-License-Identifier: Apache-2.0
#include "simulation/trace.hpp"

#include <fmt/format.h>

#include <cstring>
#include <vector>

namespace rappel::simulation {

void Trace::note(const char* what, const IdBytes& about, std::int64_t number) {
  const Line line{timeline_.now(), timeline_.current() ? timeline_.current()->serial : 0, what, about,
                  number};
  const auto at = line.at.time_since_epoch().count();
  mix(&at, sizeof at);
  mix(&line.process, sizeof line.process);
  mix(what, std::strlen(what));
  mix(about.data(), about.size());
  mix(&number, sizeof number);
  lines_[count_++ % lines_max] = line;
}

void Trace::mix(const void* bytes, std::size_t size) {
  const auto* each = static_cast<const unsigned char*>(bytes);
  for (std::size_t i = 0; i < size; ++i) digest_ = (digest_ ^ each[i]) * 0x100000001b3ULL;
}

std::string Trace::in_words(const Line& line) {
  const std::string who = line.process == 0 ? "outside" : fmt::format("node {}", line.process);
  const std::string about = line.about == IdBytes{} ? "" : " " + format_uuid(line.about);
  return fmt::format("  {:27} {:8} {}{} {}\n", to_rfc3339(line.at), who, line.what, about, line.number);
}

std::string Trace::tail(std::size_t lines, const IdBytes* about) const {
  std::vector<const Line*> found;
  for (std::uint64_t back = 1; back <= std::min<std::uint64_t>(count_, lines_max); ++back) {
    const Line& line = lines_[(count_ - back) % lines_max];
    if (about != nullptr && line.about != *about) continue;
    found.push_back(&line);
    if (found.size() == lines) break;
  }
  std::string text;
  for (auto line = found.rbegin(); line != found.rend(); ++line) text += in_words(**line);
  return text;
}

}  // namespace rappel::simulation
