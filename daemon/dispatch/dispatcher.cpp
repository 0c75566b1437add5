// SPDX-License-Identifier: Apache-2.0
#include "dispatch/dispatcher.hpp"

#include <algorithm>
#include <cstring>
#include <unordered_set>

#include "base/log.hpp"

namespace rappel::dispatch {
namespace {

/// From where random ids come too: a simulation that seeds them seeds this.
std::uint64_t random_seed() {
  const auto bytes = random_uuid();
  std::uint64_t seed = 0;
  std::memcpy(&seed, bytes.data(), sizeof seed);
  return seed;
}

}  // namespace

Dispatcher::Dispatcher(store::Store& store, Loop& loop, Jobs& jobs, Carrier& carrier,
                       std::shared_ptr<const message::Catalogue> messages, Options options,
                       Hooks hooks)
    : store_(store),
      tenants_(store),
      loop_(loop),
      jobs_(jobs),
      carrier_(carrier),
      messages_(std::move(messages)),
      options_(std::make_shared<const Options>(std::move(options))),
      hooks_(std::move(hooks)),
      random_(options_->jitter_seed != 0 ? options_->jitter_seed : random_seed()),
      lanes_(carrier, loop, options_->routes, options_->lanes, hooks_.share) {
  carrier_.on_results([this](std::vector<notify::SendResult> results) {
    on_results(std::move(results));
  });
}

double Dispatcher::jitter() { return std::uniform_real_distribution<double>(0.0, 1.0)(random_); }

// --- in: claim, stages, flight ----------------------------------------------------------------------

void Dispatcher::take(const store::Lease& fence, std::vector<store::Work> works) {
  works_ += works.size();
  idle_works_ += works.size();
  BatchInput input;
  for (const auto& work : works) {
    if (work.kind == store::WorkKind::reevaluate) {
      reevaluate(fence, work);
    } else {
      input.ids.emplace_back(work.id);
    }
  }
  if (input.ids.empty()) return;
  input.fence = fence;
  input.now = loop_.now();
  input.routes = lanes_.routes();
  input.room = lanes_.reserve(input.ids.size());
  const bool queued = run_job(
      jobs_, loop_,
      [this, input, messages = messages_] { return prepare_batch(store_, tenants_, *messages, input); },
      [this, fence, ids = input.ids, room = input.room](JobResult<Prepared>& result) {
        lanes_.unreserve(room);
        Prepared none;
        if (!result.ok()) {
          if (const auto silent = given_back_.pass(loop_.steady()))
            log::warning("RPL-0401", "a batch of shard {} was given back, the database failed: {}{}",
                         fence.shard.number, result.error(), and_more(*silent));
          hooks_.renounce(fence.shard);
        }
        on_prepared(fence, result.ok() ? result.value() : none, ids);
      });
  if (queued) return;
  lanes_.unreserve(input.room);
  for (const auto& id : input.ids)
    drop(fence.shard, id.bytes(), input.now + options_->store_retry_delay);
}

void Dispatcher::on_prepared(const store::Lease& fence, Prepared& prepared,
                             const std::vector<ReminderId>& ids) {
  std::unordered_set<ReminderId> kept;
  std::unordered_set<std::string> lanes;
  lanes_.credit(prepared.turns);
  for (const auto& settlement : prepared.settled) {
    kept.insert(settlement.reminder);
    ++counters_.suppressed[settlement.reason];
    finish(settlement);
  }
  for (auto& departure : prepared.waiting) {
    kept.insert(departure.flying.reminder.id);
    const std::string notifier = departure.notifier;
    lanes.insert(notifier);
    if (const auto displaced = lanes_.wait(std::move(departure))) put_off(notifier, {*displaced});
  }
  for (const auto& departure : prepared.departures) {
    kept.insert(departure.flying.reminder.id);
    lanes.insert(departure.notifier);
  }
  // What was not claimed any more, or was cancelled between claim and flight, is nobody's work now.
  for (const auto& id : ids) {
    if (!kept.contains(id)) drop(fence.shard, id.bytes(), std::nullopt);
  }
  depart(fence, std::move(prepared.departures));
  for (const auto& notifier : lanes) pump(notifier);
}

void Dispatcher::drop(Shard shard, const IdBytes& id, std::optional<Instant> next) {
  --works_;
  hooks_.done(shard, id, next);
}

void Dispatcher::reevaluate(const store::Lease& fence, const store::Work& work) {
  const Instant now = loop_.now();
  const Shard shard{work.id[0]};
  const bool queued = run_job(
      jobs_, loop_,
      [this, fence, work, now] {
        return hooks_.reevaluate(fence, work.tenant, CitizenId{work.id}, now);
      },
      // Of a stale fence: whoever owns the shard by now has the same work.
      [this, work, shard, now](JobResult<bool>& result) {
        --works_;
        if (!result.ok())
          log::warning("RPL-0402", "a citizen could not be re-evaluated, tried again later: {}",
                       result.error());
        hooks_.done(shard, work.id,
                    result.ok() ? std::nullopt
                                : std::optional<Instant>(now + options_->retry.first));
      });
  if (queued) return;
  --works_;
  hooks_.done(shard, work.id, now + options_->store_retry_delay);
}

// --- out: send ----------------------------------------------------------------------------------------

void Dispatcher::depart(const store::Lease& fence, std::vector<Departure> departures) {
  // Stopped for long between the commit of the flight and here, we may have lost the shard: its next
  // owner has taken these up.
  const auto lease = hooks_.lease(fence.shard);
  const bool still_ours = lease && lease->epoch == fence.epoch;
  std::map<std::string, std::vector<notify::OutgoingMessage>> batches;
  std::map<std::string, std::vector<notify::StatusQuery>> queries;
  for (auto& departure : departures) {
    if (!still_ours || !carrier_.ready(departure.notifier) || !lanes_.flows(departure.notifier)) {
      auto unsent = settle_unsent(departure.flying, loop_.now());
      unsent.next_at = std::max(unsent.next_at, lanes_.flows_again(departure.notifier));
      settle(std::move(unsent));
      continue;
    }
    departure.flying.handed_at = loop_.steady();
    lanes_.handed(departure.notifier, 1);
    const auto& delivery = departure.flying.delivery;
    if (departure.flying.ask_only) {
      queries[departure.notifier].push_back({delivery.id, delivery.attempt,
                                             delivery.idempotency_key, delivery.provider_id});
    } else {
      batches[departure.notifier].push_back(std::move(departure.message));
    }
    flying_.insert_or_assign(delivery.id, std::move(departure.flying));
  }
  if (!flying_.empty()) watch_lanes();
  for (auto& [notifier, batch] : batches) carrier_.send(notifier, std::move(batch));
  for (auto& [notifier, batch] : queries) carrier_.query(notifier, std::move(batch));
}

// --- back: outcomes -----------------------------------------------------------------------------------

void Dispatcher::on_results(std::vector<notify::SendResult> results) {
  const Instant now = loop_.now();
  std::unordered_set<std::string> notifiers;
  std::unordered_set<std::string> stopped;  // by what they answered
  for (const auto& result : results) {
    const auto found = flying_.find(result.delivery);
    if (found == flying_.end() || found->second.reminder.attempt != result.attempt) continue;
    ++counters_.results[std::string(to_string(result.result))];
    notifiers.insert(found->second.delivery.notifier);
    if (lanes_.answered(result, found->second)) stopped.insert(found->second.delivery.notifier);
    settle(settle_result(found->second, result, options_->retry, now, jitter()));
    flying_.erase(found);
  }
  for (const auto& notifier : stopped) empty_lane(notifier);
  for (const auto& notifier : notifiers) pump(notifier);
}

void Dispatcher::settle(store::Settlement settlement) {
  outcomes_[settlement.reminder.shard()].push_back(std::move(settlement));
  if (flush_armed_) return;
  flush_armed_ = true;
  loop_.after(options_->settle_delay, [this] { flush(); });
}

void Dispatcher::flush() {
  flush_armed_ = false;
  auto outcomes = std::move(outcomes_);
  outcomes_.clear();
  for (auto& [shard, batch] : outcomes) {
    for (std::size_t start = 0; start < batch.size(); start += options_->settle_batch_max) {
      const auto first = batch.begin() + std::ptrdiff_t(start);
      const auto last =
          batch.begin() +
          std::ptrdiff_t(std::min(batch.size(), start + options_->settle_batch_max));
      settle_batch(shard, {std::make_move_iterator(first), std::make_move_iterator(last)},
                   loop_.steady() + options_->outcome_patience);
    }
  }
}

void Dispatcher::settle_batch(Shard shard, std::vector<store::Settlement> batch,
                              std::chrono::microseconds give_up) {
  auto shared = std::make_shared<std::vector<store::Settlement>>(std::move(batch));
  const auto again = [this, shard, shared, give_up] {
    loop_.after(options_->store_retry_delay, [this, shard, shared, give_up] {
      settle_batch(shard, std::move(*shared), give_up);
    });
  };
  const auto fence = hooks_.lease(shard);
  if (!fence) {
    // A lease that comes back, under whichever epoch, still takes the outcome of this attempt.
    if (hooks_.owns(shard) || loop_.steady() < give_up) return again();
    return give_up_outcomes(shard, *shared);
  }
  const bool queued = run_job(
      jobs_, loop_,
      [this, fence = *fence, shared, now = loop_.now()] {
        return store_.settle(fence, *shared, now);
      },
      [this, shard, shared, again](JobResult<std::vector<ReminderId>>& result) {
        if (result.ok()) return written(*shared, result.value());
        if (const auto silent = kept_.pass(loop_.steady()))
          log::warning("RPL-0404", "outcomes of shard {} are kept and written again: {}{}",
                       shard.number, result.error(), and_more(*silent));
        again();
      });
  if (!queued) again();
}

/// The next owner's recovery finds these rows in flight and treats them as unknown.
void Dispatcher::give_up_outcomes(Shard shard, const std::vector<store::Settlement>& batch) {
  counters_.stale += batch.size();
  log::warning("RPL-0403", "{} outcomes of shard {} came after its lease was lost; not written",
               batch.size(), shard.number);
  for (const auto& settlement : batch) drop(shard, settlement.reminder.bytes(), std::nullopt);
}

void Dispatcher::written(const std::vector<store::Settlement>& batch,
                         const std::vector<ReminderId>& changed) {
  counters_.stale += batch.size() - std::min(batch.size(), changed.size());
  for (const auto& settlement : batch) {
    finish(settlement);
    // An address that went bad must be known before the next message to this person. The mark that was
    // stored with it serves when this is cut short.
    if (settlement.reevaluate && settlement.event)
      refold(settlement.tenant, settlement.event->citizen);
  }
}

void Dispatcher::refold(TenantId tenant, CitizenId citizen) {
  const auto fence = hooks_.lease(citizen.shard());
  if (!fence) return;
  [[maybe_unused]] const bool queued = run_job(
      jobs_, loop_,
      [this, fence = *fence, tenant, citizen, now = loop_.now()] {
        return hooks_.reevaluate(fence, tenant, citizen, now);
      },
      [](JobResult<bool>& result) {
        if (!result.ok())
          log::warning("RPL-0407", "a citizen's bad address is not in their profile yet: {}",
                       result.error());
      });
}

void Dispatcher::finish(const store::Settlement& settlement) {
  --works_;
  const bool again = settlement.to == ReminderState::retry_wait ||
                     settlement.to == ReminderState::planned ||
                     settlement.to == ReminderState::unknown;
  hooks_.done(settlement.reminder.shard(), settlement.reminder.bytes(),
              again ? std::optional<Instant>(settlement.next_at) : std::nullopt);
}

Status Dispatcher::status() {
  Status status = counters_;
  status.works = works_;
  status.in_flight = flying_.size();
  status.waiting = lanes_.waiting();
  status.lanes = lanes_.status();
  return status;
}

}  // namespace rappel::dispatch
