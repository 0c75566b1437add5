// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <type_traits>
#include <vector>

namespace rappel::scheduler {

/// An array that grows block by block: no element ever moves and growing never copies.
/// New elements are not initialised. A block fills one huge page of the processor, and the kernel is
/// asked for such pages: elements read in random order then miss the cache, but not the page tables
/// as well, which made a cancelled timer nearly half as dear again.
template <typename T, unsigned block_bits>
class Blocks {
 public:
  static constexpr std::uint32_t block_size = 1U << block_bits;
  static constexpr std::size_t block_bytes = block_size * sizeof(T);
  static_assert(block_bytes == std::size_t{2} << 20, "a block is one huge page");
  static_assert(std::is_trivially_default_constructible_v<T> && std::is_trivially_destructible_v<T>);

  [[nodiscard]] std::uint32_t size() const {
    return static_cast<std::uint32_t>(blocks_.size()) << block_bits;
  }
  void grow() {
    void* const memory = ::operator new(block_bytes, alignment);
    blocks_.emplace_back(static_cast<T*>(memory));
    // A wish: where it is not granted, small pages serve.
    static_cast<void>(madvise(memory, block_bytes, MADV_HUGEPAGE));
  }
  /// Gives all memory back.
  void clear() { decltype(blocks_)().swap(blocks_); }

  T& operator[](std::uint32_t index) { return block(index)[index & (block_size - 1)]; }
  const T& operator[](std::uint32_t index) const { return block(index)[index & (block_size - 1)]; }

 private:
  static constexpr std::align_val_t alignment{block_bytes};
  struct Free {
    void operator()(T* memory) const { ::operator delete(memory, alignment); }
  };

  // .get() spares the assertions of the hardened library on the hottest path of the wheel.
  [[nodiscard]] T* block(std::uint32_t index) const {
    return blocks_.data()[index >> block_bits].get();
  }

  std::vector<std::unique_ptr<T, Free>> blocks_;
};

}  // namespace rappel::scheduler
