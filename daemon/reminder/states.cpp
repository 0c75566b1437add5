// SPDX-License-Identifier: Apache-2.0
#include "reminder/states.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace rappel {
namespace {

using R = ReminderState;
using D = DeadlineState;

constexpr std::array reminder_states{
    R::planned,    R::claimed, R::in_flight,  R::sent,      R::delivered, R::failed,
    R::retry_wait, R::unknown, R::suppressed, R::cancelled, R::expired,   R::dead};
constexpr std::array<std::string_view, 12> reminder_names{
    "planned",    "claimed", "in_flight",  "sent",      "delivered", "failed",
    "retry_wait", "unknown", "suppressed", "cancelled", "expired",   "dead"};

constexpr std::array deadline_states{D::open, D::met, D::missed, D::withdrawn, D::superseded};
constexpr std::array<std::string_view, 5> deadline_names{"open", "met", "missed", "withdrawn",
                                                         "superseded"};

constexpr std::array<std::string_view, 5> delivery_names{"in_flight", "sent", "delivered", "failed",
                                                         "unknown"};

constexpr std::pair<R, R> reminder_arrows[] = {
    {R::planned, R::claimed},      {R::planned, R::cancelled},   {R::planned, R::expired},
    {R::planned, R::suppressed},   {R::claimed, R::planned},     {R::claimed, R::in_flight},
    {R::claimed, R::suppressed},   {R::claimed, R::expired},     {R::claimed, R::cancelled},
    {R::claimed, R::retry_wait},   {R::claimed, R::unknown},     {R::claimed, R::dead},        {R::in_flight, R::sent},
    {R::in_flight, R::delivered},  {R::in_flight, R::failed},    {R::in_flight, R::retry_wait},
    {R::in_flight, R::unknown},    {R::in_flight, R::dead},      {R::sent, R::delivered},
    {R::sent, R::failed},          {R::retry_wait, R::claimed},  {R::retry_wait, R::cancelled},
    {R::retry_wait, R::expired},   {R::unknown, R::sent},        {R::unknown, R::delivered},
    {R::unknown, R::retry_wait},   {R::unknown, R::failed},      {R::unknown, R::dead},
    {R::unknown, R::cancelled},    {R::unknown, R::expired},     {R::unknown, R::claimed},
    {R::retry_wait, R::planned},
};

template <std::size_t N>
std::optional<std::size_t> index_of(const std::array<std::string_view, N>& names,
                                    std::string_view text) {
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end()) return std::nullopt;
  return std::size_t(found - names.begin());
}

}  // namespace

std::string_view to_string(DeadlineState state) { return deadline_names[std::size_t(state)]; }
std::string_view to_string(ReminderState state) { return reminder_names[std::size_t(state)]; }
std::string_view to_string(DeliveryState state) { return delivery_names[std::size_t(state)]; }

std::optional<DeadlineState> parse_deadline_state(std::string_view text) {
  const auto index = index_of(deadline_names, text);
  if (!index) return std::nullopt;
  return deadline_states[*index];
}
std::optional<ReminderState> parse_reminder_state(std::string_view text) {
  const auto index = index_of(reminder_names, text);
  if (!index) return std::nullopt;
  return reminder_states[*index];
}
std::optional<DeliveryState> parse_delivery_state(std::string_view text) {
  const auto index = index_of(delivery_names, text);
  if (!index) return std::nullopt;
  return DeliveryState(*index);
}

std::span<const ReminderState> all_reminder_states() { return reminder_states; }
std::span<const DeadlineState> all_deadline_states() { return deadline_states; }

bool may_become(ReminderState from, ReminderState to) {
  return std::find(std::begin(reminder_arrows), std::end(reminder_arrows), std::pair{from, to}) !=
         std::end(reminder_arrows);
}
bool may_become(DeadlineState from, DeadlineState to) {
  // The rules say anew what it is; only what was open is withdrawn when they say nothing of it.
  return from != to && (to != DeadlineState::withdrawn || from == DeadlineState::open);
}

bool is_final(ReminderState state) {
  return std::none_of(std::begin(reminder_arrows), std::end(reminder_arrows),
                      [&](const auto& arrow) { return arrow.first == state; });
}

bool is_settled(ReminderState state) {
  return is_final(state) || state == R::sent;
}

bool is_pending(ReminderState state) {
  return state == R::planned || state == R::claimed || state == R::retry_wait;
}

}  // namespace rappel
