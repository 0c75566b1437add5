// SPDX-License-Identifier: Apache-2.0
#include "simulation/faulty_store.hpp"

#include <optional>

namespace rappel::simulation {
namespace {

// Renewals and horizons are many, what moves reminders is rare: faults are to hit both.
constexpr double seldom = 0.05, often = 2.0;

/// Forwards to the real one; fails before or after the commit.
class FaultyTransaction final : public store::Transaction {
 public:
  FaultyTransaction(std::unique_ptr<store::Transaction> inner, Faults& faults, Witness& witness)
      : inner_(std::move(inner)), faults_(faults), witness_(witness) {}

  std::vector<store::Citizen> citizens(std::span<const CitizenId> ids) override {
    return inner_->citizens(ids);
  }
  std::vector<Event> events(CitizenId id) override { return inner_->events(id); }
  std::vector<Deadline> deadlines(std::span<const CitizenId> ids) override {
    return inner_->deadlines(ids);
  }
  std::vector<Reminder> reminders(std::span<const CitizenId> ids, CivilDate since) override {
    return inner_->reminders(ids, since);
  }
  std::optional<store::IdempotentAnswer> idempotent_answer(std::string_view hash) override {
    return inner_->idempotent_answer(hash);
  }
  void create_citizen(const store::Citizen& citizen) override { inner_->create_citizen(citizen); }
  void save_citizen(const store::Citizen& citizen) override { inner_->save_citizen(citizen); }
  void save_evaluations(std::span<const store::Citizen> citizens) override {
    inner_->save_evaluations(citizens);
  }
  void append(std::span<Event> events) override { inner_->append(events); }
  void upsert(std::span<const Deadline> deadlines) override { inner_->upsert(deadlines); }
  void upsert(std::span<const Reminder> reminders) override {
    for (const auto& reminder : reminders) written_.push_back(reminder.id);
    inner_->upsert(reminders);
  }
  std::vector<std::optional<CitizenId>> find_citizens(
      std::span<const std::string> references) override {
    return inner_->find_citizens(references);
  }
  std::vector<Reminder> reminders(std::span<const ReminderId> ids) override {
    return inner_->reminders(ids);
  }
  std::vector<std::size_t> waiting(std::span<const CitizenId> ids) override {
    return inner_->waiting(ids);
  }
  void schedule(std::span<const Reminder> reminders) override {
    for (const auto& reminder : reminders) written_.push_back(reminder.id);
    inner_->schedule(reminders);
  }
  void add_task(const Task& task) override { inner_->add_task(task); }
  void remember(std::string_view hash, const store::IdempotentAnswer& answer, Instant now) override {
    inner_->remember(hash, answer, now);
  }
  void commit() override {
    faults_.before("commit", often);
    inner_->commit();
    witness_.committed(written_);
    faults_.after("commit", often);
  }

 private:
  std::unique_ptr<store::Transaction> inner_;
  Faults& faults_;
  Witness& witness_;
  std::vector<ReminderId> written_;
};

}  // namespace

template <typename Write>
auto FaultyStore::faulty(const char* operation, double weight, Write write) {
  if (whole_) return write();
  faults_.before(operation, weight);
  auto result = write();
  faults_.after(operation, weight);
  return result;
}

/// Where the bug is planted, the store takes any epoch for the newest.
store::Lease FaultyStore::seen_by_the_store(const store::Lease& fence) const {
  auto seen = fence;
  if (planted("forget the fence")) seen.epoch = witness_.epoch(fence.shard);
  return seen;
}

std::unique_ptr<store::Transaction> FaultyStore::begin(Shard shard, TenantId tenant, Instant now) {
  faults_.before("begin", 1);
  return std::make_unique<FaultyTransaction>(MemoryStore::begin(shard, tenant, now), faults_, witness_);
}

std::unique_ptr<store::Transaction> FaultyStore::begin_owned(const store::Lease& fence, TenantId tenant,
                                                             Instant now) {
  faults_.before("begin owned", 1);
  auto owned = MemoryStore::begin_owned(seen_by_the_store(fence), tenant, now);
  if (owned == nullptr) return owned;
  return std::make_unique<FaultyTransaction>(std::move(owned), faults_, witness_);
}

std::vector<store::Lease> FaultyStore::acquire(NodeId node, std::span<const store::Lease> held,
                                               std::span<const Shard> wanted,
                                               std::chrono::milliseconds ttl) {
  return faulty("acquire", seldom, [&] {
    auto leases = MemoryStore::acquire(node, held, wanted, ttl);
    witness_.leased(leases);
    return leases;
  });
}

FaultyStore::Recovered FaultyStore::recover(const store::Lease& fence, Instant now) {
  return faulty("recover", often, [&] {
    if (planted("drop on restart")) return Recovered{};
    const auto recovered = MemoryStore::recover(seen_by_the_store(fence), now);
    witness_.recovered(fence);
    return recovered;
  });
}

std::vector<store::Work> FaultyStore::horizon(Shard shard, Instant after, Instant until,
                                              std::size_t limit) {
  return faulty("horizon", seldom,
                [&] { return MemoryStore::horizon(shard, after, until, limit); });
}

std::vector<store::ClaimedReminder> FaultyStore::claim(const store::Lease& fence,
                                                       std::span<const ReminderId> ids, Instant now) {
  return faulty("claim", 1, [&] {
    auto claimed = MemoryStore::claim(seen_by_the_store(fence), ids, now);
    witness_.claimed(fence, ids, claimed, now);
    return claimed;
  });
}

/// Some stores take a batch in one transaction, others in three: half of the time each.
std::vector<ReminderId> FaultyStore::take(const store::Lease& fence, std::span<const ReminderId> ids,
                                          Instant now, const Decide& decide) {
  if (faults_.chance().of(0.5)) return MemoryStore::take(fence, ids, now, decide);
  return faulty("take", often, [&] {
    whole_ = true;
    auto leaving = MemoryStore::take(fence, ids, now, decide);
    whole_ = false;
    return leaving;
  });
}

std::vector<ReminderId> FaultyStore::begin_flight(const store::Lease& fence,
                                                  std::span<const store::Flight> flights,
                                                  Instant now) {
  return faulty("begin flight", often, [&] {
    auto leaving = MemoryStore::begin_flight(seen_by_the_store(fence), flights, now);
    witness_.begun(fence, flights, leaving);
    return leaving;
  });
}

std::vector<ReminderId> FaultyStore::settle(const store::Lease& fence,
                                            std::span<const store::Settlement> settlements,
                                            Instant now) {
  return faulty("settle", often, [&] {
    auto changed = MemoryStore::settle(seen_by_the_store(fence), settlements, now);
    witness_.settled(fence, settlements, changed);
    return changed;
  });
}

}  // namespace rappel::simulation
