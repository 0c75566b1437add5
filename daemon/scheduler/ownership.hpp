// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <vector>

#include "base/loop.hpp"
#include "scheduler/options.hpp"
#include "scheduler/shard_table.hpp"

// Which shards are this node's. In rounds a node says that it lives, renews its leases, and takes the
// shards for which it ranks first among the live nodes (rendezvous.hpp). What it holds beyond those it
// hands over: nothing more of it is handed out, what is in dispatch's hands comes to its end, then the
// lease goes back. The next round begins after a third of the TTL, or as soon as another node's time ends,
// so that the shards of a dead node are asked for when they can be had.
//
// Thread rule: the loop thread; the store is asked in jobs, one round at a time.
// Invariants: a lease is trusted until its attempt's start + TTL − margin (steady time); one that was
// given back or renounced is never trusted again under its epoch.

namespace rappel::scheduler {

class Ownership {
 public:
  struct Hooks {
    std::function<void(Shard)> hand_out;  ///< the shard's work is ours to hand out: load it
    /// These were lost or are being handed over: what waits is forgotten.
    std::function<void(const store::ShardSet&)> silence;
    /// These are being handed over and something of them is in hand: nothing of it should wait for room.
    std::function<void(const store::ShardSet&)> leaving;
    std::function<std::size_t(Shard)> busy;          ///< works in dispatch's hands
    std::function<void()> renewed;                   ///< leases may be trusted again
    std::function<void(const std::string&)> failed;  ///< the database did not answer
  };

  /// `options` is checked and outlives this.
  Ownership(Loop& loop, Leasing leasing, const Options& options, Hooks hooks);

  void start();
  /// Wants nothing any more: other nodes hear of it, each shard goes back when nothing of it is in hand.
  void halt();
  /// Renews nothing and trusts nothing any more. Returns the leases held, to be given back.
  std::vector<store::Lease> retire();
  /// Any thread, after retire(): gives back what that returned and says that this node lives no more.
  /// Throws StoreUnavailable.
  void depart(std::span<const store::Lease> leases);

  [[nodiscard]] std::optional<store::Lease> lease(Shard shard) const;
  [[nodiscard]] OwnedShard* find(Shard shard) { return shards_.find(shard); }
  [[nodiscard]] const OwnedShard* find(Shard shard) const { return shards_.find(shard); }
  /// The same, when its work is ours to hand out.
  [[nodiscard]] OwnedShard* open(Shard shard);
  [[nodiscard]] std::vector<store::Lease> leases() const { return shards_.leases(); }
  void renounce(Shard shard);
  /// Work of the shard came back from dispatch.
  void finished(Shard shard);
  /// Adds what is known of leases and nodes.
  void tell(Status& status) const;

 private:
  /// What one round brought.
  struct Round {
    store::Roll roll;
    store::ShardSet wanted;
    std::vector<store::Lease> leases;
    std::optional<std::chrono::milliseconds> soonest_end;  ///< of what we want and others hold
    bool missing = false;                                  ///< something that we want is not ours yet
  };

  void ask();
  [[nodiscard]] Round play(const std::vector<store::Lease>& held, bool joins, bool halted);
  void on_round(const Round& round, std::chrono::microseconds asked_at);
  void on_replaced();
  void take_in(const Round& round, std::chrono::microseconds trusted_until);
  void see_nodes(const store::Roll& roll);
  void choose(const store::ShardSet& wanted);
  void gain(const store::Lease& lease, std::chrono::microseconds trusted_until);
  void lose(const std::vector<store::Lease>& leases);
  void forget(const store::Lease& lease);
  [[nodiscard]] std::chrono::microseconds wait_after(const Round& round,
                                                     std::chrono::microseconds asked_at);
  void arm(std::chrono::microseconds wait);
  void look();
  void drain();
  void give_back(std::vector<store::Lease> leases);

  Loop& loop_;
  Leasing leasing_;
  const Options& options_;
  Hooks hooks_;
  store::LifeId life_ = store::LifeId::random();
  store::ShardSet serves_;
  ShardTable shards_;
  /// The last epoch that we gave up, of each shard: an answer that was under way may still speak of it.
  std::array<std::uint64_t, shard_count> given_up_{};
  store::ShardSet wanted_;
  std::vector<store::LiveNode> nodes_;
  std::uint64_t turn_ = 0;  ///< of the round's timer that counts
  std::chrono::milliseconds contested_wait_;
  bool joined_ = false;
  bool halted_ = false;   ///< wants nothing
  bool retired_ = false;  ///< renews nothing
  bool asking_ = false;   ///< a round is under way
  bool again_ = false;    ///< and another was asked for meanwhile
  bool looking_ = false;
  bool draining_ = false;          ///< a look at what is being handed over was posted
  std::uint64_t drain_round_ = 0;  ///< of the next such look's timer
  std::uint64_t losses_ = 0;
  std::uint64_t hand_overs_ = 0;
  std::uint64_t take_overs_ = 0;
  bool replaced_ = false;
};

}  // namespace rappel::scheduler
