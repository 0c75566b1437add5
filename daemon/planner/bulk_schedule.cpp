// SPDX-License-Identifier: Apache-2.0
#include "planner/bulk_schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <unordered_map>

#include "planner/idempotency.hpp"
#include "planner/planner.hpp"
#include "planner/works.hpp"
#include "profile/profile.hpp"

namespace rappel::planner {
namespace {

/// What one line comes to, on its way to the store.
struct Draft {
  std::optional<CitizenId> citizen;
  std::vector<Reminder> reminders;
  std::optional<Problem> problem;
  bool known = false;

  [[nodiscard]] bool is_new() const { return !problem && !known; }
  [[nodiscard]] Expected<std::size_t> answer() const {
    if (problem) return tl::unexpected(*problem);
    return known ? 0 : reminders.size();
  }
};

Problem key_reused() {
  return {ProblemKind::conflict, "key_reused",
          "this citizen has other reminders under the same key", "/key",
          "use a new key for each new line; to change a reminder, withdraw it and import it anew"};
}

/// Whether a stored reminder is what the line asks for, whatever has become of it since.
bool same_wish(const Reminder& a, const Reminder& b) {
  return a.stage == b.stage && a.message == b.message && a.topic == b.topic && a.lane == b.lane &&
         a.due_at == b.due_at && a.due_on == b.due_on && a.expires_at == b.expires_at &&
         a.channels == b.channels && a.values == b.values;
}

using Known = std::unordered_map<ReminderId, Reminder>;

/// A line is stored whole or not at all, so it is known whole or not at all.
void compare(Draft& draft, const Known& known) {
  std::size_t same = 0;
  std::size_t other = 0;
  for (const auto& reminder : draft.reminders) {
    const auto found = known.find(reminder.id);
    if (found == known.end()) continue;
    ++(same_wish(found->second, reminder) ? same : other);
  }
  draft.known = same == draft.reminders.size();
  if (other > 0 || (same > 0 && !draft.known)) draft.problem = key_reused();
}

/// The zone of each citizen whose line speaks of a civil date; their profiles are read for it.
class Zones {
 public:
  Zones(store::Transaction& transaction, std::span<const ScheduleLine> lines,
        const std::vector<Draft>& drafts, const store::Tenant& tenant)
      : usual_(*calendar::Zone::find(tenant.zone)) {
    std::vector<CitizenId> ids;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (lines[i].wanted.due_on && drafts[i].citizen) ids.push_back(*drafts[i].citizen);
    }
    if (ids.empty()) return;
    for (const auto& citizen : transaction.citizens(ids))
      zones_.emplace(citizen.id, profile::profile_from_json(citizen.profile, tenant.zone).zone());
  }
  [[nodiscard]] const calendar::Zone& of(CitizenId id) const {
    const auto found = zones_.find(id);
    return found == zones_.end() ? usual_ : found->second;
  }

 private:
  calendar::Zone usual_;
  std::unordered_map<CitizenId, calendar::Zone> zones_;
};

/// How many more reminders each citizen may have.
class Room {
 public:
  Room(store::Transaction& transaction, const std::vector<Draft>& drafts, std::size_t most) {
    std::vector<CitizenId> ids;
    for (const auto& draft : drafts) {
      if (draft.citizen && room_.emplace(*draft.citizen, most).second) ids.push_back(*draft.citizen);
    }
    const auto waiting = transaction.waiting(ids);
    for (std::size_t i = 0; i < ids.size(); ++i) room_[ids[i]] -= std::min(most, waiting[i]);
  }
  bool take(CitizenId id, std::size_t count) {
    auto& left = room_.at(id);
    if (left < count) return false;
    left -= count;
    return true;
  }

