// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "scheduler/blocks.hpp"

// First-in-first-out queues of wheel entries, made of chunks from one pool. An array of entries is
// read at the speed of memory; a list linked through the timers waits for the cache at every step.

namespace rappel::scheduler {

struct Entry {
  std::uint32_t due;    ///< low 32 bits of the tick
  std::uint32_t index;  ///< of the timer's record
};

inline constexpr std::uint32_t no_chunk = 0xffff'ffff;

struct Chunk {
  static constexpr std::uint16_t capacity = 63;

  std::uint32_t next;
  std::uint16_t first;
  std::uint16_t last;
  std::array<Entry, capacity> entries;

  [[nodiscard]] bool empty() const { return first == last; }
  [[nodiscard]] bool full() const { return last == capacity; }
  /// Keeps the entries that `keep` accepts, in order, at the front of the chunk.
  template <typename Keep>
  void squeeze(Keep&& keep) {
    Entry* const begin = entries.data();
    const auto end = std::copy_if(begin + first, begin + last, begin, keep);
    first = 0;
    last = static_cast<std::uint16_t>(end - begin);
  }
  /// Moves as many entries from the front of `other` as fit.
  void fill_from(Chunk& other) {
    while (!full() && !other.empty()) entries.data()[last++] = other.entries.data()[other.first++];
  }
};
static_assert(sizeof(Chunk) == 512);

struct Queue {
  std::uint32_t head = no_chunk;
  std::uint32_t tail = no_chunk;
  [[nodiscard]] bool empty() const { return head == no_chunk; }
};

class ChunkPool {
 public:
  Chunk& operator[](std::uint32_t id) { return chunks_[id]; }

  void push(Queue& queue, Entry entry) {
    if (queue.empty() || chunks_[queue.tail].full()) [[unlikely]] add_chunk(queue);
    Chunk& tail = chunks_[queue.tail];
    tail.entries.data()[tail.last++] = entry;
  }

  /// Puts an entry where pop() takes the next one from: last in, first out.
  void stack(Queue& queue, Entry entry) {
    if (queue.empty() || chunks_[queue.head].full()) {
      const std::uint32_t id = take();
      chunks_[id].next = queue.head;
      queue.head = id;
    }
    Chunk& head = chunks_[queue.head];
    head.entries.data()[head.last++] = entry;
  }
  Entry pop(Queue& stacked) {
    Chunk& head = chunks_[stacked.head];
    const Entry entry = head.entries.data()[--head.last];
    if (head.empty()) drop_head(stacked);
    return entry;
  }

  /// Moves all of `from` behind `to`.
  void append(Queue& to, Queue& from) {
    if (from.empty()) return;
    if (to.empty()) to = from;
    else chunks_[to.tail].next = from.head;
    to.tail = from.tail;
    from = {};
  }

  void drop_head(Queue& queue) {
    const std::uint32_t head = queue.head;
    queue.head = chunks_[head].next;
    if (queue.empty()) queue.tail = no_chunk;
    give(head);
  }

  void drop_after(Queue& queue, std::uint32_t id) {
    const std::uint32_t dropped = chunks_[id].next;
    chunks_[id].next = chunks_[dropped].next;
    if (queue.tail == dropped) queue.tail = id;
    give(dropped);
  }

  [[nodiscard]] std::size_t bytes() const { return std::size_t{chunks_.size()} * sizeof(Chunk); }
  /// Gives the memory back, whatever queues still hold.
  void release() {
    chunks_.clear();
    fresh_ = 0;
    free_ = no_chunk;
  }

 private:
  void add_chunk(Queue& queue) {
    const std::uint32_t id = take();
    if (queue.empty()) queue.head = id;
    else chunks_[queue.tail].next = id;
    queue.tail = id;
  }

  std::uint32_t take() {
    std::uint32_t id = free_;
    if (id != no_chunk) {
      free_ = chunks_[id].next;
    } else {
      if (fresh_ == chunks_.size()) chunks_.grow();
      id = fresh_++;
    }
    Chunk& chunk = chunks_[id];
    chunk.next = no_chunk;
    chunk.first = chunk.last = 0;
    return id;
  }

  void give(std::uint32_t id) {
    chunks_[id].next = free_;
    free_ = id;
  }

  Blocks<Chunk, 12> chunks_;
  std::uint32_t fresh_ = 0;  ///< chunks from here on were never used
  std::uint32_t free_ = no_chunk;
};

}  // namespace rappel::scheduler
