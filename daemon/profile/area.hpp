// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "profile/event.hpp"

namespace rappel::profile {

/// The parts of a profile that an event can change and a rule can read, so that an event
/// re-evaluates only the rules that read what it changed.
enum class Area : std::uint32_t {
  identity = 1U << 0,  ///< names, birth, nationality, marital status, activity
  situation = 1U << 1,
  address = 1U << 2,
  tax = 1U << 3,
  documents = 1U << 4,
  children = 1U << 5,
  vehicles = 1U << 6,
  benefits = 1U << 7,
  claims = 1U << 8,
  happenings = 1U << 9,
  filings = 1U << 10,
  progress = 1U << 11,
  done = 1U << 12,
};

/// A set of areas.
struct Areas {
  std::uint32_t bits = 0;

  constexpr Areas() = default;
  constexpr Areas(Area area) : bits(static_cast<std::uint32_t>(area)) {}
  constexpr explicit Areas(std::uint32_t given) : bits(given) {}
  static constexpr Areas all() { return Areas{(1U << 13) - 1}; }

  [[nodiscard]] constexpr bool meets(Areas other) const { return (bits & other.bits) != 0; }
  [[nodiscard]] constexpr bool empty() const { return bits == 0; }
  constexpr Areas& operator|=(Areas other) {
    bits |= other.bits;
    return *this;
  }
  friend constexpr Areas operator|(Areas a, Areas b) { return Areas{a.bits | b.bits}; }
  bool operator==(const Areas&) const = default;
};
constexpr Areas operator|(Area a, Area b) { return Areas(a) | Areas(b); }

/// What an event may change, at most. Pure.
Areas areas_changed(const Event& event);

}  // namespace rappel::profile