 private:
  std::unordered_map<CitizenId, std::size_t> room_;
};

std::vector<Draft> find_citizens(store::Transaction& transaction,
                                 std::span<const ScheduleLine> lines) {
  std::vector<std::string> references;
  for (const auto& line : lines) references.push_back(line.wanted.citizen);
  const auto found = transaction.find_citizens(references);
  std::vector<Draft> drafts(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    drafts[i].citizen = found[i];
    if (!found[i]) drafts[i].problem = no_such_citizen();
  }
  return drafts;
}

Known stored_before(store::Transaction& transaction, const std::vector<Draft>& drafts) {
  std::vector<ReminderId> ids;
  for (const auto& draft : drafts) {
    for (const auto& reminder : draft.reminders) ids.push_back(reminder.id);
  }
  Known known;
  for (auto& reminder : transaction.reminders(ids)) known.emplace(reminder.id, std::move(reminder));
  return known;
}

}  // namespace

Expected<ScheduleLine> read_schedule_line(boost::json::object body) {
  ScheduleLine line;
  if (const auto* given = body.if_contains("key")) {
    const auto* text = given->if_string();
    if (text == nullptr || text->empty() || text->size() > import_key_bytes_max)
      return refuse(ProblemKind::invalid, "bad_key",
                    fmt::format("a key is a text of 1 to {} bytes", import_key_bytes_max), "/key",
                    "leave it out, and the line itself is its key");
    line.key = "key\x1f" + std::string(*text);
    body.erase("key");
  } else {
    line.key = "line\x1f" + sha256_hex(boost::json::serialize(body));
  }
  auto wanted = read_schedule_request(body);
  if (!wanted) return tl::unexpected(wanted.error());
  line.wanted = std::move(*wanted);
  return line;
}

void name_by_key(std::vector<Reminder>& reminders, const std::string& key) {
  for (std::size_t i = 0; i < reminders.size(); ++i) {
    const auto& citizen = reminders[i].citizen;
    reminders[i].id = ReminderId::derived(
        citizen.shard(), fmt::format("import\x1f{}\x1f{}\x1f{}", citizen.to_string(), i, key));
  }
}

/// What the lines ask for, under the ids of their keys.
static void draft(std::span<const ScheduleLine> lines, const Zones& zones, std::vector<Draft>& drafts) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!drafts[i].citizen) continue;
    drafts[i].reminders =
        reminders_of(lines[i].wanted, *drafts[i].citizen, zones.of(*drafts[i].citizen));
    name_by_key(drafts[i].reminders, lines[i].key);
  }
}

/// A second line under the same key must find the first.
static void keep(Draft& draft, Known& known, std::vector<Reminder>& added) {
  for (auto& reminder : draft.reminders) {
    known.emplace(reminder.id, reminder);
    added.push_back(std::move(reminder));
  }
}

Expected<void> Planner::admit(const ScheduleRequest& wanted, const std::vector<Reminder>& reminders,
                              Instant now) const {
  if (auto checked = check_words(wanted); !checked) return checked;
  return check_moments(wanted, reminders, now, options_.horizon_max);
}

std::vector<Expected<std::size_t>> Planner::schedule_all(TenantId tenant, Shard shard,
                                                         std::span<const ScheduleLine> lines,
                                                         Instant now) {
  const auto transaction = store_.begin(shard, tenant, now);
  auto drafts = find_citizens(*transaction, lines);
  draft(lines, Zones(*transaction, lines, drafts, *tenants_.of(tenant)), drafts);
  auto known = stored_before(*transaction, drafts);
  Room room(*transaction, drafts, options_.reminders_per_citizen_max);
  std::vector<Reminder> added;
  std::vector<Expected<std::size_t>> answers;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto& own = drafts[i];
    if (!own.problem) compare(own, known);
    // What is known is not held against the clock, the templates and the limits of today.
    if (own.is_new()) {
      if (auto admitted = admit(lines[i].wanted, own.reminders, now); !admitted)
        own.problem = admitted.error();
      else if (!room.take(*own.citizen, own.reminders.size()))
        own.problem = too_many_reminders(options_.reminders_per_citizen_max);
    }
    answers.push_back(own.answer());
    if (own.is_new()) keep(own, known, added);
  }
  transaction->schedule(added);
  transaction->commit();
  wake(tenant, added);
  return answers;
}

void Planner::wake(TenantId tenant, const std::vector<Reminder>& planned) const {
  std::vector<store::Work> works;
  for (const auto& reminder : planned) works.push_back(work_of(tenant, reminder));
  if (!works.empty() && wake_) wake_(works);
}

}  // namespace rappel::planner
