// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/log_throttle.hpp"
#include "base/loop.hpp"
#include "dispatch/batch.hpp"
#include "dispatch/carrier.hpp"
#include "dispatch/outcomes.hpp"
#include "dispatch/stages.hpp"
#include "store/store.hpp"

// The send side. A batch of one shard is read, runs the stages, is marked in flight with its delivery
// rows, leaves through its notifier's sender, and is settled: two short transactions per batch, each
// fenced by (shard, epoch, attempt). What finds no room with its notifier waits as claimed, so that a
// crash leaves no doubt about it.
//
// Thread rule: the loop thread, but for what runs inside a job (claim, stages, flight, settle), which
// works on copies. Invariants: a message is handed to a sender only after its in_flight row is
// committed; every work taken comes back through Hooks::done exactly once.

namespace rappel::dispatch {

struct Options {
  std::vector<Route> routes;
  RetryPolicy retry;
  Manners manners;
  std::size_t works_max = 2'000;        ///< in our hands at once
  std::chrono::seconds lane_look_every{1};
  std::size_t boarding_min = 64;  ///< what waits in a lane leaves so many at once, or all of it
  std::chrono::seconds outcome_patience{20};  ///< how long an outcome waits for a lost shard's return
  std::chrono::seconds lane_wait_max{30};  ///< a rendered message older than this is made anew
  std::size_t settle_batch_max = 500;
  std::chrono::microseconds settle_delay{5'000};  ///< how long results are gathered into a batch
  std::chrono::milliseconds store_retry_delay{500};
  std::uint64_t jitter_seed = 0;  ///< 0: from the system's generator
};

/// The same trouble stands in the log once in this time.
inline constexpr std::chrono::seconds log_every{10};

struct Hooks {
  /// A piece of work is finished; `next` says when it wants attention again.
  std::function<void(Shard, const IdBytes&, std::optional<Instant>)> done;
  /// The shard's lease while it may be trusted.
  std::function<std::optional<store::Lease>(Shard)> lease;
  /// Whether the shard is still ours, even if its lease waits for a renewal.
  std::function<bool(Shard)> owns;
  /// The store's answer to a write of this shard is not known.
  std::function<void(Shard)> renounce;
  /// A citizen wants re-evaluation; runs as a job.
  std::function<void(TenantId, CitizenId, Instant)> reevaluate;
};

struct Status {
  std::size_t works = 0;      ///< in our hands
  std::size_t in_flight = 0;  ///< of these, with a sender
  std::size_t waiting = 0;    ///< of these, claimed and waiting for room
  std::map<std::string, std::uint64_t> results;     ///< by result class
  std::map<std::string, std::uint64_t> suppressed;  ///< by reason
  std::uint64_t stale = 0;                          ///< outcomes that came after the lease was lost
};

class Dispatcher {
 public:
  Dispatcher(store::Store& store, Loop& loop, Jobs& jobs, Carrier& carrier,
             std::shared_ptr<const message::Catalogue> messages, Options options, Hooks hooks);

  /// New messages for every batch from now on.
  void use(std::shared_ptr<const message::Catalogue> messages) { messages_ = std::move(messages); }
  /// The rules whose classes and public holidays count from now on; none by default.
  void use(std::shared_ptr<const rules::RuleBook> rules) { rules_ = std::move(rules); }
  /// Takes due work of one shard.
  void take(const store::Lease& fence, std::vector<store::Work> works);
  [[nodiscard]] std::size_t capacity() const;
  /// Nothing in hand: it is safe to stop.
  [[nodiscard]] bool idle() const { return works_ == 0; }
  /// A sender became ready: what waits for it may leave.
  void sender_ready(const std::string& notifier) { pump(notifier); }
  /// Before stopping: what has not left yet goes back to be due again.
  void give_back_waiting();
  [[nodiscard]] Status status() const { return status_with_counts(); }

 private:
  struct Waiting {
    Departure departure;
    Instant since;
  };
  using Lane = std::deque<Waiting>;

  [[nodiscard]] std::size_t promised(const std::string& notifier) const;
  [[nodiscard]] std::map<std::string, std::size_t> reserve_room(std::size_t count);
  void unreserve(const std::map<std::string, std::size_t>& room);
  void on_prepared(const store::Lease& fence, Prepared& prepared,
                   const std::vector<ReminderId>& ids);
  void depart(const store::Lease& fence, std::vector<Departure> departures);
  void pump(const std::string& notifier);
  void board(const std::string& notifier, Shard shard, std::vector<Departure> departures);
  void release(const Departure& departure);
  void drop(Shard shard, const IdBytes& id, std::optional<Instant> next);
  void on_results(std::vector<notify::SendResult> results);
  void settle(store::Settlement settlement);
  void flush();
  void settle_batch(Shard shard, std::vector<store::Settlement> batch,
                    std::chrono::microseconds give_up);
  void give_up_outcomes(Shard shard, const std::vector<store::Settlement>& batch);
  void written(const std::vector<store::Settlement>& batch, const std::vector<ReminderId>& changed);
  void refold(TenantId tenant, CitizenId citizen);
  void watch_lanes();
  void look_at_lanes();
  void finish(const store::Settlement& settlement);
  void reevaluate(const store::Work& work);
  [[nodiscard]] double jitter();
  [[nodiscard]] Status status_with_counts() const;

  store::Store& store_;
  store::Tenants tenants_;
  Loop& loop_;
  Jobs& jobs_;
  Carrier& carrier_;
  std::shared_ptr<const message::Catalogue> messages_;
  std::shared_ptr<const rules::RuleBook> rules_;
  std::shared_ptr<const Options> options_;
  Hooks hooks_;
  std::mt19937_64 random_;
  std::size_t works_ = 0;
  std::unordered_map<DeliveryId, Flying> flying_;
  std::map<std::string, Lane> lanes_;             ///< claimed, waiting for room; by notifier
  std::map<std::string, std::size_t> reserved_;   ///< room promised to jobs under way
  std::map<Shard, std::vector<store::Settlement>> outcomes_;  ///< waiting for the next flush
  bool lanes_watched_ = false;
  bool flush_armed_ = false;
  Status counters_;
  // While the database is away every batch fails: one line in a while says so.
  LogThrottle given_back_{log_every};
  LogThrottle not_left_{log_every};
  LogThrottle kept_{log_every};
};

}  // namespace rappel::dispatch
