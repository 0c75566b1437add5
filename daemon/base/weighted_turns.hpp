// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace rappel {

/// Turns among a few classes by weight (deficit round robin): while all have work, each gets its share,
/// and the lightest still moves; whoever has none saves nothing up. What a class gets outside its turn
/// is charged too, and repaid by shorter turns. One thread.
///
///   WeightedTurns<3> turns({8, 3, 1});
///   while (const auto turn = turns.next(has_work)) { serve(*turn); turns.charge(*turn, 1); }
template <std::size_t count>
class WeightedTurns {
 public:
  /// A debt is forgotten beyond so many quanta: nobody is shut out for long.
  static constexpr std::int64_t debt_quanta_max = 8;

  /// How much each class may take in one turn; positive.
  explicit WeightedTurns(std::array<std::int64_t, count> quanta) : quanta_(quanta), credit_(quanta) {}

  /// Whose turn it is among the classes for which `has_work(index)` holds; nothing when it holds for
  /// none.
  template <typename HasWork>
  std::optional<std::size_t> next(HasWork has_work) {
    for (std::size_t step = 0; step < count * std::size_t(debt_quanta_max + 2); ++step) {
      const bool works = has_work(at_);
      if (works && credit_[at_] > 0) return at_;
      if (!works) credit_[at_] = std::min<std::int64_t>(credit_[at_], 0);
      at_ = (at_ + 1) % count;
      credit_[at_] = std::min(quanta_[at_], credit_[at_] + quanta_[at_]);
    }
    return std::nullopt;
  }

  void charge(std::size_t index, std::int64_t cost) {
    credit_[index] = std::max(-debt_quanta_max * quanta_[index], credit_[index] - cost);
  }

 private:
  std::array<std::int64_t, count> quanta_;
  std::array<std::int64_t, count> credit_;
  std::size_t at_ = 0;
};

}  // namespace rappel
