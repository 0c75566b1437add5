// SPDX-License-Identifier: Apache-2.0
#include "app/rule_refresh.hpp"

#include <algorithm>

#include "base/log.hpp"

namespace rappel::app {

RuleRefresh::RuleRefresh(store::Store& store, Loop& loop, Jobs& jobs, planner::Planner& planner,
                         EpochOf epoch_of, Options options)
    : store_(store),
      loop_(loop),
      jobs_(jobs),
      planner_(planner),
      epoch_of_(std::move(epoch_of)),
      options_(options),
      batch_(options.batch) {}

void RuleRefresh::start_over() {
  ++round_;
  shard_ = 0;
  after_.reset();
  done_.fill(std::nullopt);
  searched_at_ = loop_.now();
  loop_.post([this, round = round_] {
    if (round == round_) next();
  });
}

void RuleRefresh::pause(std::chrono::microseconds wait) {
  loop_.after(wait, [this, round = round_] {
    if (round == round_) next();
  });
}

std::chrono::microseconds RuleRefresh::pace(std::size_t citizens) const {
  return std::chrono::microseconds{1'000'000 * citizens / options_.citizens_per_second};
}

RuleRefresh::Step RuleRefresh::work(const store::Lease& fence, const std::optional<store::CitizenKey>& after,
                                    std::size_t limit, Instant now) {
  Step step;
  step.citizens = store_.citizen_keys(fence.shard, planner_.rulebook(), after, limit);
  try {
    const auto changed = planner_.refresh(fence, step.citizens, now);
    step.stale = !changed;
    step.changed = changed.value_or(0);
  } catch (const store::Damaged& e) {
    step.refused = e.what();
  } catch (const store::StoreUnavailable&) {
    throw;  // it is about the database, not about these citizens
  } catch (const std::exception& e) {
    step.refused = e.what();
  }
  return step;
}

/// From the shard in hand on, the first of ours that is not done.
bool RuleRefresh::find_shard() {
  for (; shard_ < std::size_t(shard_count); ++shard_, after_.reset()) {
    const auto epoch = epoch_of_(Shard{std::uint8_t(shard_)});
    if (!epoch || done_[shard_] == epoch) continue;
    // Taken up in the middle under another epoch: somebody may have written into what was done.
    if (epoch_ != *epoch) after_.reset();
    epoch_ = *epoch;
    return true;
  }
  return false;
}

void RuleRefresh::next() {
  if (stopped_) return;
  if (!find_shard()) {
    tell_end();
    if (loop_.now() - searched_at_ >= options_.search_all) {
      done_.fill(std::nullopt);
      searched_at_ = loop_.now();
    }
    shard_ = 0;
    return pause(options_.look_again);
  }
  const bool queued = run_job(
      jobs_, loop_,
      [this, fence = store::Lease{Shard{std::uint8_t(shard_)}, epoch_}, after = after_,
       limit = batch_, now = loop_.now()] { return work(fence, after, limit, now); },
      [this, round = round_](JobResult<Step>& result) {
        if (round != round_) return;
        if (result.ok()) return on_step(result.value());
        log::warning("RPL-0115", "a re-evaluation after a change of rules is tried again later: {}",
                     result.error());
        pause(options_.try_again);
      });
  if (!queued) pause(pace(batch_));
}

void RuleRefresh::on_step(const Step& step) {
  if (!step.refused.empty()) return on_refused(step);
  // Soon we shall hear under which epoch the shard is ours, or that it is not.
  if (step.stale) return pause(options_.look_again);
  if (!step.citizens.empty() && progress_.looked_at == told_)
    log::notice("RPL-0117", "citizens are brought up to changed rules, at most {} per second",
                options_.citizens_per_second);
  progress_.looked_at += step.citizens.size();
  progress_.changed += step.changed;
  const bool full = step.citizens.size() == batch_;
  batch_ = std::min(options_.batch, batch_ * 2);
  if (full) {
    after_ = step.citizens.back();
  } else {
    // The last batch of this shard.
    after_.reset();
    done_[shard_] = epoch_;
    ++shard_;
  }
  if (step.citizens.empty()) return next();
  pause(pace(step.citizens.size()));
}

RuleRefresh::Progress RuleRefresh::progress() const {
  Progress progress = progress_;
  for (std::size_t shard = 0; shard < std::size_t(shard_count); ++shard) {
    const auto epoch = epoch_of_(Shard{std::uint8_t(shard)});
    if (epoch && done_[shard] != epoch) ++progress.shards_left;
  }
  return progress;
}

void RuleRefresh::tell_end() {
  if (progress_.looked_at == told_) return;
  log::notice("RPL-0118",
              "the citizens of our shards are up to the rules: {} looked at since the start, {} with "
              "other deadlines or reminders",
              progress_.looked_at, progress_.changed);
  told_ = progress_.looked_at;
}

/// One citizen whose facts do not open must not hold up the others: batches are halved until that one
/// stands alone, and it is left as it is; afterwards they grow again.
void RuleRefresh::on_refused(const Step& step) {
  if (step.citizens.size() > 1) {
    batch_ = step.citizens.size() / 2;
    return pause(pace(step.citizens.size()));
  }
  log::warning("RPL-0116", "citizen {} keeps the deadlines of the rules before: {}",
               step.citizens.front().citizen.to_string(), step.refused);
  after_ = step.citizens.front();
  batch_ = options_.batch;
  pause(pace(1));
}

}  // namespace rappel::app
