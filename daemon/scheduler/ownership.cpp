// SPDX-License-Identifier: Apache-2.0
#include "scheduler/ownership.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "scheduler/rendezvous.hpp"

namespace rappel::scheduler {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using store::ShardSet;

namespace {

/// What ends is asked for this much later, so that it has ended.
constexpr milliseconds end_slack{20};

bool same_nodes(const std::vector<store::LiveNode>& left, const std::vector<store::LiveNode>& right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](const auto& a, const auto& b) { return a.id == b.id && a.serves == b.serves; });
}

}  // namespace

Ownership::Ownership(Loop& loop, Leasing leasing, const Options& options, Hooks hooks)
    : loop_(loop),
      leasing_(leasing),
      options_(options),
      hooks_(std::move(hooks)),
      contested_wait_(options.contested_first) {
  for (const Shard shard : options_.shards) serves_.set(shard.number);
  if (options_.shards.empty()) serves_.set();
}

void Ownership::start() {
  ask();
  loop_.after(options_.look_every, [this] { look(); });
}

// --- rounds -----------------------------------------------------------------------------------------

void Ownership::ask() {
  again_ = asking_;
  if (asking_ || retired_ || replaced_) return;
  const auto asked_at = loop_.steady();
  asking_ = run_job(
      leasing_.jobs, loop_,
      [this, held = shards_.leases(), joins = !joined_, halted = halted_] {
        return play(held, joins, halted);
      },
      [this, asked_at](JobResult<Round>& result) {
        asking_ = false;
        if (result.ok()) {
          on_round(result.value(), asked_at);
        } else {
          hooks_.failed(result.error());
        }
        if (again_) return ask();
        arm(result.ok() ? wait_after(result.value(), asked_at)
                        : std::min<microseconds>(options_.lease_ttl / 3, options_.look_every));
      });
  if (!asking_) arm(options_.lease_ttl / 3);
}

/// In a job: what is wanted depends on who lives, and that is known only now.
Ownership::Round Ownership::play(const std::vector<store::Lease>& held, bool joins, bool halted) {
  Round round;
  auto& store = leasing_.store;
  std::vector<Shard> wanted;
  if (!halted) {
    round.roll = store.beat({options_.node, life_, serves_, joins}, options_.lease_ttl);
    if (round.roll.replaced) return round;
    round.wanted = share_of(options_.node, round.roll.nodes);
    for (std::size_t each = 0; each < round.wanted.size(); ++each) {
      if (round.wanted.test(each)) wanted.push_back(Shard{std::uint8_t(each)});
    }
  }
  round.leases = store.acquire(options_.node, held, wanted, options_.lease_ttl);
  ShardSet missing = round.wanted;
  for (const auto& lease : round.leases) missing.reset(lease.shard.number);
  round.missing = missing.any();
  if (round.missing) round.soonest_end = store.soonest_end(options_.node, missing);
  return round;
}

void Ownership::on_round(const Round& round, microseconds asked_at) {
  if (retired_) return;
  if (round.roll.replaced) return on_replaced();
  take_in(round, asked_at + options_.lease_ttl - options_.lease_margin);
  if (!halted_) {
    joined_ = true;
    see_nodes(round.roll);
    choose(round.wanted);
  } else {
    choose({});
  }
  hooks_.renewed();
}

void Ownership::take_in(const Round& round, microseconds trusted_until) {
  ShardSet ours;
  std::size_t taken_over = 0;
  for (const auto& lease : round.leases) {
    if (lease.epoch <= given_up_.at(lease.shard.number)) continue;
    ours.set(lease.shard.number);
    if (lease.taken_over) ++taken_over;
    gain(lease, trusted_until);
  }
  std::vector<store::Lease> lost;
  for (const auto& lease : shards_.leases()) {
    if (!ours.test(lease.shard.number)) lost.push_back(lease);
  }
  lose(lost);
  take_overs_ += taken_over;
  if (taken_over > 0)
    log::warning("RPL-0311", "{} shard(s) were taken over from a node that says nothing any more",
                 taken_over);
}

