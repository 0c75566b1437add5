// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <stdexcept>

#include "base/ensure.hpp"
#include "store/memory/tables.hpp"
#include "store/merge.hpp"

namespace rappel::store {
namespace {

using memory::CitizenFile;
using memory::ShardRows;

/// What one transaction makes of one citizen, beside the rows that stand. Those do not move meanwhile:
/// whoever writes to the shard waits for its turn.
struct Draft {
  const CitizenFile* stored = nullptr;  ///< nothing: a new citizen
  Citizen citizen;
  std::vector<Event> events;  ///< appended
  std::map<DeadlineId, Deadline> deadlines;
  std::map<ReminderId, memory::StoredReminder> reminders;
};

/// Keeps what it changes apart; commit() puts it in.
class MemoryTransaction final : public Transaction {
 public:
  MemoryTransaction(MemoryStore::State& state, Shard shard, TenantId tenant)
      : state_(state), shard_(shard), tenant_(tenant), head_(rows().head) {}

  ~MemoryTransaction() override {
    if (!ended_) end();
  }

  std::vector<Citizen> citizens(std::span<const CitizenId> ids) override {
    std::vector<Citizen> result;
    for (const auto id : ids) {
      if (const auto* draft = find(id)) result.push_back(draft->citizen);
    }
    std::sort(result.begin(), result.end(),
              [](const Citizen& a, const Citizen& b) { return a.id < b.id; });
    return result;
  }

  std::vector<Event> events(CitizenId id) override {
    std::vector<Event> result;
    const auto* draft = find(id);
    if (draft == nullptr) return result;
    if (draft->stored != nullptr) result = draft->stored->events;
    result.insert(result.end(), draft->events.begin(), draft->events.end());
    return result;
  }

  std::vector<Deadline> deadlines(std::span<const CitizenId> ids) override {
    std::vector<Deadline> result;
    for (const auto id : ids) {
      const auto* draft = find(id);
      if (draft == nullptr) continue;
      each(draft->stored == nullptr ? nullptr : &draft->stored->deadlines, draft->deadlines,
           [&](const Deadline& deadline) { result.push_back(deadline); });
    }
    return result;
  }

  std::vector<Reminder> reminders(std::span<const CitizenId> ids, CivilDate since) override {
    std::vector<Reminder> result;
    for (const auto id : ids) {
      const auto* draft = find(id);
      if (draft == nullptr) continue;
      each(draft->stored == nullptr ? nullptr : &draft->stored->reminders, draft->reminders,
           [&](const memory::StoredReminder& stored) {
             const auto& reminder = stored.reminder;
             const bool may_open_again =
                 reminder.deadline && reminder.due_on && *reminder.due_on >= since;
             if (!is_settled(reminder.state) || may_open_again) result.push_back(reminder);
           });
    }
    return result;
  }

  std::optional<IdempotentAnswer> idempotent_answer(std::string_view key_hash_hex) override {
    const auto own = answers_.find(std::string(key_hash_hex));
    if (own != answers_.end()) return own->second.answer;
    const std::lock_guard lock(state_.mutex);
    const auto known = rows().answers.find({tenant_, std::string(key_hash_hex)});
    if (known == rows().answers.end()) return std::nullopt;
    return known->second.answer;
  }

  void create_citizen(const Citizen& citizen) override {
    ensure(citizen.id.shard() == shard_ && citizen.tenant == tenant_,
           "a citizen is created in its own shard and tenant");
    const std::lock_guard lock(state_.mutex);
    if (state_.references.contains({tenant_, citizen.reference}) ||
        rows().files.contains({tenant_, citizen.id}) || drafts_.contains(citizen.id))
      throw std::logic_error("the citizen or its reference exists already");
    references_.emplace_back(citizen.reference, citizen.id);
    drafts_[citizen.id].citizen = citizen;
  }

  void save_citizen(const Citizen& citizen) override {
    auto& stored = must_find(citizen.id).citizen;
    stored.profile = citizen.profile;
    stored.version = std::max(stored.version, citizen.version);
    save_evaluations({&citizen, 1});
  }

