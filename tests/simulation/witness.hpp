// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "notify/message.hpp"
#include "simulation/settings.hpp"
#include "simulation/trace.hpp"
#include "store/store.hpp"

// Sees every write and every message that leaves, keeps books of its own, and says which promise of
// docs/ARCHITECTURE.md was broken. Knows the store only by what it reads there.

namespace rappel::simulation {

struct Violation {
  std::string invariant;  ///< one sentence
  std::string found;
  IdBytes about{};
};

/// What a run came to.
struct Tally {
  std::uint64_t planned = 0, handed = 0, queries = 0, repeated = 0, stale_writes = 0, tasks = 0;
  std::uint64_t fold_notes = 0;
  std::map<ReminderState, std::int64_t> states;
};

class Witness {
 public:
  Witness(const Timeline& timeline, Trace& trace, Pace pace)
      : timeline_(timeline), trace_(trace), pace_(pace) {}
  /// Reads there; before anything else is called.
  void watch(store::Store& store, TenantId tenant) {
    store_ = &store;
    tenant_ = tenant;
  }

  // --- what the store did ------------------------------------------------------------------------
  void leased(std::span<const store::Lease> leases);
  [[nodiscard]] bool stale(const store::Lease& fence) const;
  [[nodiscard]] std::uint64_t epoch(Shard shard) const { return owners_[shard.number].epoch; }
  void claimed(const store::Lease& fence, std::span<const ReminderId> ids,
               std::span<const store::ClaimedReminder> claimed, Instant now);
  void begun(const store::Lease& fence, std::span<const store::Flight> flights,
             std::span<const ReminderId> leaving);
  void settled(const store::Lease& fence, std::span<const store::Settlement> settlements,
               std::span<const ReminderId> changed);
  void recovered(const store::Lease& fence);
  /// A transaction of the planner was committed.
  void committed(std::span<const ReminderId> written);

  // --- what left, what came back and what was promised --------------------------------------------
  void handed(const std::string& notifier, const notify::OutgoingMessage& message);
  void asked(const notify::StatusQuery& query);
  /// A caseworker's message was acknowledged with these reminders.
  void promised(std::span<const ReminderId> reminders, std::size_t expected);
  void disturbed() { quiet_since_ = timeline_.now(); }

  // --- at any moment -----------------------------------------------------------------------------
  /// Counts, positions, and that nothing stays where nobody cares for it.
  void check_books();
  /// After a long calm: everything that was due has come to its end, and its end is recorded.
  void check_end();

  void fail(std::string invariant, std::string found, const IdBytes& about = {});
  [[nodiscard]] const std::optional<Violation>& violation() const { return violation_; }
  [[nodiscard]] const Tally& tally() const { return tally_; }
  /// The next reminder of a citizen that waits for its instant.
  [[nodiscard]] std::optional<std::pair<ReminderId, Instant>> next_of(CitizenId citizen) const;

 private:
  struct Owner {
    std::uint64_t epoch = 0, process = 0;
    Instant until{};
  };
  struct Seen {
    CitizenId citizen;
    ReminderState state = ReminderState::planned;
    std::uint32_t attempt = 0;
    Instant due_at{}, next_at{}, since{};
    bool statutory = false, legal = false;
    std::string reason;
  };
  /// What was true for a reminder when it was claimed.
  struct Claim {
    std::uint32_t attempt = 0;
    Instant at{}, by_wall{};
    std::uint64_t process = 0;
    std::chrono::microseconds paused_before{};
    std::set<std::string> ways;  ///< "email a@b.org" that the citizen allows
    std::string not_now;         ///< why it must not leave at this moment; empty: it may
  };
  struct Flying {
    ReminderId reminder;
    std::uint32_t attempt = 0;
    std::uint64_t epoch = 0, process = 0;
  };
  enum class Fate { open, later, closed, refused, done, doubt };
  struct Handing {
    std::uint64_t process = 0, epoch = 0;
    std::uint32_t attempt = 0;
    std::string key;
    std::string notifier;
    Fate fate = Fate::open;
  };

  void reread(ReminderId id, const char* by, bool may_change);
  void judge_claim(const store::ClaimedReminder& claimed, Instant now, Claim& claim);
  void judge_record(const Flying& flying, const notify::OutgoingMessage& message,
                    const Reminder& reminder);
  void judge_again(const std::string& notifier, const Flying& flying,
                   const notify::OutgoingMessage& message);
  void judge_once(const Reminder& reminder, const std::vector<Handing>& before);
  void judge_end_of(ReminderId id, const Seen& seen, const std::set<ReminderId>& with_task);
  [[nodiscard]] bool in_doubt(const Handing& handing) const;
  [[nodiscard]] std::set<ReminderId> reminders_with_task();

  const Timeline& timeline_;
  Trace& trace_;
  Pace pace_;
  store::Store* store_ = nullptr;
  TenantId tenant_;
  std::array<Owner, shard_count> owners_;
  std::unordered_map<ReminderId, Seen> seen_;
  std::set<ReminderId> open_;     ///< of these, those not settled
  std::unordered_map<CitizenId, std::set<ReminderId>> open_of_;
  std::set<ReminderId> in_hand_;  ///< claimed or in flight
  std::unordered_map<ReminderId, Claim> claims_;
  std::unordered_map<DeliveryId, Flying> flying_;
  std::unordered_map<ReminderId, std::vector<Handing>> handings_;
  std::map<std::string, std::set<ReminderId>> fired_;  ///< by what was to be said once
  Instant quiet_since_{};
  Tally tally_;
  std::optional<Violation> violation_;
};

}  // namespace rappel::simulation
