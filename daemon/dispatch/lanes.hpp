// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/loop.hpp"
#include "dispatch/batch.hpp"
#include "dispatch/carrier.hpp"
#include "dispatch/notifier_lane.hpp"
#include "dispatch/waiting_room.hpp"

namespace rappel::dispatch {

/// What waits for one notifier at most; who comes later displaces somebody, who is put off.
inline constexpr std::size_t waiting_room_max = 500;
/// Longest and shortest time that a message is put off for want of room.
inline constexpr std::chrono::seconds put_off_max{300};
inline constexpr std::chrono::seconds put_off_min{2};
/// Where all providers of a channel are sick, the least sick of them rests no longer than this.
inline constexpr std::chrono::seconds last_provider_rest{15};
/// How often a waiting room is searched for messages that are too old to leave as they are.
inline constexpr std::chrono::seconds stale_look_every{1};
/// How old a node's share of the shards, and so its slice of every rate, may be.
inline constexpr std::chrono::milliseconds share_age_max{200};

/// The lanes of all notifiers: what each may be given, what waits for it, and whose turn it is among
/// those of one channel. Loop thread only; does not touch the store.
class Lanes {
 public:
  struct Waiting {
    Departure departure;
    Instant since;
  };
  /// What may leave a lane now, and what has waited there for too long.
  struct Boarding {
    std::vector<Departure> leaving;
    std::vector<Departure> stale;
  };
  struct Room {
    std::size_t now = 0;
    std::size_t most = 0;    ///< with nothing in hand
    bool any_flows = false;  ///< some notifier has a sender, and is neither paused nor sick
  };
  /// The node's share of all shards, 0 to 1.
  using Share = std::function<double()>;

  Lanes(Carrier& carrier, Loop& loop, const std::vector<Route>& routes,
        const std::vector<LaneOptions>& options, Share share);

  [[nodiscard]] Room room();
  /// Room for `count` messages of each notifier at most, promised to a job until unreserve().
  std::map<std::string, std::size_t> reserve(std::size_t count);
  void reserve(const std::string& notifier, std::size_t count) { at(notifier).reserved += count; }
  void unreserve(const std::map<std::string, std::size_t>& room);
  /// The routes as they are at this moment, for one batch.
  [[nodiscard]] std::vector<Route> routes();
  /// What a batch's choices have changed: Providers::turns().
  void credit(const std::map<std::string, double>& turns);

  /// A claimed message waits for room. Returns who was displaced, when the waiting room was full.
  [[nodiscard]] std::optional<Departure> wait(Departure departure);
  [[nodiscard]] Boarding board(const std::string& notifier, std::size_t boarding_min,
                               std::chrono::seconds wait_max);
  /// Everything that waits for this notifier.
  [[nodiscard]] std::vector<Departure> clear(const std::string& notifier);
  /// What waits for this notifier in these shards.
  [[nodiscard]] std::vector<Departure> take_out(const std::string& notifier,
                                                const store::ShardSet& shards);
  [[nodiscard]] std::size_t waiting() const;
  [[nodiscard]] std::vector<std::string> notifiers_waited_for() const;
  /// When to try again what is put off here: as the lane's pace allows, or once it is well again; at
  /// once where another provider of its channel takes messages.
  [[nodiscard]] Instant put_off_until(const std::string& notifier, double jitter);

  [[nodiscard]] bool flows(const std::string& notifier);
  [[nodiscard]] Instant flows_again(const std::string& notifier);
  void handed(const std::string& notifier, std::size_t count);
  /// An answer; says in the log what it changed. True when the lane does not flow any more.
  bool answered(const notify::SendResult& result, const Flying& flying);
  /// Whether this message shows that its provider answers nothing; not yet counted.
  [[nodiscard]] bool is_overdue(const Flying& flying);
  /// It is counted; the same as for an answer.
  bool overdue(const Flying& flying);

  /// To be called once in `every`.
  void look(std::chrono::microseconds every);
  /// When time alone may have made room.
  [[nodiscard]] std::chrono::microseconds room_in(std::size_t boarding_min);
  [[nodiscard]] std::vector<LaneStatus> status();

 private:
  struct Entry {
    Route route;
    NotifierLane lane;
    WaitingRoom<Waiting> waiting{};
    std::size_t reserved = 0;    ///< room promised to jobs under way
    std::size_t window_most = 0;  ///< the widest that its sender's window ever was
    std::uint64_t put_off = 0;
    bool told_sick = false;  ///< in the log
    Instant stale_looked_at{};
    Instant booked_until{};                  ///< those put off have been given turns up to here
    std::optional<Instant> stopped_since{};  ///< paused or sick since then, and no good answer yet
  };

  Entry& at(const std::string& notifier) { return entries_.at(notifier); }
  [[nodiscard]] std::size_t free_room(Entry& entry);
  [[nodiscard]] std::size_t room_most(Entry& entry);
  [[nodiscard]] std::size_t boarding_size(Entry& entry, std::size_t boarding_min);
  static void pass_over_full(std::vector<Route>& routes, const std::map<std::string, Entry>& entries);
  bool note(Entry& entry, const NotifierLane::Change& change, const std::string& detail);
  void say(Entry& entry, BreakerState state, const std::string& detail);
  void refresh_share();
  void spare_last_providers();
  [[nodiscard]] Instant wall(std::chrono::microseconds steady) const;

  Carrier& carrier_;
  Loop& loop_;
  Share share_;
  std::map<std::string, Entry> entries_;
  std::vector<std::string> order_;  ///< as configured
  bool any_limited_ = false;
  std::optional<std::chrono::microseconds> shared_at_;
};

}  // namespace rappel::dispatch
