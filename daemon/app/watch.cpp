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
    "provider_paused", "provider_sick_for_long", "deadline_met", "deadline_missed",   "deadline_withdrawn", "deadline_superseded",
    "cannot_be_opened", "cannot_be_prepared"};
const char* const result_names[] = {"accepted",    "delivered", "try_later",     "throttled",
                                    "bad_address", "rejected",  "provider_down", "unknown"};

double count_of(const std::map<std::string, std::uint64_t>& counts, const std::string& name) {
  const auto found = counts.find(name);
  return found == counts.end() ? 0.0 : double(found->second);
}

boost::json::object lane_json(const dispatch::LaneStatus& lane) {
  return {{"notifier", lane.notifier},
          {"channel", to_string(lane.channel)},
          {"ready", lane.ready},
          {"breaker", to_string(lane.breaker)},
          {"failing_share", lane.ill_share},
          {"weight", lane.weight},
          {"weight_now", lane.weight_now},
          {"rate_per_second",
           lane.per_second ? boost::json::value(*lane.per_second) : boost::json::value(nullptr)},
          {"tokens", lane.per_second ? boost::json::value(lane.tokens) : boost::json::value(nullptr)},
          {"waiting", lane.waiting},
          {"in_hand", lane.in_hand},
          {"paused_seconds", lane.paused_seconds},
          {"pauses", lane.pauses},
          {"openings", lane.openings},
          {"put_off", lane.put_off}};
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
  if (snapshot->scheduler.replaced) {
    reasons.emplace_back("another rappeld runs under this node's id");
  } else if (snapshot->scheduler.shards_owned == 0) {
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
  gauge("rappel_shards_leaving", "Of these, shards being handed over to another node.",
        [](const Snapshot& s) { return s.scheduler.shards_leaving; });
  gauge("rappel_nodes_live", "Nodes that share the shards, this one too.",
        [](const Snapshot& s) { return s.scheduler.nodes_live; });
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
  total("rappel_hand_overs_total", "Shards given back for another node.",
        [](const Snapshot& s) { return s.scheduler.hand_overs; });
  total("rappel_take_overs_total", "Shards taken from a node that said nothing any more.",
        [](const Snapshot& s) { return s.scheduler.take_overs; });
  total("rappel_stale_writes_total",
        "Writes that changed nothing because their shard had another owner.",
        [](const Snapshot& s) { return s.scheduler.stale_writes; });
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
  register_lane_metrics(registry);
}

boost::json::array Watch::lanes() const {
  boost::json::array lanes;
  for (const auto& lane : latest()->dispatch.lanes) lanes.push_back(lane_json(lane));
  return lanes;
}

/// The lanes never change while the daemon runs, nor does their order.
void Watch::register_lane_metrics(metrics::Registry& registry) {
  const auto lanes = engine_.dispatcher().status().lanes;
  for (std::size_t index = 0; index < lanes.size(); ++index) {
    const metrics::Labels labels{{"notifier", lanes[index].notifier}};
    const auto read_of = [this, index](auto read) {
      return [this, index, read] {
        const auto snapshot = latest();
        const auto& now = snapshot->dispatch.lanes;
        return index < now.size() ? double(read(now[index])) : 0.0;
      };
    };
    const auto gauge = [&](const char* name, const char* help, auto read) {
      registry.gauge_of(name, help, labels, read_of(read));
    };
    const auto total = [&](const char* name, const char* help, auto read) {
      registry.counter_of(name, help, labels, read_of(read));
    };
    using Lane = dispatch::LaneStatus;
    gauge("rappel_lane_breaker", "Breaker of the provider: 0 closed, 1 open, 2 half open.",
          [](const Lane& lane) { return int(lane.breaker); });
    gauge("rappel_lane_failing_share", "Of the provider's last answers, the share of failures.",
          [](const Lane& lane) { return lane.ill_share; });
    gauge("rappel_lane_weight", "Its weight now; 0: it takes nothing new.",
          [](const Lane& lane) { return lane.weight_now; });
    gauge("rappel_lane_rate", "This node's slice of the rate, messages per second; 0: no limit.",
          [](const Lane& lane) { return lane.per_second.value_or(0); });
    gauge("rappel_lane_tokens", "Messages that the rate lets leave at once.",
          [](const Lane& lane) { return lane.tokens; });
    gauge("rappel_lane_waiting", "Messages that wait for room with the notifier.",
          [](const Lane& lane) { return lane.waiting; });
    gauge("rappel_lane_in_hand", "Messages with its sender.",
          [](const Lane& lane) { return lane.in_hand; });
    gauge("rappel_lane_paused_seconds", "How long its provider still wants to be left alone.",
          [](const Lane& lane) { return lane.paused_seconds; });
    total("rappel_lane_pauses_total", "Pauses that its provider asked for.",
          [](const Lane& lane) { return lane.pauses; });
    total("rappel_lane_breaker_openings_total", "Times that its breaker opened.",
          [](const Lane& lane) { return lane.openings; });
    total("rappel_lane_put_off_total", "Messages that found its waiting room full.",
          [](const Lane& lane) { return lane.put_off; });
  }
}

}  // namespace rappel::app
