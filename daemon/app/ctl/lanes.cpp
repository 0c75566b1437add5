// SPDX-License-Identifier: Apache-2.0
#include "app/ctl/lanes.hpp"

#include <fmt/format.h>
#include <httplib.h>
#include <sys/socket.h>

#include <boost/json.hpp>
#include <fstream>

namespace rappel::app::ctl {
namespace {

constexpr std::chrono::seconds daemon_patience{2};

std::optional<httplib::Client> client_of(const std::string& address) {
  constexpr std::string_view unix_mark = "unix:";
  if (address.empty()) return std::nullopt;
  const bool is_unix = address.starts_with(unix_mark);
  httplib::Client client(is_unix ? address.substr(unix_mark.size()) : "http://" + address);
  if (is_unix) client.set_address_family(AF_UNIX);
  client.set_connection_timeout(daemon_patience);
  client.set_read_timeout(daemon_patience);
  return client;
}

std::string state_of(const boost::json::object& lane) {
  if (!lane.at("ready").as_bool()) return "its sender is not ready";
  const auto paused = lane.at("paused_seconds").to_number<double>();
  if (paused > 0) return fmt::format("paused by its provider for {:.0f} s", paused);
  const std::string_view breaker = lane.at("breaker").as_string();
  if (breaker == "open") return "sick, left alone for a while";
  if (breaker == "half_open") return "sick, tried with single messages";
  const auto weight = lane.at("weight").to_number<double>();
  return lane.at("weight_now").to_number<double>() < weight ? "well again, not trusted fully yet"
                                                            : "well";
}

}  // namespace

std::optional<boost::json::array> lanes_of_daemon(const std::string& state_directory) {
  std::string address;
  std::getline(std::ifstream(state_directory + "/api.address") >> std::ws, address);
  auto client = client_of(address);
  if (!client) return std::nullopt;
  const auto answer = client->Get("/lanes");
  if (!answer || answer->status != 200) return std::nullopt;
  boost::json::error_code error;
  const auto body = boost::json::parse(answer->body, error);
  const auto* lanes = error ? nullptr : body.as_object().if_contains("lanes");
  if (lanes == nullptr || !lanes->is_array()) return std::nullopt;
  return lanes->as_array();
}

std::string describe_lanes(const boost::json::array& lanes) {
  std::string text;
  for (const auto& each : lanes) {
    const auto& lane = each.as_object();
    std::string rate;
    if (!lane.at("rate_per_second").is_null())
      rate = fmt::format(", {:.2f} messages/s here", lane.at("rate_per_second").to_number<double>());
    text += fmt::format("  {:<12} {:<8} {}; waiting {}, in hand {}, weight {:g}{}\n",
                        std::string_view(lane.at("notifier").as_string()),
                        std::string_view(lane.at("channel").as_string()), state_of(lane),
                        lane.at("waiting").to_number<std::size_t>(),
                        lane.at("in_hand").to_number<std::size_t>(),
                        lane.at("weight_now").to_number<double>(), rate);
  }
  return text;
}

}  // namespace rappel::app::ctl
