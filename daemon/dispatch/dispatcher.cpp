// SPDX-License-Identifier: Apache-2.0
#include "dispatch/dispatcher.hpp"

#include <algorithm>
#include <unordered_set>

#include "base/log.hpp"

namespace rappel::dispatch {

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
      random_(options_->jitter_seed != 0 ? options_->jitter_seed : std::random_device{}()) {
  carrier_.on_results([this](std::vector<notify::SendResult> results) {
    on_results(std::move(results));
  });
}

double Dispatcher::jitter() { return std::uniform_real_distribution<double>(0.0, 1.0)(random_); }

// --- in: claim, stages, flight ----------------------------------------------------------------------

void Dispatcher::take(const store::Lease& fence, std::vector<store::Work> works) {
  works_ += works.size();
  BatchInput input;
  for (const auto& work : works) {
    if (work.kind == store::WorkKind::reevaluate) {
      reevaluate(work);
    } else {
      input.ids.emplace_back(work.id);
    }
  }
  if (input.ids.empty()) return;
  input.fence = fence;
  input.now = loop_.now();
  input.routes = options_->routes;
  for (auto& route : input.routes) {
    route.ready = carrier_.ready(route.notifier);
    route.can_query = carrier_.can_query(route.notifier);
  }
  input.manners = {options_, &options_->manners};
  input.rules = rules_;
  input.room = reserve_room(input.ids.size());
  const bool queued = run_job(
      jobs_, loop_,
      [this, input, messages = messages_] { return prepare_batch(store_, tenants_, *messages, input); },
      [this, fence, ids = input.ids, room = input.room](JobResult<Prepared>& result) {
        unreserve(room);
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
  unreserve(input.room);
  for (const auto& id : input.ids)
    drop(fence.shard, id.bytes(), input.now + options_->store_retry_delay);
}

void Dispatcher::on_prepared(const store::Lease& fence, Prepared& prepared,
                             const std::vector<ReminderId>& ids) {
  std::unordered_set<ReminderId> kept;
  std::unordered_set<std::string> lanes;
  for (const auto& settlement : prepared.settled) {
    kept.insert(settlement.reminder);
    if (!settlement.reason.empty()) ++counters_.suppressed[settlement.reason];
    finish(settlement);
  }
  for (auto& departure : prepared.waiting) {
    kept.insert(departure.flying.reminder.id);
    lanes.insert(departure.notifier);
    lanes_[departure.notifier].push_back({std::move(departure), loop_.now()});
    watch_lanes();
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

void Dispatcher::reevaluate(const store::Work& work) {
  const Instant now = loop_.now();
  const Shard shard{work.id[0]};
  const bool queued = run_job(
      jobs_, loop_,
      [this, work, now] {
        hooks_.reevaluate(work.tenant, CitizenId{work.id}, now);
        return true;
      },
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
    if (!still_ours || !carrier_.ready(departure.notifier)) {
      settle(settle_unsent(departure.flying, loop_.now()));
      continue;
    }
    const auto& delivery = departure.flying.delivery;
    if (departure.flying.ask_only) {
      queries[departure.notifier].push_back({delivery.id, delivery.attempt,
                                             delivery.idempotency_key, delivery.provider_id});
    } else {
      batches[departure.notifier].push_back(std::move(departure.message));
    }
    flying_.insert_or_assign(delivery.id, std::move(departure.flying));
  }
  for (auto& [notifier, batch] : batches) carrier_.send(notifier, std::move(batch));
  for (auto& [notifier, batch] : queries) carrier_.query(notifier, std::move(batch));
}

// --- back: outcomes -----------------------------------------------------------------------------------

void Dispatcher::on_results(std::vector<notify::SendResult> results) {
  const Instant now = loop_.now();
  std::unordered_set<std::string> notifiers;
  for (const auto& result : results) {
    const auto found = flying_.find(result.delivery);
    if (found == flying_.end() || found->second.reminder.attempt != result.attempt) continue;
    ++counters_.results[std::string(to_string(result.result))];
    notifiers.insert(found->second.delivery.notifier);
    settle(settle_result(found->second, result, options_->retry, now, jitter()));
    flying_.erase(found);
  }
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
  [[maybe_unused]] const bool queued = run_job(
      jobs_, loop_,
      [this, tenant, citizen, now = loop_.now()] {
        hooks_.reevaluate(tenant, citizen, now);
        return true;
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

Status Dispatcher::status_with_counts() const {
  Status status = counters_;
  status.works = works_;
  status.in_flight = flying_.size();
  for (const auto& [notifier, lane] : lanes_) status.waiting += lane.size();
  return status;
}

}  // namespace rappel::dispatch
