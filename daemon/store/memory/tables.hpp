// SPDX-License-Identifier: Apache-2.0
#pragma once

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

/// All rows of one citizen. A transaction works on a copy and puts it back when it commits.
struct CitizenFile {
  Citizen citizen;
  std::vector<Event> events;
  std::map<DeadlineId, Deadline> deadlines;
  std::map<ReminderId, StoredReminder> reminders;
  std::map<DeliveryId, Delivery> deliveries;
  std::map<MessageId, InboxMessage> inbox;
};

using FileKey = std::pair<TenantId, CitizenId>;
/// When, tenant, id, kind: what horizon() walks, in its order.
using DueEntry = std::tuple<Instant, IdBytes, TenantId, WorkKind, std::uint32_t>;
struct Owner {
  TenantId tenant;
  CitizenId citizen;
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

  /// Replaces a citizen's rows and what is derived from them.
  void put(const FileKey& key, CitizenFile file);
  void index(const FileKey& key, const CitizenFile& file);
  void unindex(const FileKey& key, const CitizenFile& file);
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
  std::map<SilenceId, Silence> silences;
  std::map<std::string, std::string> recorded;

  memory::ShardRows& rows(Shard shard) { return shards[shard.number]; }
  /// The rows of a tenant's citizen; empty ones when there is none.
  const memory::CitizenFile& file(TenantId tenant, CitizenId id);
  void play_fault(std::string_view where) const {
    if (options.fault) options.fault(where);
  }
  /// Tells what was taken of its citizens' recent messages and of the silences that hold.
  void add_restraints(Shard shard, std::vector<ClaimedReminder>& taken, Instant now);
  /// Waits for the shard's turn; `lock` holds `mutex`. Throws StoreUnavailable after the limit.
  void take_turn(Shard shard, std::unique_lock<std::mutex>& lock);
  void give_turn(Shard shard);
  /// Whether the fence still stands.
  bool stands(const Lease& fence) {
    return rows(fence.shard).lease_owner && rows(fence.shard).lease_epoch == fence.epoch;
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
