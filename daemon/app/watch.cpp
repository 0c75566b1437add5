// SPDX-License-Identifier: Apache-2.0
#include "app/watch.hpp"

#include <fmt/format.h>

namespace rappel::app {
namespace {

constexpr std::chrono::milliseconds snapshot_every{200};

/// Reasons that dispatch may give for not sending, known before any happened.
const char* const suppression_reasons[] = {
    "expired",      "due_date_past",     "missed_its_moment", "topic_muted",     "paused_by_citizen",
    "quiet_hours",  "no_usable_channel", "no_channel_left",   "cannot_be_worded", "sender_not_ready",
    "deadline_met", "deadline_missed",   "deadline_withdrawn", "deadline_superseded",
    "cannot_be_opened", "cannot_be_prepared", "topic_paused_by_citizen", "paused_by_caseworker",
    "silenced",     "day_is_full",       "tenant_quiet_hours", "sunday",         "public_holiday",
    "no_hour_left", "no_polite_hour"};
const char* const result_names[] = {"accepted",    "delivered", "try_later",     "throttled",
                                    "bad_address", "rejected",  "provider_down", "unknown"};

double count_of(const std::map<std::string, std::uint64_t>& counts, const std::string& name) {
  const auto found = counts.find(name);
  return found == counts.end() ? 0.0 : double(found->second);
}

}  // namespace

Watch::Watch(Loop& loop, Engine& engine, const RuleRefresh& refresh, PoolCarrier& carrier,
             store::Store& store)
    : loop_(loop), engine_(engine), refresh_(refresh), carrier_(carrier), store_(store) {
  snapshot_ = std::make_shared<const Snapshot>();
}

void Watch::start() { take(); }

void Watch::take() {
  snapshot_ = std::make_shared<const Snapshot>(
      Snapshot{engine_.scheduler().status(), engine_.dispatcher().status(), refresh_.progress(),
               carrier_.status()});
  loop_.after(snapshot_every, [this] { take(); });
}

std::vector<std::string> Watch::not_ready() const {
  std::vector<std::string> reasons;
  try {
    store_.ping();
  } catch (const store::StoreUnavailable&) {
    reasons.emplace_back("the database does not answer");
  }
  const auto snapshot = latest();
  if (snapshot->scheduler.shards_owned == 0) {
    reasons.emplace_back("this node owns no shard yet");
  } else if (snapshot->scheduler.shards_loading > 0) {
    reasons.push_back(
        fmt::format("{} shard(s) are still being loaded", snapshot->scheduler.shards_loading));
  }
  for (const auto& notifier : snapshot->notifiers) {
    if (!notifier.is_ready)
      reasons.push_back(fmt::format("the sender of \"{}\" is not ready: {}", notifier.name,
                                    notifier.problem));
  }
  return reasons;
}

void Watch::register_metrics(metrics::Registry& registry) {
  const auto gauge = [&](const char* name, const char* help, auto read) {
    registry.gauge_of(name, help, {}, [this, read] { return double(read(*latest())); });
  };
  const auto total = [&](const char* name, const char* help, auto read) {
    registry.counter_of(name, help, {}, [this, read] { return double(read(*latest())); });
  };
  gauge("rappel_shards_owned", "Shards this node owns.",
        [](const Snapshot& s) { return s.scheduler.shards_owned; });
  gauge("rappel_wheel_waiting", "Work in the timer wheel.",
        [](const Snapshot& s) { return s.scheduler.waiting; });
  gauge("rappel_work_ready", "Work that is due and waits for room in dispatch.",
        [](const Snapshot& s) { return s.scheduler.ready; });
  gauge("rappel_work_busy", "Work in dispatch's hands.",
        [](const Snapshot& s) { return s.scheduler.busy; });
  gauge("rappel_in_flight", "Messages with a sender.",
        [](const Snapshot& s) { return s.dispatch.in_flight; });
  gauge("rappel_reevaluation_shards_left",
        "Shards of this node where citizens may still be behind the rules.",
        [](const Snapshot& s) { return s.refresh.shards_left; });
  total("rappel_reevaluated_total", "Citizens brought up to changed rules.",
        [](const Snapshot& s) { return s.refresh.looked_at; });
  total("rappel_reevaluation_changed_total",
        "Of these, citizens who got other deadlines or reminders.",
        [](const Snapshot& s) { return s.refresh.changed; });
  total("rappel_fired_total", "Work that has become due.",
        [](const Snapshot& s) { return s.scheduler.fired; });
  total("rappel_swept_total", "Overdue work that no hint had announced.",
        [](const Snapshot& s) { return s.scheduler.swept; });
  total("rappel_lease_losses_total", "Shards lost before they were given back.",
        [](const Snapshot& s) { return s.scheduler.lease_losses; });
  total("rappel_stale_outcomes_total", "Outcomes that came after the lease was lost.",
        [](const Snapshot& s) { return s.dispatch.stale; });
  for (const std::string reason : suppression_reasons) {
    registry.counter_of("rappel_not_sent_total", "Reminders that were not sent, by reason.",
                        {{"reason", reason}},
                        [this, reason] { return count_of(latest()->dispatch.suppressed, reason); });
  }
  for (const std::string result : result_names) {
    registry.counter_of("rappel_results_total", "Answers of senders, by class.",
                        {{"result", result}},
                        [this, result] { return count_of(latest()->dispatch.results, result); });
  }
}

}  // namespace rappel::app