void Ownership::gain(const store::Lease& lease, microseconds trusted_until) {
  auto* known = shards_.find(lease.shard);
  if (known != nullptr && known->lease.epoch == lease.epoch) {
    known->lease = lease;
    known->trusted_until = trusted_until;
    if (!known->recovered && !known->leaving_since) hooks_.hand_out(lease.shard);
    return;
  }
  if (known != nullptr) lose({known->lease});
  contested_wait_ = options_.contested_first;
  OwnedShard owned;
  owned.lease = lease;
  owned.trusted_until = trusted_until;
  owned.page_rows = options_.horizon_page_rows;
  shards_.put(owned);
  hooks_.hand_out(lease.shard);
}

void Ownership::lose(const std::vector<store::Lease>& leases) {
  if (leases.empty()) return;
  losses_ += leases.size();
  ShardSet lost;
  for (const auto& lease : leases) {
    lost.set(lease.shard.number);
    forget(lease);
  }
  hooks_.silence(lost);
}

void Ownership::forget(const store::Lease& lease) {
  given_up_.at(lease.shard.number) = lease.epoch;
  shards_.erase(lease.shard);
}

/// Another process has our name and our shards: two would only take them from each other.
void Ownership::on_replaced() {
  replaced_ = true;
  log::error("RPL-0314",
             "another rappeld runs under this node's id, {}: this one serves no shard any more. Give "
             "each its own state_directory, and restart this one",
             options_.node.to_string());
  lose(shards_.leases());
}

void Ownership::see_nodes(const store::Roll& roll) {
  if (!same_nodes(nodes_, roll.nodes)) {
    contested_wait_ = options_.contested_first;
    log::notice("RPL-0310", "{} node(s) share the shards", roll.nodes.size());
  }
  nodes_ = roll.nodes;
}

microseconds Ownership::wait_after(const Round& round, microseconds asked_at) {
  microseconds wait = asked_at + options_.lease_ttl / 3 - loop_.steady();
  if (halted_) return wait;
  // Whoever is silent until then is dead, and its shards can be had.
  for (const auto& node : round.roll.nodes) {
    if (node.id != options_.node) wait = std::min<microseconds>(wait, node.ends_in + end_slack);
  }
  if (round.soonest_end) wait = std::min<microseconds>(wait, *round.soonest_end + end_slack);
  if (round.missing) {
    wait = std::min<microseconds>(wait, contested_wait_);
    contested_wait_ = std::min(contested_wait_ * 2, options_.look_every);
  }
  return wait;
}

void Ownership::arm(microseconds wait) {
  loop_.after(wait, [this, turn = ++turn_] {
    if (turn == turn_) ask();
  });
}

/// Between rounds: only who lives is asked for.
void Ownership::look() {
  if (halted_ || replaced_) return;
  loop_.after(options_.look_every, [this] { look(); });
  if (asking_ || looking_ || !joined_) return;
  looking_ = run_job(
      leasing_.jobs, loop_, [this] { return leasing_.store.live_nodes(); },
      [this](JobResult<std::vector<store::LiveNode>>& result) {
        looking_ = false;
        if (!result.ok()) return hooks_.failed(result.error());
        if (!same_nodes(nodes_, result.value())) ask();
      });
}

// --- handing over -------------------------------------------------------------------------------------

void Ownership::choose(const ShardSet& wanted) {
  wanted_ = wanted;
  ShardSet leaving;
  for (const auto& lease : shards_.leases()) {
    auto* owned = shards_.find(lease.shard);
    const bool leaves = !wanted.test(lease.shard.number);
    if (leaves == owned->leaving_since.has_value()) continue;
    // Whatever is being loaded belongs to what was before.
    ++owned->load_round;
    owned->loading = false;
    owned->loaded_until = Instant::min();
    if (leaves) {
      owned->leaving_since = loop_.steady();
      leaving.set(lease.shard.number);
    } else {
      owned->leaving_since.reset();
      hooks_.hand_out(lease.shard);
    }
  }
  if (leaving.none()) return;
  log::notice("RPL-0312", "{} shard(s) are handed over", leaving.count());
  hooks_.silence(leaving);
  drain();
}