  void save_evaluations(std::span<const Citizen> citizens) override {
    for (const auto& citizen : citizens) {
      auto& stored = must_find(citizen.id).citizen;
      stored.reevaluate_at = citizen.reevaluate_at;
      stored.rulebook = citizen.rulebook;
      stored.evaluation = citizen.evaluation;
    }
  }

  void append(std::span<Event> events) override {
    for (auto& event : events) {
      auto& draft = must_find(event.citizen);
      event.position = ++head_;
      event.version = ++draft.citizen.version;
      draft.events.push_back(event);
      positions_.push_back(event.position);
    }
  }

  void upsert(std::span<const Deadline> deadlines) override {
    for (const auto& deadline : deadlines)
      must_find(deadline.citizen).deadlines.insert_or_assign(deadline.id, deadline);
  }

  void upsert(std::span<const Reminder> reminders) override {
    for (const auto& reminder : reminders) upsert_one(reminder);
  }

  std::vector<std::optional<CitizenId>> find_citizens(
      std::span<const std::string> references) override {
    std::vector<std::optional<CitizenId>> result;
    for (const auto& reference : references) result.push_back(find_citizen(reference));
    return result;
  }

  std::vector<Reminder> reminders(std::span<const ReminderId> ids) override {
    std::vector<Reminder> result;
    for (const auto id : ids) {
      if (const auto* stored = find(id)) result.push_back(stored->reminder);
    }
    return result;
  }

  std::vector<std::size_t> waiting(std::span<const CitizenId> ids) override {
    std::vector<std::size_t> result;
    for (const auto id : ids) {
      std::size_t count = 0;
      if (const auto* draft = find(id)) {
        each(draft->stored == nullptr ? nullptr : &draft->stored->reminders, draft->reminders,
             [&](const memory::StoredReminder& stored) {
               count += is_pending(stored.reminder.state) ? 1 : 0;
             });
      }
      result.push_back(count);
    }
    return result;
  }

  void schedule(std::span<const Reminder> reminders) override {
    for (const auto& reminder : reminders) {
      ensure(is_scheduled(reminder), "only what a person scheduled is stored this way");
      if (find(reminder.id) != nullptr) throw std::logic_error("the reminder is stored already");
      must_find(reminder.citizen).reminders[reminder.id] = {as_inserted(reminder), false};
    }
  }

  void add_task(const Task& task) override { tasks_.emplace(task.id, task); }

  void remember(std::string_view key_hash_hex, const IdempotentAnswer& answer,
                Instant now) override {
    answers_[std::string(key_hash_hex)] = {answer, now};
  }

  void commit() override {
    ensure(!ended_, "a transaction is committed once");
    state_.play_fault("commit");
    {
      const std::lock_guard lock(state_.mutex);
      write();
    }
    end();
  }

 private:
  ShardRows& rows() { return state_.rows(shard_); }

  /// The rows that stand, those of them that changed as they are now, and the new ones; by key.
  template <typename Rows, typename Visit>
  static void each(const Rows* stored, const Rows& changed, Visit visit) {
    auto own = changed.begin();
    if (stored != nullptr) {
      for (const auto& [id, row] : *stored) {
        for (; own != changed.end() && own->first < id; ++own) visit(own->second);
        const bool replaced = own != changed.end() && own->first == id;
        visit(replaced ? (own++)->second : row);
      }
    }
    for (; own != changed.end(); ++own) visit(own->second);
  }

  Draft* find(CitizenId id) {
    const auto own = drafts_.find(id);
    if (own != drafts_.end()) return &own->second;
    const std::lock_guard lock(state_.mutex);
    const auto known = rows().files.find({tenant_, id});
    if (known == rows().files.end()) return nullptr;
    auto& draft = drafts_[id];
    draft.stored = &known->second;
    draft.citizen = known->second.citizen;
    return &draft;
  }

  Draft& must_find(CitizenId id) {
    auto* draft = find(id);
    if (draft == nullptr) throw std::logic_error("the citizen does not exist");
    return *draft;
  }

  std::optional<CitizenId> find_citizen(const std::string& reference) {
    for (const auto& [own, id] : references_) {
      if (own == reference) return id;
    }
    const std::lock_guard lock(state_.mutex);
    const auto found = state_.references.find({tenant_, reference});
    if (found == state_.references.end() || found->second.shard() != shard_) return std::nullopt;
    return found->second;
  }

