// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <vector>

#include "base/id.hpp"
#include "store/leases.hpp"

namespace rappel::scheduler {

/// Due work waiting for room in dispatch: first in, first out within a shard, and the shards take
/// turns, so that one full shard does not hold the others up. Loop thread only.
class ReadyQueue {
 public:
  void push(Shard shard, std::uint32_t slot) {
    auto& queue = slots_[shard.number];
    if (queue.empty()) turns_.push_back(shard);
    queue.push_back(slot);
    ++size_;
  }

  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }
  /// Whose turn it is. Not on an empty queue.
  [[nodiscard]] Shard front() const { return turns_.front(); }

  /// How much waits of the shard whose turn it is.
  [[nodiscard]] std::size_t front_size() const { return slots_[turns_.front().number].size(); }

  /// Takes up to `count` slots of the shard whose turn it is; it goes to the end of the turns.
  std::vector<std::uint32_t> take(std::size_t count) {
    const Shard shard = turns_.front();
    turns_.pop_front();
    auto& queue = slots_[shard.number];
    std::vector<std::uint32_t> taken;
    while (!queue.empty() && taken.size() < count) {
      taken.push_back(queue.front());
      queue.pop_front();
    }
    size_ -= taken.size();
    if (!queue.empty()) turns_.push_back(shard);
    return taken;
  }

  /// The shard whose turn it is goes to the end of the turns. Returns how many others wait.
  std::size_t pass() {
    turns_.push_back(turns_.front());
    turns_.pop_front();
    return turns_.size() - 1;
  }

  void drop(const store::ShardSet& shards) {
    for (std::size_t number = 0; number < shards.size(); ++number) {
      if (!shards.test(number)) continue;
      size_ -= slots_[number].size();
      slots_[number].clear();
    }
    std::erase_if(turns_, [&](Shard shard) { return shards.test(shard.number); });
  }

  void clear() {
    for (const Shard shard : turns_) slots_[shard.number].clear();
    turns_.clear();
    size_ = 0;
  }

 private:
  std::array<std::deque<std::uint32_t>, shard_count> slots_;
  std::deque<Shard> turns_;
  std::size_t size_ = 0;
};

}  // namespace rappel::scheduler
