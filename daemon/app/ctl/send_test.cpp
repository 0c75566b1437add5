// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <thread>

#include "app/ctl/options.hpp"
#include "app/ctl/tenants.hpp"
#include "app/library.hpp"
#include "app/truth.hpp"
#include "base/clock.hpp"
#include "base/steady.hpp"
#include "planner/planner.hpp"

namespace rappel::app::ctl {
namespace {

/// How long the daemon may take to send it, and how often we look.
constexpr std::chrono::seconds wait_max{60};
constexpr std::chrono::milliseconds look_every{250};

ReminderId plan_test(store::Store& store, const Library& library, const store::Tenant& tenant,
                     const std::string& reference, const std::string& channel) {
  planner::Planner planner(store, library.rules, library.messages, {}, nullptr);
  planner::Request request;
  request.tenant = tenant.id;
  request.source = "rappelctl";
  request.now = SystemClock().now();
  const auto answer =
      planner.schedule(request, {{"citizen", reference},
                                 {"template", "test_message"},
                                 {"channels", boost::json::array{channel}},
                                 {"send_at", to_rfc3339(request.now)}});
  if (!answer) throw UsageError(to_string(answer.error()));
  const auto& reminder = answer->body.at("reminders").as_array().at(0).as_object();
  return *ReminderId::parse(std::string(reminder.at("id").as_string()));
}

}  // namespace

int send_test(const Call& call) {
  const Options options(call.words, {"tenant", "channel"});
  const auto reference = options.only("the citizen's reference");
  const auto channel = options.need("channel");
  const auto library = load_library(call.config);
  if (!library) throw std::runtime_error(to_string(library.error().front()));
  Truth truth(call.config);
  const auto tenant = tenant_of(truth.store(), options.need("tenant"));
  const auto id = plan_test(truth.store(), *library, tenant, reference, channel);
  fmt::print("planned {}; waiting for the daemon\n", id.to_string());
  const auto give_up = steady_now() + wait_max;
  while (steady_now() < give_up) {
    const auto reminder = truth.store().read_reminder(tenant.id, id);
    if (reminder && (is_final(reminder->state) || reminder->state == ReminderState::sent)) {
      fmt::print("{}{}\n", to_string(reminder->state),
                 reminder->state_reason.empty() ? "" : ": " + reminder->state_reason);
      for (const auto& delivery : truth.store().read_deliveries(tenant.id, id))
        fmt::print("  {}: {} {}\n", delivery.notifier, delivery.result, delivery.detail);
      const bool arrived =
          reminder->state == ReminderState::sent || reminder->state == ReminderState::delivered;
      return arrived ? 0 : 1;
    }
    std::this_thread::sleep_for(look_every);
  }
  fmt::print(stderr, "no answer within {} s: is rappeld running?\n", wait_max.count());
  return 1;
}

}  // namespace rappel::app::ctl
