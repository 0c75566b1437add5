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

/// Works on copies of the citizens it touches; commit() puts them back.
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
      if (const auto* file = find(id)) result.push_back(file->citizen);
    }
    std::sort(result.begin(), result.end(),
              [](const Citizen& a, const Citizen& b) { return a.id < b.id; });
    return result;
  }

  std::vector<Event> events(CitizenId id) override {
    const auto* file = find(id);
    return file == nullptr ? std::vector<Event>{} : file->events;
  }

  std::vector<Deadline> deadlines(std::span<const CitizenId> ids) override {
    std::vector<Deadline> result;
    for (const auto id : ids) {
      if (const auto* file = find(id)) {
        for (const auto& [key, deadline] : file->deadlines) result.push_back(deadline);
      }
    }
    return result;
  }

  std::vector<Reminder> reminders(std::span<const CitizenId> ids, CivilDate since) override {
    std::vector<Reminder> result;
    for (const auto id : ids) {
      const auto* file = find(id);
      if (file == nullptr) continue;
      for (const auto& [key, stored] : file->reminders) {
        const auto& reminder = stored.reminder;
        const bool may_open_again =
            reminder.deadline && reminder.due_on && *reminder.due_on >= since;
        if (!is_settled(reminder.state) || may_open_again) result.push_back(reminder);
      }
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
        rows().files.contains({tenant_, citizen.id}) || files_.contains(citizen.id))
      throw std::logic_error("the citizen or its reference exists already");
    references_.emplace_back(citizen.reference, citizen.id);
    files_[citizen.id].citizen = citizen;
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
      auto& file = must_find(event.citizen);
      event.position = ++head_;
      event.version = ++file.citizen.version;
      file.events.push_back(event);
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
      const auto* file = find(id);
      const auto& own = file == nullptr ? CitizenFile{}.reminders : file->reminders;
      result.push_back(std::size_t(std::count_if(own.begin(), own.end(), [](const auto& each) {
        return is_pending(each.second.reminder.state);
      })));
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

  CitizenFile* find(CitizenId id) {
    const auto own = files_.find(id);
    if (own != files_.end()) return &own->second;
    const std::lock_guard lock(state_.mutex);
    const auto known = rows().files.find({tenant_, id});
    if (known == rows().files.end()) return nullptr;
    return &files_.emplace(id, known->second).first->second;
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
    for (const auto& [citizen, file] : files_) {
      if (const auto own = file.reminders.find(id); own != file.reminders.end()) return &own->second;
    }
    std::optional<CitizenId> owner;
    {
      const std::lock_guard lock(state_.mutex);
      if (const auto* file = rows().file_of(tenant_, id)) owner = file->citizen.id;
    }
    if (!owner) return nullptr;
    const auto& reminders = must_find(*owner).reminders;
    const auto known = reminders.find(id);
    return known == reminders.end() ? nullptr : &known->second;
  }

  CitizenFile& must_find(CitizenId id) {
    auto* file = find(id);
    if (file == nullptr) throw std::logic_error("the citizen does not exist");
    return *file;
  }

  void upsert_one(const Reminder& reminder) {
    auto& file = must_find(reminder.citizen);
    const auto known = file.reminders.find(reminder.id);
    if (known == file.reminders.end()) {
      file.reminders[reminder.id] = {as_inserted(reminder), false};
      return;
    }
    auto next = merged(known->second.reminder, known->second.doubtful, reminder);
    if (!next) return;
    for (auto& [id, delivery] : file.deliveries) {
      if (delivery.reminder == reminder.id) delivery.due_at = next->due_at;
    }
    known->second = {std::move(*next), false};
  }

  void write() {
    auto& shard = rows();
    for (auto& [id, file] : files_) shard.put({tenant_, id}, std::move(file));
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
  std::map<CitizenId, CitizenFile> files_;
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

}  // namespace rappel::store