  /// The reminder as this transaction has it, or nullptr.
  const memory::StoredReminder* find(ReminderId id) {
    for (const auto& [citizen, draft] : drafts_) {
      if (const auto own = draft.reminders.find(id); own != draft.reminders.end())
        return &own->second;
    }
    std::optional<CitizenId> owner;
    {
      const std::lock_guard lock(state_.mutex);
      if (const auto* file = rows().file_of(tenant_, id)) owner = file->citizen.id;
    }
    return owner ? known_of(must_find(*owner), id) : nullptr;
  }

  static const memory::StoredReminder* known_of(const Draft& draft, ReminderId id) {
    const auto own = draft.reminders.find(id);
    if (own != draft.reminders.end()) return &own->second;
    if (draft.stored == nullptr) return nullptr;
    const auto stored = draft.stored->reminders.find(id);
    return stored == draft.stored->reminders.end() ? nullptr : &stored->second;
  }

  void upsert_one(const Reminder& reminder) {
    auto& draft = must_find(reminder.citizen);
    const auto* known = known_of(draft, reminder.id);
    if (known == nullptr) {
      draft.reminders[reminder.id] = {as_inserted(reminder), false};
      return;
    }
    auto next = merged(known->reminder, known->doubtful, reminder);
    if (next) draft.reminders.insert_or_assign(reminder.id, memory::StoredReminder{std::move(*next), false});
  }

  void write(Draft& draft, CitizenId id) {
    auto& shard = rows();
    auto& file = shard.files[{tenant_, id}];
    shard.change(file, draft.citizen);
    file.events.insert(file.events.end(), draft.events.begin(), draft.events.end());
    for (auto& [key, deadline] : draft.deadlines)
      file.deadlines.insert_or_assign(key, std::move(deadline));
    for (const auto& [key, changed] : draft.reminders) {
      auto& stored = shard.reminder_of(file, key);
      shard.change(file, stored, changed.reminder);
      stored.doubtful = changed.doubtful;
      for (auto& [series, delivery] : file.deliveries) {
        if (delivery.reminder == key) delivery.due_at = changed.reminder.due_at;
      }
    }
  }

  void write() {
    auto& shard = rows();
    for (auto& [id, draft] : drafts_) write(draft, id);
    for (auto& [reference, id] : references_) state_.references[{tenant_, reference}] = id;
    for (auto& [id, task] : tasks_) state_.tasks.emplace(std::pair{tenant_, id}, task);
    for (auto& [key, answer] : answers_) shard.answers[{tenant_, key}] = answer;
    shard.positions.insert(shard.positions.end(), positions_.begin(), positions_.end());
    shard.head = head_;
  }

  void end() {
    ended_ = true;
    const std::lock_guard lock(state_.mutex);
    state_.give_turn(shard_);
  }

  MemoryStore::State& state_;
  Shard shard_;
  TenantId tenant_;
  std::uint64_t head_;
  bool ended_ = false;
  std::map<CitizenId, Draft> drafts_;
  std::vector<std::pair<std::string, CitizenId>> references_;
  std::map<TaskId, Task> tasks_;
  std::map<std::string, memory::StoredAnswer> answers_;
  std::vector<std::uint64_t> positions_;
};

}  // namespace

std::unique_ptr<Transaction> MemoryStore::begin(Shard shard, TenantId tenant, Instant) {
  state_->play_fault("begin");
  std::unique_lock lock(state_->mutex);
  state_->take_turn(shard, lock);
  return std::make_unique<MemoryTransaction>(*state_, shard, tenant);
}

std::unique_ptr<Transaction> MemoryStore::begin_owned(const Lease& fence, TenantId tenant,
                                                      Instant) {
  state_->play_fault("begin_owned");
  std::unique_lock lock(state_->mutex);
  state_->take_turn(fence.shard, lock);
  if (!state_->stands(fence)) {
    state_->give_turn(fence.shard);
    return nullptr;
  }
  state_->rows(fence.shard).held = true;
  return std::make_unique<MemoryTransaction>(*state_, fence.shard, tenant);
}

}  // namespace rappel::store
