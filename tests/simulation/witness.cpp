// SPDX-License-Identifier: Apache-2.0
// What the witness makes of the messages that leave, and of the books as a whole.
#include "simulation/witness.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace rappel::simulation {
namespace {

/// A claimed message may wait this long for room with its notifier, its job included.
constexpr std::chrono::seconds lane_wait_most{60};

bool repeatable(const std::string& notifier) {
  return std::any_of(ways.begin(), ways.end(), [&](const Way& way) {
    return way.notifier == notifier && way.repeatable;
  });
}

std::string text_at(const boost::json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

bool has_object(const boost::json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_object() && !value->get_object().empty();
}

/// What the citizen would take for one and the same message.
std::string said_once(const Reminder& reminder) {
  if (!reminder.deadline)
    return reminder.citizen.to_string() + "/" + text_at(reminder.values, "title") + "/" + reminder.stage;
  return reminder.deadline->to_string() + "/" + reminder.stage + "/" +
         (reminder.due_on ? to_iso(*reminder.due_on) : "");
}

}  // namespace

void Witness::fail(std::string invariant, std::string found, const IdBytes& about) {
  if (!violation_) violation_ = Violation{std::move(invariant), std::move(found), about};
}

void Witness::handed(const std::string& notifier, const notify::OutgoingMessage& message) {
  ++tally_.handed;
  const auto found = flying_.find(message.delivery);
  if (found == flying_.end())
    return fail("a message is handed over only after its flight was committed",
                "no such flight: " + message.delivery.to_string());
  const Flying& flying = found->second;
  const IdBytes about = flying.reminder.bytes();
  trace_.note("hands over", about, message.attempt);
  const auto& owner = owners_[flying.reminder.shard().number];
  const auto process = timeline_.current() ? timeline_.current()->serial : 0;
  if (flying.process != process || flying.epoch != owner.epoch || owner.process != process ||
      timeline_.now() >= owner.until)
    fail("only the owner of the shard sends", fmt::format("node {} in epoch {}, but epoch {} is node {}'s",
                                                          process, flying.epoch, owner.epoch, owner.process),
         about);
  const auto reminder = store_->read_reminder(tenant_, flying.reminder);
  if (!reminder || reminder->state != ReminderState::in_flight || reminder->attempt != message.attempt)
    return fail("what leaves is in flight under this very attempt",
                reminder ? std::string(to_string(reminder->state)) : "no row", about);
  judge_record(flying, message, *reminder);
  judge_again(notifier, flying, message);
  judge_once(*reminder, handings_[flying.reminder]);
  handings_[flying.reminder].push_back(
      {process, flying.epoch, message.attempt, message.idempotency_key, notifier, Fate::open});
}

/// The explanation stands before the message leaves, and speaks of this message.
void Witness::judge_record(const Flying& flying, const notify::OutgoingMessage& message,
                           const Reminder& reminder) {
  const IdBytes about = flying.reminder.bytes();
  const auto rows = store_->read_deliveries(tenant_, flying.reminder);
  const auto row = std::find_if(rows.begin(), rows.end(),
                                [&](const Delivery& each) { return each.id == message.delivery; });
  if (row == rows.end() || row->state != DeliveryState::in_flight || row->attempt != message.attempt ||
      row->idempotency_key != message.idempotency_key)
    return fail("what leaves has its delivery's row", "none, or another one", about);
  if (message.idempotency_key != idempotency_key_of(flying.reminder, reminder.channel_index))
    fail("every attempt of a series has its key", message.idempotency_key, about);
  const auto* why = row->record.if_contains("why");
  const bool explained = why != nullptr && why->is_object() && has_object(why->get_object(), "channel") &&
                         (!reminder.deadline || has_object(why->get_object(), "deadline"));
  if (!explained || text_at(row->record, "to") != message.to ||
      text_at(row->record, "text") != message.text || message.text.empty())
    fail("every message explains itself", "its record lacks the reasons, the address or the text", about);
  const auto claim = claims_.find(flying.reminder);
  const std::string way = std::string(to_string(message.channel)) + " " + message.to;
  if (claim == claims_.end() || !claim->second.ways.contains(way))
    return fail("never by a way that the citizen does not allow", std::string(to_string(message.channel)), about);
  const auto& process = timeline_.current();
  const auto stood = process ? process->paused_for - claim->second.paused_before : std::chrono::microseconds{};
  if (timeline_.now() - claim->second.at - stood > lane_wait_most)
    fail("what was checked leaves soon or is checked again", "it waited too long", about);
}

bool Witness::in_doubt(const Handing& handing) const { return handing.fate == Fate::doubt; }

/// Was it handed over before? Then only what was in flight when a node died or lost its shard, what
/// the provider could not take, or what nobody knows.
void Witness::judge_again(const std::string& notifier, const Flying& flying,
                          const notify::OutgoingMessage& message) {
  const IdBytes about = flying.reminder.bytes();
  const auto process = timeline_.current() ? timeline_.current()->serial : 0;
  for (auto& before : handings_[flying.reminder]) {
    const bool same_key = before.key == message.idempotency_key;
    if (before.fate == Fate::open) {
      if (before.process == process && before.epoch == flying.epoch)
        fail("at most one hand-over at a time", "the one before is still with the sender", about);
      before.fate = Fate::doubt;
    }
    if (before.fate == Fate::done || before.fate == Fate::refused)
      fail("duplicates are bounded: what was sent or refused is not sent again", before.key, about);
    if (before.fate == Fate::closed && same_key)
      fail("a bad address is not tried again", before.key, about);
    if (in_doubt(before) && same_key && !repeatable(notifier))
      fail("an unknown outcome is never settled by a blind repetition", notifier, about);
    if (in_doubt(before)) ++tally_.repeated;
  }
}

void Witness::judge_once(const Reminder& reminder, const std::vector<Handing>& before) {
  auto& fired = fired_[said_once(reminder)];
  for (const auto other : fired) {
    if (other == reminder.id || !before.empty()) continue;
    const auto& handings = handings_[other];
    if (std::any_of(handings.begin(), handings.end(),
                    [](const Handing& each) { return each.fate == Fate::done || each.fate == Fate::open; }))
      fail("what is to be said once fires once", said_once(reminder), reminder.id.bytes());
  }
  fired.insert(reminder.id);
}

void Witness::asked(const notify::StatusQuery& query) {
  ++tally_.queries;
  trace_.note("asks about", query.delivery.bytes(), query.attempt);
}

void Witness::promised(std::span<const ReminderId> reminders, std::size_t expected) {
  if (reminders.size() < expected)
    fail("what the API acknowledged is committed and planned",
         fmt::format("{} reminders stand for {} moments", reminders.size(), expected),
         reminders.empty() ? IdBytes{} : reminders.front().bytes());
  for (const auto id : reminders) {
    if (!seen_.contains(id) || !store_->read_reminder(tenant_, id))
      fail("what the API acknowledged is committed and planned", "no such row", id.bytes());
  }
}

std::optional<std::pair<ReminderId, Instant>> Witness::next_of(CitizenId citizen) const {
  std::optional<std::pair<ReminderId, Instant>> next;
  const auto own = open_of_.find(citizen);
  if (own == open_of_.end()) return next;
  for (const auto id : own->second) {
    const auto& seen = seen_.at(id);
    if (seen.state != ReminderState::planned) continue;
    if (!next || seen.next_at < next->second) next = {id, seen.next_at};
  }
  return next;
}

void Witness::check_books() {
  const auto counts = store_->counts();
  std::map<ReminderState, std::int64_t> mine;
  for (const auto& [state, count] : tally_.states) {
    if (count != 0) mine[state] = count;
  }
  const std::map<ReminderState, std::int64_t> theirs(counts.reminders.begin(), counts.reminders.end());
  if (mine != theirs) fail("counts are consistent", "the store counts other states than were written");
  for (int number = 0; number < shard_count; ++number) {
    try {
      static_cast<void>(store_->check_contiguity(Shard{std::uint8_t(number)}));
    } catch (const std::exception& e) {
      fail("event positions have no gap", e.what());
    }
  }
  if (timeline_.now() - quiet_since_ < pace_.settled_within()) return;
  const Instant long_ago = timeline_.now() - pace_.settled_within();
  for (const auto id : open_) {
    const auto& seen = seen_.at(id);
    const bool in_hand = in_hand_.contains(id);
    if (in_hand ? seen.since < long_ago : seen.next_at < long_ago)
      fail("nothing stays where nobody cares for it",
           fmt::format("{} since {}, wanted at {}", to_string(seen.state), to_rfc3339(seen.since),
                       to_rfc3339(seen.next_at)),
           id.bytes());
  }
}

std::set<ReminderId> Witness::reminders_with_task() {
  std::set<ReminderId> found;
  store::PageRequest request{store::page_items_max, ""};
  do {
    const auto page = store_->read_tasks(tenant_, request);
    for (const auto& task : page.items) {
      if (task.reminder) found.insert(*task.reminder);
    }
    tally_.tasks += page.items.size();
    request.cursor = page.next;
  } while (!request.cursor.empty());
  return found;
}

void Witness::judge_end_of(ReminderId id, const Seen& seen, const std::set<ReminderId>& with_task) {
  const bool ended_badly = seen.state == ReminderState::failed || seen.state == ReminderState::dead ||
                           (seen.state == ReminderState::expired && (seen.statutory || seen.legal));
  if (ended_badly && !with_task.contains(id))
    fail("what could not be sent ends with a human", std::string(to_string(seen.state)) + ", no task",
         id.bytes());
  if (seen.state == ReminderState::suppressed && seen.statutory)
    fail("what the law makes us send is not suppressed", seen.reason, id.bytes());
  const bool unsent = seen.state == ReminderState::suppressed || seen.state == ReminderState::expired ||
                      seen.state == ReminderState::cancelled || seen.state == ReminderState::dead;
  if (unsent && seen.reason.empty())
    fail("what was not sent says why", std::string(to_string(seen.state)), id.bytes());
}

void Witness::check_end() {
  check_books();
  const auto with_task = reminders_with_task();
  for (const auto& [id, seen] : seen_) {
    judge_end_of(id, seen, with_task);
    if (!store_->read_reminder(tenant_, id)) fail("no reminder is lost", "its row is gone", id.bytes());
    if (!is_settled(seen.state) && seen.due_at < timeline_.now() - pace_.settled_within())
      fail("no reminder is lost: each due one is sent, or its end says why",
           fmt::format("{} and due at {}", to_string(seen.state), to_rfc3339(seen.due_at)), id.bytes());
  }
}

}  // namespace rappel::simulation
