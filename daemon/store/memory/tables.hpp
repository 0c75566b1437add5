// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <tuple>
#include <unordered_map>

#include "store/memory/memory_store.hpp"

// Private to store/memory: the rows, and who may change them. Two kinds of wait: `mutex` guards the
// rows for the length of one call; a shard's turn is held from the first call of a writing
// transaction to its end, as the row of shard_head is in PostgreSQL.

namespace rappel::store::memory {

struct StoredReminder {
  Reminder reminder;
  bool doubtful = false;  ///< claimed while its outcome was unknown
};

/// All rows of one citizen. Changed only by whoever holds the shard's turn.
struct CitizenFile {
  Citizen citizen;
  std::vector<Event> events;
  std::map<DeadlineId, Deadline> deadlines;
  std::map<ReminderId, StoredReminder> reminders;
  std::map<DeliveryId, Delivery> deliveries;
  std::map<MessageId, InboxMessage> inbox;
};

using FileKey = std::pair<TenantId, CitizenId>;
/// When, id, tenant, kind, attempt, lane: what horizon() walks, in its order.
using DueEntry = std::tuple<Instant, IdBytes, TenantId, WorkKind, std::uint32_t, Lane>;
struct Owner {
  TenantId tenant;
  CitizenId citizen;
};

struct StoredNode {
  LifeId life;
  ShardSet serves;
  Instant until{};
};

struct StoredAnswer {
  IdempotentAnswer answer;
  Instant at{};
};

/// One shard: the unit of turns, positions and leases.
struct ShardRows {
  bool turn_taken = false;
  std::condition_variable turn_free;

  std::map<FileKey, CitizenFile> files;
  std::unordered_map<ReminderId, Owner> reminder_owner;
  std::set<DueEntry> due;
  std::uint64_t head = 0;               ///< the last position given
  std::vector<std::uint64_t> positions;  ///< of every stored event, in order of commit
  std::map<std::pair<TenantId, std::string>, StoredAnswer> answers;

  std::uint64_t lease_epoch = 0;
  std::optional<NodeId> lease_owner;
  Instant lease_until = Instant::min();
  bool held = false;  ///< an owner's transaction is open: nobody takes the shard over

  /// Replaces the row of a citizen, in its index too.
  void change(CitizenFile& file, const Citizen& next);
  /// The row of a reminder of this file, a new one if need be.
  StoredReminder& reminder_of(CitizenFile& file, ReminderId id);
  /// The file that holds a tenant's reminder, or nullptr.
  CitizenFile* file_of(TenantId tenant, ReminderId id);
  /// The same for any tenant: ids are unique in the shard.
  CitizenFile* file_of(ReminderId id);
  /// Replaces one reminder of a stored file, in its indexes too.
  void change(CitizenFile& file, StoredReminder& stored, const Reminder& next);
  /// The citizen is due for re-evaluation, at the latest now.
  void reevaluate_soon(CitizenFile& file, Instant now);
  /// Gives the event its position and version and stores it with its citizen.
  void append(CitizenFile& file, Event& event);
};

}  // namespace rappel::store::memory

namespace rappel::store {

struct MemoryStore::State {
  State(const Clock& c, Options o) : clock(c), options(std::move(o)), index(options.index_key) {}

  const Clock& clock;
  Options options;
  seal::BlindIndex index;

  std::mutex mutex;
  std::array<memory::ShardRows, shard_count> shards;
  std::map<TenantId, Tenant> tenants;
  std::map<std::string, ApiKey, std::less<>> keys;
  std::map<std::pair<TenantId, std::string>, CitizenId> references;
  std::map<std::pair<TenantId, TaskId>, Task> tasks;
  std::map<std::string, std::string> recorded;
  std::map<NodeId, memory::StoredNode> nodes;
  std::atomic<std::uint64_t> stale_writes{0};

  memory::ShardRows& rows(Shard shard) { return shards[shard.number]; }
  /// The rows of a tenant's citizen; empty ones when there is none.
  const memory::CitizenFile& file(TenantId tenant, CitizenId id);
  void play_fault(std::string_view where) const {
    if (options.fault) options.fault(where);
  }
  /// Waits for the shard's turn; `lock` holds `mutex`. Throws StoreUnavailable after the limit.
  void take_turn(Shard shard, std::unique_lock<std::mutex>& lock);
  void give_turn(Shard shard);
  /// Waits until no owner's transaction is open on the shard; false when the limit has passed.
  bool wait_unheld(Shard shard, std::unique_lock<std::mutex>& lock);
  [[nodiscard]] std::vector<LiveNode> live_nodes() const;
  /// Whether the fence still stands; counts those that do not.
  bool stands(const Lease& fence) {
    const auto& shard = rows(fence.shard);
    if (shard.lease_owner && shard.lease_epoch == fence.epoch) return true;
    ++stale_writes;
    return false;
  }
};

/// Holds a shard's turn and the mutex for one fenced write.
class FencedTurn {
 public:
  FencedTurn(MemoryStore::State& state, const Lease& fence);
  ~FencedTurn();
  [[nodiscard]] bool stands() const { return stands_; }

 private:
  MemoryStore::State& state_;
  Shard shard_;
  std::unique_lock<std::mutex> lock_;
  bool stands_ = false;
};

}  // namespace rappel::store
