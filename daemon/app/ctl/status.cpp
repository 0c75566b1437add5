// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <boost/json.hpp>
#include <cstdio>

#include "app/ctl/lanes.hpp"
#include "app/ctl/options.hpp"
#include "app/truth.hpp"

namespace rappel::app::ctl {

int status(const Call& call) {
  const Options options(call.words, {});
  Truth truth(call.config);
  const auto counts = truth.store().counts();
  boost::json::object reminders;
  for (const auto& [state, count] : counts.reminders) reminders[to_string(state)] = count;
  const auto oldest = counts.oldest_due ? to_rfc3339(*counts.oldest_due) : std::string();
  const auto lanes = lanes_of_daemon(call.config.state_directory);
  if (call.json) {
    fmt::print("{}\n", boost::json::serialize(boost::json::object{
                           {"citizens", counts.citizens},
                           {"reminders", reminders},
                           {"oldest_due", oldest.empty() ? boost::json::value(nullptr)
                                                         : boost::json::value(oldest)},
                           {"tasks_open", counts.tasks_open},
                           {"lanes", lanes ? boost::json::value(*lanes)
                                           : boost::json::value(nullptr)}}));
    return 0;
  }
  fmt::print("citizens       {}\ntasks open     {}\noldest due     {}\nreminders\n", counts.citizens,
             counts.tasks_open, oldest.empty() ? "none" : oldest);
  for (const auto& [state, count] : counts.reminders)
    fmt::print("  {:<12} {}\n", to_string(state), count);
  fmt::print("lanes\n{}", lanes ? describe_lanes(*lanes)
                                : std::string("  the daemon does not answer\n"));
  return 0;
}

int migrate(const Call& call) {
  const Options options(call.words, {});
  auto config = call.config;
  config.database.migrate_at_start = true;
  const Truth truth(config);
  fmt::print("the schema is up to date\n");
  return 0;
}

}  // namespace rappel::app::ctl
