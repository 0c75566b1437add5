// SPDX-License-Identifier: Apache-2.0
#include "app/rule_refresh.hpp"

#include "base/log.hpp"

namespace rappel::app {

RuleRefresh::RuleRefresh(store::Store& store, Loop& loop, Jobs& jobs, planner::Planner& planner,
                         std::function<bool(Shard)> owns, Options options)
    : store_(store),
      loop_(loop),
      jobs_(jobs),
      planner_(planner),
      owns_(std::move(owns)),
      options_(options),
      batch_(options.batch) {}

void RuleRefresh::start_over() {
  ++round_;
  shard_ = 0;
  after_.reset();
  loop_.post([this, round = round_] {
    if (round == round_) next();
  });
}

void RuleRefresh::pause(std::chrono::microseconds wait) {
  loop_.after(wait, [this, round = round_] {
    if (round == round_) next();
  });
}

RuleRefresh::Step RuleRefresh::work(Shard shard, const std::optional<store::CitizenKey>& after,
                                    std::size_t limit, Instant now) {
  Step step;
  step.citizens = store_.outdated(shard, planner_.rulebook(), after, limit);
  try {
    step.changed = planner_.refresh(step.citizens, now);
  } catch (const std::exception& e) {
    step.refused = e.what();
  }
  return step;
}

void RuleRefresh::next() {
  if (stopped_) return;
  while (shard_ < int(shard_count) && !owns_(Shard{std::uint8_t(shard_)})) ++shard_;
  if (shard_ == int(shard_count)) {
    shard_ = 0;
    return pause(options_.look_again);
  }
  const bool queued = run_job(
      jobs_, loop_,
      [this, shard = Shard{std::uint8_t(shard_)}, after = after_, limit = batch_,
       now = loop_.now()] { return work(shard, after, limit, now); },
      [this, round = round_](JobResult<Step>& result) {
        if (round != round_) return;
        if (result.ok()) return on_step(result.value());
        log::warning("RPL-0115", "a re-evaluation after a change of rules is tried again later: {}",
                     result.error());
        pause(options_.look_again);
      });
  if (!queued) pause(options_.pause);
}

void RuleRefresh::on_step(const Step& step) {
  if (!step.refused.empty()) return on_refused(step);
  progress_.looked_at += step.citizens.size();
  progress_.changed += step.changed;
  const bool full = step.citizens.size() == batch_;
  batch_ = options_.batch;
  if (full) {
    after_ = step.citizens.back();
    return pause(options_.pause);
  }
  // The last batch of this shard.
  after_.reset();
  ++shard_;
  if (step.citizens.empty()) return next();
  pause(options_.pause);
}

/// One citizen whose facts do not open must not hold up the others: they are taken one by one until
/// that one is found, and it is left as it is.
void RuleRefresh::on_refused(const Step& step) {
  if (step.citizens.size() > 1) {
    batch_ = 1;
    return pause(options_.pause);
  }
  log::warning("RPL-0116", "citizen {} keeps the deadlines of the rules before: {}",
               step.citizens.front().citizen.to_string(), step.refused);
  after_ = step.citizens.front();
  batch_ = options_.batch;
  pause(options_.pause);
}

}  // namespace rappel::app
