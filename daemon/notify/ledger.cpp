// SPDX-License-Identifier: Apache-2.0
#include "notify/ledger.hpp"

#include <algorithm>

#include "base/ensure.hpp"
#include "notify/frame.hpp"

namespace rappel::notify {

int Suspicions::deaths(const DeliveryId& delivery) const {
  const auto found = deaths_.find(delivery);
  return found == deaths_.end() ? 0 : found->second;
}

int Suspicions::blame(const DeliveryId& delivery) {
  const auto [entry, is_new] = deaths_.try_emplace(delivery, 0);
  const int deaths = ++entry->second;
  if (!is_new) return deaths;
  order_.push_back(delivery);
  if (order_.size() > remembered_max) {
    deaths_.erase(order_.front());
    order_.pop_front();
  }
  return deaths;
}

std::size_t Ledger::room() const {
  const std::size_t held = waiting() + in_hand();
  return held >= window_max_ ? 0 : window_max_ - held;
}

void Ledger::accept(std::vector<OutgoingMessage> messages, Tick now) {
  ensure(messages.size() <= room(), "the caller asks for room before it sends");
  for (auto& message : messages) {
    ensure(!in_hand_.contains({message.delivery, message.attempt}),
           "an attempt is sent once at a time");
    auto& queue = suspicions_.deaths(message.delivery) > 0 ? suspects_ : waiting_;
    queue.push_back(Waiting{std::move(message), now});
  }
}

OutgoingMessage Ledger::hand_over(std::deque<Waiting>& queue, Tick now) {
  OutgoingMessage message = std::move(queue.front().message);
  queue.pop_front();
  in_hand_[{message.delivery, message.attempt}] = now;
  return message;
}

std::vector<OutgoingMessage> Ledger::next_batch(Tick now) {
  std::vector<OutgoingMessage> batch;
  if (suspect_in_hand_) return batch;
  if (!suspects_.empty()) {
    if (!in_hand_.empty()) return batch;  // the neighbours finish first
    suspect_in_hand_ = true;
    batch.push_back(hand_over(suspects_, now));
    return batch;
  }
  std::size_t bytes = 0;
  while (!waiting_.empty() && batch.size() < frame::batch_count_max) {
    bytes += frame::weight(waiting_.front().message);
    if (!batch.empty() && bytes > frame::body_bytes_max / 2) break;
    batch.push_back(hand_over(waiting_, now));
  }
  return batch;
}

bool Ledger::settle(const DeliveryId& delivery, std::uint32_t attempt) {
  if (in_hand_.erase({delivery, attempt}) == 0) return false;
  suspicions_.clear(delivery);
  if (in_hand_.empty()) suspect_in_hand_ = false;
  return true;
}

std::vector<SendResult> Ledger::sender_died() {
  std::vector<SendResult> answers;
  for (const auto& [key, since] : in_hand_) {
    SendResult answer{key.first, key.second, ResultClass::unknown, {}, {}, "its sender died"};
    if (suspicions_.blame(key.first) >= Suspicions::deaths_until_parked) {
      answer.result = ResultClass::rejected;
      answer.detail = "parked: killed its sender three times";
    }
    answers.push_back(std::move(answer));
  }
  in_hand_.clear();
  suspect_in_hand_ = false;
  return answers;
}

std::vector<SendResult> Ledger::sender_stopped() {
  std::vector<SendResult> answers;
  for (const auto& [key, since] : in_hand_)
    answers.push_back(
        {key.first, key.second, ResultClass::unknown, {}, {}, "its sender was stopped"});
  in_hand_.clear();
  suspect_in_hand_ = false;
  return answers;
}

void Ledger::drop_old(std::deque<Waiting>& queue, Tick oldest, ResultClass result,
                      const char* detail, std::vector<SendResult>& answers) {
  while (!queue.empty() && queue.front().since < oldest) {
    const auto& message = queue.front().message;
    answers.push_back({message.delivery, message.attempt, result, {}, {}, detail});
    queue.pop_front();
  }
}

std::vector<SendResult> Ledger::give_up_waiting(Tick oldest, ResultClass result,
                                                const char* detail) {
  std::vector<SendResult> answers;
  drop_old(waiting_, oldest, result, detail, answers);
  drop_old(suspects_, oldest, result, detail, answers);
  return answers;
}

bool Ledger::overdue(Tick oldest) const {
  return std::any_of(in_hand_.begin(), in_hand_.end(),
                     [&](const auto& entry) { return entry.second < oldest; });
}

}  // namespace rappel::notify
