// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "base/id.hpp"
#include "base/instant.hpp"
#include "simulation/timeline.hpp"

namespace rappel::simulation {

/// What happened, in order: the last steps in words, all of them as one number. Two runs of one seed
/// have the same number.
class Trace {
 public:
  static constexpr std::size_t lines_max = 4096;

  explicit Trace(const Timeline& timeline) : timeline_(timeline) {}

  /// `what` lives for ever: a literal.
  void note(const char* what, const IdBytes& about = {}, std::int64_t number = 0);
  [[nodiscard]] std::uint64_t digest() const { return digest_; }
  /// The last lines, oldest first; with an id: those about it alone.
  [[nodiscard]] std::string tail(std::size_t lines, const IdBytes* about = nullptr) const;

 private:
  struct Line {
    Instant at{};
    std::uint64_t process = 0;
    const char* what = nullptr;
    IdBytes about{};
    std::int64_t number = 0;
  };
  [[nodiscard]] static std::string in_words(const Line& line);
  void mix(const void* bytes, std::size_t size);

  const Timeline& timeline_;
  std::uint64_t digest_ = 0xcbf29ce484222325ULL;
  std::uint64_t count_ = 0;
  std::array<Line, lines_max> lines_;
};

}  // namespace rappel::simulation
