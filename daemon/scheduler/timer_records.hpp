// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "scheduler/blocks.hpp"

namespace rappel::scheduler {

/// Names one scheduled timer until it fires, is cancelled or is re-dated; after that it is stale
/// and names nothing. A default handle is stale.
struct TimerHandle {
  std::uint32_t index = 0;
  std::uint32_t generation = 0;
  bool operator==(const TimerHandle&) const = default;
};

/// One record per entry of the wheel, live or dead. A record belongs to its entry until the entry
/// is taken out of the wheel, not merely until its timer is cancelled: so an old entry is never
/// mistaken for a newer timer that got the same record.
///
/// Generations come from one counter for all records, so records can be thrown away without an old
/// handle ever coming back to life before 2^32 further timers.
class TimerRecords {
 public:
  /// A record never used so far.
  std::uint32_t add() {
    if (fresh_ == records_.size()) {
      records_.grow();
      live_bits_.resize(records_.size() / 64);
    }
    return fresh_++;
  }
  TimerHandle open(std::uint32_t index, std::uint32_t user) {
    if (++generation_ == 0) ++generation_;  // 0 marks a dead record
    records_[index] = {generation_, user};
    live_bits_.data()[index / 64] |= bit(index);
    return {index, generation_};
  }

  [[nodiscard]] bool live(TimerHandle handle) const {
    return handle.generation != 0 && handle.index < fresh_ &&
           records_[handle.index].generation == handle.generation;
  }
  /// By the bit map: 64 times denser than the records, it stays in the cache.
  [[nodiscard]] bool live(std::uint32_t index) const {
    return (live_bits_.data()[index / 64] & bit(index)) != 0;
  }
  [[nodiscard]] TimerHandle handle(std::uint32_t index) const {
    return {index, records_[index].generation};
  }
  [[nodiscard]] std::uint32_t user(std::uint32_t index) const { return records_[index].user; }

  void kill(std::uint32_t index) {
    records_[index].generation = 0;
    live_bits_.data()[index / 64] &= ~bit(index);
  }

  void prefetch(std::uint32_t index) const { __builtin_prefetch(&records_[index], 1); }
  [[nodiscard]] std::size_t bytes() const {
    return std::size_t{records_.size()} * sizeof(Record) + live_bits_.capacity() * 8;
  }
  /// Gives the memory back; only while nothing lives.
  void release() {
    records_.clear();
    std::vector<std::uint64_t>().swap(live_bits_);
    fresh_ = 0;
  }

 private:
  struct Record {
    std::uint32_t generation;
    std::uint32_t user;
  };

  static std::uint64_t bit(std::uint32_t index) { return std::uint64_t{1} << (index % 64); }

  Blocks<Record, 18> records_;
  std::vector<std::uint64_t> live_bits_;
  std::uint32_t fresh_ = 0;  ///< records from here on were never used
  std::uint32_t generation_ = 0;
};

}  // namespace rappel::scheduler
