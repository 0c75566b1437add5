// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace rappel::scheduler {

/// An array that grows block by block: no element ever moves and growing never copies.
/// New elements are not initialised.
template <typename T, unsigned block_bits>
class Blocks {
 public:
  static constexpr std::uint32_t block_size = 1U << block_bits;

  [[nodiscard]] std::uint32_t size() const {
    return static_cast<std::uint32_t>(blocks_.size()) << block_bits;
  }
  void grow() { blocks_.push_back(std::make_unique_for_overwrite<T[]>(block_size)); }
  /// Gives all memory back.
  void clear() { std::vector<std::unique_ptr<T[]>>().swap(blocks_); }

  T& operator[](std::uint32_t index) { return block(index)[index & (block_size - 1)]; }
  const T& operator[](std::uint32_t index) const { return block(index)[index & (block_size - 1)]; }

 private:
  // .get() spares the assertions of the hardened library on the hottest path of the wheel.
  [[nodiscard]] T* block(std::uint32_t index) const {
    return blocks_.data()[index >> block_bits].get();
  }

  std::vector<std::unique_ptr<T[]>> blocks_;
};

}  // namespace rappel::scheduler
