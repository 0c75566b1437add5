// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

#include "notify/message.hpp"

namespace rappel::notify {

/// Time as the pool counts it: its own ticks. The ledger reads no clock.
using Tick = std::uint64_t;

/// Remembers which deliveries were in hand when a sender died. Bounded: the oldest memory goes
/// first.
class Suspicions {
 public:
  static constexpr std::size_t remembered_max = 10'000;
  static constexpr int deaths_until_parked = 3;

  [[nodiscard]] int deaths(const DeliveryId& delivery) const;
  int blame(const DeliveryId& delivery);
  void clear(const DeliveryId& delivery) { deaths_.erase(delivery); }

 private:
  std::unordered_map<DeliveryId, int> deaths_;
  std::deque<DeliveryId> order_;
};

/// The messages of one notifier between dispatch and its sender: waiting, then in hand, then
/// settled. Pure, one thread. Invariants: every accepted message is answered exactly once; a
/// message that was in hand when a sender died is next handed over alone, so that its neighbours
/// are not blamed twice; the third death parks it.
class Ledger {
 public:
  explicit Ledger(std::size_t window_max) : window_max_(window_max) {}

  /// How many more messages may be accepted.
  [[nodiscard]] std::size_t room() const;
  [[nodiscard]] std::size_t waiting() const { return waiting_.size() + suspects_.size(); }
  [[nodiscard]] std::size_t in_hand() const { return in_hand_.size(); }

  /// At most room() messages; one attempt of a delivery at a time (ensure).
  void accept(std::vector<OutgoingMessage> messages, Tick now);

  /// The next messages to hand to the sender, which are in hand from now on. Empty when there is
  /// nothing, or when a suspect is, or must first be, alone.
  std::vector<OutgoingMessage> next_batch(Tick now);

  /// True when the answered message was in hand; an answer clears it of suspicion.
  bool settle(const DeliveryId& delivery, std::uint32_t attempt);

  /// Answers for everything in hand: unknown, or rejected for one that killed its third sender.
  std::vector<SendResult> sender_died();
  /// The same without suspicion: we ended the sender ourselves.
  std::vector<SendResult> sender_stopped();

  /// Answers with `result` for messages waiting since before `oldest`; none of them left.
  std::vector<SendResult> give_up_waiting(Tick oldest, ResultClass result, const char* detail);

  /// Whether something is in hand since before `oldest`.
  [[nodiscard]] bool overdue(Tick oldest) const;

 private:
  using Key = std::pair<DeliveryId, std::uint32_t>;
  struct Waiting {
    OutgoingMessage message;
    Tick since;
  };
  static void drop_old(std::deque<Waiting>& queue, Tick oldest, ResultClass result,
                       const char* detail, std::vector<SendResult>& answers);
  OutgoingMessage hand_over(std::deque<Waiting>& queue, Tick now);

  std::size_t window_max_;
  std::deque<Waiting> waiting_;
  std::deque<Waiting> suspects_;
  std::map<Key, Tick> in_hand_;
  bool suspect_in_hand_ = false;
  Suspicions suspicions_;
};

}  // namespace rappel::notify