void Ownership::finished(Shard shard) {
  const auto* owned = shards_.find(shard);
  if (owned == nullptr || !owned->leaving_since || draining_) return;
  draining_ = true;  // one look for all that comes back in this moment
  loop_.post([this] { drain(); });
}

void Ownership::drain() {
  draining_ = false;
  if (retired_) return;
  std::vector<store::Lease> idle;
  ShardSet waiting;
  for (const auto& lease : shards_.leases()) {
    const auto* owned = shards_.find(lease.shard);
    if (!owned->leaving_since) continue;
    const std::size_t busy = hooks_.busy(lease.shard);
    const bool waited = loop_.steady() - *owned->leaving_since >= options_.hand_over_max;
    if (busy > 0 && !waited) {
      waiting.set(lease.shard.number);
      continue;
    }
    if (busy > 0)
      log::warning("RPL-0313", "shard {} is handed over with {} work(s) still in hand",
                   lease.shard.number, busy);
    forget(lease);
    idle.push_back(lease);
  }
  hand_overs_ += idle.size();
  give_back(std::move(idle));
  if (waiting.none()) return;
  // What was being taken when it all began may have come to wait for room meanwhile.
  hooks_.leaving(waiting);
  loop_.after(options_.look_every, [this, round = ++drain_round_] {
    if (round == drain_round_) drain();
  });
}

void Ownership::give_back(std::vector<store::Lease> leases) {
  if (leases.empty()) return;
  const auto told = [](const std::string& why) {
    log::warning("RPL-0315", "shards could not be given back, their leases end by themselves: {}", why);
  };
  const bool queued = run_job(
      leasing_.jobs, loop_,
      [this, leases = std::move(leases)] {
        leasing_.store.release(options_.node, leases);
        return true;
      },
      [told](JobResult<bool>& result) {
        if (!result.ok()) told(result.error());
      });
  if (!queued) told("too much is waiting for the database");
}

void Ownership::renounce(Shard shard) {
  const auto* owned = shards_.find(shard);
  if (owned == nullptr) return;
  const store::Lease lease = owned->lease;
  lose({lease});
  if (wanted_.test(shard.number)) return ask();
  give_back({lease});
}

void Ownership::halt() {
  if (halted_) return;
  halted_ = true;
  [[maybe_unused]] const bool queued = run_job(
      leasing_.jobs, loop_,
      [this] {
        leasing_.store.leave(options_.node, life_);
        return true;
      },
      [](JobResult<bool>&) {});  // said once more at the very end
  choose({});
}

std::vector<store::Lease> Ownership::retire() {
  halt();
  retired_ = true;
  auto held = shards_.leases();
  for (const auto& lease : held) forget(lease);
  return held;
}

void Ownership::depart(std::span<const store::Lease> leases) {
  leasing_.store.release(options_.node, leases);
  leasing_.store.leave(options_.node, life_);
}

// --- what is known ------------------------------------------------------------------------------------

std::optional<store::Lease> Ownership::lease(Shard shard) const {
  const auto* owned = shards_.find(shard);
  if (owned == nullptr || loop_.steady() >= owned->trusted_until) return std::nullopt;
  return owned->lease;
}

OwnedShard* Ownership::open(Shard shard) {
  auto* owned = shards_.find(shard);
  return owned != nullptr && !owned->leaving_since ? owned : nullptr;
}

void Ownership::tell(Status& status) const {
  for (const auto& lease : shards_.leases()) {
    const auto* owned = shards_.find(lease.shard);
    ++status.shards_owned;
    if (owned->leaving_since) {
      ++status.shards_leaving;
    } else if (!owned->recovered) {
      ++status.shards_loading;
    }
  }
  status.nodes_live = nodes_.size();
  status.lease_losses = losses_;
  status.hand_overs = hand_overs_;
  status.take_overs = take_overs_;
  status.replaced = replaced_;
}

}  // namespace rappel::scheduler
