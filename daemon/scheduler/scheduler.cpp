// SPDX-License-Identifier: Apache-2.0
#include "scheduler/scheduler.hpp"

#include <algorithm>
#include <future>
#include <stdexcept>
#include <utility>

#include "base/ensure.hpp"
#include "base/log.hpp"

namespace rappel::scheduler {

using std::chrono::microseconds;
using std::chrono::milliseconds;

namespace {

/// Work is overdue for the sweep when it should have been handed over this long ago.
constexpr std::chrono::seconds sweep_grace{2};

}  // namespace

void Options::validate() const {
  if (lease_margin >= lease_ttl / 2)
    throw std::invalid_argument("scheduler.lease_margin must be less than half of lease_ttl");
  if (tick < microseconds{1'000} || tick > microseconds{1'000'000})
    throw std::invalid_argument("scheduler.tick must be between 1 ms and 1 s");
  if (look_every < milliseconds{10} || contested_first < milliseconds{10})
    throw std::invalid_argument("scheduler.look_every and contested_first must be at least 10 ms");
  if (hand_over_max < milliseconds{0})
    throw std::invalid_argument("scheduler.hand_over_max must not be negative");
  if (horizon < std::chrono::seconds{10})
    throw std::invalid_argument("scheduler.horizon must be at least 10 s");
  if (horizon_page_rows == 0 || wheel_entries_max < horizon_page_rows)
    throw std::invalid_argument("scheduler.wheel_entries_max must hold one page of the horizon");
}

Scheduler::Scheduler(store::Store& store, Loop& loop, Jobs& jobs, Leasing leasing, Options options,
                     Hooks hooks)
    : store_(store),
      loop_(loop),
      jobs_(jobs),
      options_((options.validate(), std::move(options))),
      hooks_(std::move(hooks)),
      ownership_(loop, leasing, options_, ownership_hooks()),
      wheel_(options_.tick, loop.now(), options_.wheel_entries_max),
      ready_(options_.batch_works_max) {}

void Scheduler::start() {
  loop_.post([this] {
    ownership_.start();
    refresh();
    sweep(0);
  });
}

void Scheduler::halt() {
  if (stopped_) return;
  stopped_ = true;
  ready_.clear();
  ownership_.halt();
}

std::vector<store::Lease> Scheduler::retire() {
  halt();
  return ownership_.retire();
}

void Scheduler::depart(std::span<const store::Lease> leases) { ownership_.depart(leases); }

void Scheduler::stop(milliseconds grace) {
  auto halted = std::make_shared<std::promise<std::vector<store::Lease>>>();
  auto leases = halted->get_future();
  loop_.post([this, halted] { halted->set_value(retire()); });
  if (leases.wait_for(grace) != std::future_status::ready) return;
  try {
    depart(leases.get());
  } catch (const store::StoreUnavailable& e) {
    log::warning("RPL-0301", "leases could not be given back, they end by themselves: {}", e.what());
  }
}

// --- leases -----------------------------------------------------------------------------------------

Ownership::Hooks Scheduler::ownership_hooks() {
  return {.hand_out = [this](Shard shard) { load(shard); },
          .silence = [this](const store::ShardSet& shards) { silence(shards); },
          .leaving =
              [this](const store::ShardSet& shards) {
                if (hooks_.leaving) hooks_.leaving(shards);
              },
          .busy = [this](Shard shard) { return wheel_.busy(shard); },
          .renewed = [this] { renewed(); },
          .failed = [this](const std::string& error) { note_error(error); }};
}

void Scheduler::silence(const store::ShardSet& shards) {
  wheel_.drop(shards);
  ready_.drop(shards);
}

void Scheduler::renewed() {
  counters_.last_error.clear();
  note_stale_writes();
  pump();
}

void Scheduler::note_stale_writes() {
  const auto count = store_.stale_writes();
  if (count == stale_told_) return;
  if (!stale_.pass(loop_.steady())) return;
  log::warning("RPL-0316", "{} write(s) changed nothing: their shard has another owner by now",
               count - stale_told_);
  stale_told_ = count;
}

// --- the near horizon -------------------------------------------------------------------------------

void Scheduler::refresh() {
  if (stopped_) return;
  loop_.after(options_.horizon / 4, [this] { refresh(); });
  for (const auto& lease : ownership_.leases()) load(lease.shard);
}

void Scheduler::load(Shard shard) {
  auto* owned = ownership_.open(shard);
  if (stopped_ || owned == nullptr || owned->loading) return;
  const Instant now = loop_.now();
  const Instant until = now + options_.horizon;
  if (owned->recovered && (owned->loaded_until >= until || wheel_.nearly_full())) return;
  owned->loading =
      run_job(
          jobs_, loop_,
          [this, lease = owned->lease, now, until, after = owned->loaded_until,
           limit = owned->page_rows, recover = !owned->recovered] {
            if (recover) store_.recover(lease, now);
            return store_.horizon(lease.shard, after, until, limit);
          },
          [this, shard, epoch = owned->lease.epoch, round = owned->load_round,
           until](JobResult<std::vector<store::Work>>& result) {
            if (!result.ok()) note_error(result.error());
            auto* still = as_loaded(shard, epoch, round);
            if (still == nullptr) return;
            still->loading = false;
            if (result.ok()) on_page(*still, until, result.value());
          });
}

OwnedShard* Scheduler::as_loaded(Shard shard, std::uint64_t epoch, std::uint64_t round) {
  auto* owned = ownership_.open(shard);
  const bool same = owned != nullptr && owned->lease.epoch == epoch && owned->load_round == round;
  return same && !stopped_ ? owned : nullptr;
}

void Scheduler::on_page(OwnedShard& owned, Instant until, const std::vector<store::Work>& page) {
  owned.recovered = true;
  const bool full = page.size() >= owned.page_rows;
  Instant covered = until;
  if (full) {
    // The last instant of a full page may have more rows than the page could hold.
    covered = page.back().at - microseconds{1};
    if (covered <= owned.loaded_until || page.front().at == page.back().at) owned.page_rows *= 2;
  }
  owned.loaded_until = std::max(owned.loaded_until, covered);
  for (const auto& work : page) add(work);
  arm();
  if (full) load(owned.lease.shard);
}

void Scheduler::sweep(std::uint8_t next_shard) {
  if (stopped_) return;
  loop_.after(options_.sweep_interval / shard_count,
              [this, next_shard] { sweep(std::uint8_t(next_shard + 1)); });
  const Shard shard{next_shard};
  const auto* owned = ownership_.open(shard);
  if (owned == nullptr || !owned->recovered) return;
  [[maybe_unused]] const bool queued = run_job(
      jobs_, loop_,
      [this, shard, until = loop_.now() - sweep_grace] {
        return store_.horizon(shard, Instant::min(), until, options_.horizon_page_rows);
      },
      [this, shard](JobResult<std::vector<store::Work>>& result) {
        if (!result.ok()) return note_error(result.error());
        if (ownership_.open(shard) == nullptr || stopped_) return;
        for (const auto& work : result.value()) {
          if (wheel_.is_busy(work.id)) continue;
          // Known at another time: the row is right, and it is due.
          if (!wheel_.find(work.id)) ++counters_.swept;
          add(work);
        }
        arm();
      });
}

void Scheduler::wake(std::span<const store::Work> works) {
  if (stopped_) return;
  for (const auto& work : works) {
    const auto* owned = ownership_.open(Shard{work.id[0]});
    // Later than what is loaded: the horizon will come to it.
    if (owned == nullptr || !owned->recovered || work.at > owned->loaded_until) continue;
    add(work);
  }
  arm();
}

void Scheduler::add(const store::Work& work) {
  // One tenant's million must not keep another's ten out: what it has beyond its part of the wheel stays in
  // the store, and the sweep finds it once it is due.
  if (!wheel_.find(work.id) && wheel_.crowded_by(work.tenant)) return;
  if (wheel_.add(work)) return;
  // No room: this shard is loaded only up to here, and again when its time is near.
  if (auto* owned = ownership_.open(Shard{work.id[0]}))
    owned->loaded_until = std::min(owned->loaded_until, work.at - microseconds{1});
}

// --- ticks ------------------------------------------------------------------------------------------

void Scheduler::arm() {
  if (stopped_) return;
  const auto due = wheel_.next_due();
  if (!due || (armed_for_ && *armed_for_ <= *due)) return;
  armed_for_ = due;
  const auto delay = std::chrono::duration_cast<microseconds>(*due - loop_.now());
  // Only the last timer armed counts: an earlier one that still fires does nothing.
  loop_.after(std::clamp(delay, microseconds{0}, options_.sleep_max), [this, turn = ++turn_] {
    if (turn == turn_) tick();
  });
}

void Scheduler::tick() {
  if (stopped_) return;
  armed_for_.reset();
  const bool more =
      wheel_.advance(loop_.now(), options_.fired_per_tick_max, [this](std::uint32_t slot) {
        ++counters_.fired;
        const auto& work = wheel_.work(slot);
        ready_.push(Shard{work.id[0]}, work.tenant, work.lane, slot);
      });
  pump();
  if (more) {
    loop_.post([this, turn = ++turn_] {
      if (turn == turn_) tick();
    });
  } else {
    arm();
  }
}

void Scheduler::pump() {
  pumping_ = false;
  while (!stopped_ && !ready_.empty()) {
    const Room room = hooks_.capacity();
    if (room.now == 0) return;
    // A shard that was not renewed in time waits for its renewal, which pumps again, or for its loss.
    const auto turn = ready_.next([this](Shard shard) { return lease(shard).has_value(); });
    if (!turn) return;
    // Whole batches: a transaction costs more than the rows in it, so a little room is let grow, up to
    // half of the most there could be.
    const std::size_t most = std::min(turn->waiting, options_.batch_works_max);
    const std::size_t wanted = std::min(most, std::max<std::size_t>(1, room.most / 2));
    const auto fence = lease(turn->shard);
    if (!fence || (room.now < wanted && wheel_.busy() > 0)) return;
    std::vector<store::Work> batch;
    for (const auto slot : ready_.take(std::min(room.now, most))) batch.push_back(wheel_.take(slot));
    hooks_.due(*fence, std::move(batch));
  }
}

void Scheduler::done(Shard shard, const IdBytes& id, std::optional<Instant> next) {
  const auto again = wheel_.finish(id, next);
  if (again && ownership_.open(shard) != nullptr && !stopped_) add(*again);
  ownership_.finished(shard);
  // Many come back at once: one look at the queue serves them all.
  if (!ready_.empty() && !stopped_ && !std::exchange(pumping_, true)) loop_.post([this] { pump(); });
  arm();
}

std::size_t Scheduler::shards_trusted() const {
  std::size_t trusted = 0;
  for (int number = 0; number < shard_count; ++number)
    trusted += lease(Shard{std::uint8_t(number)}).has_value() ? 1 : 0;
  return trusted;
}

Status Scheduler::status() const {
  Status status = counters_;
  ownership_.tell(status);
  status.stale_writes = store_.stale_writes();
  status.waiting = wheel_.waiting();
  status.busy = wheel_.busy();
  status.ready = ready_.size();
  return status;
}

void Scheduler::note_error(const std::string& error) {
  if (counters_.last_error.empty())
    log::warning("RPL-0302", "the database does not answer, reminders wait: {}", error);
  counters_.last_error = error;
}

}  // namespace rappel::scheduler
