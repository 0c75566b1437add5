// SPDX-License-Identifier: Apache-2.0
#include "app/courtesy_config.hpp"

#include <fmt/format.h>

#include <charconv>

namespace rappel::app {
namespace {

constexpr std::int64_t per_day_limit = 1'000;
constexpr std::size_t tenants_max = 1'000;

/// "20:30".
std::optional<std::chrono::minutes> parse_hour(const std::string& text) {
  int hours = -1;
  int minutes = -1;
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto read = [&](int from, int& into) {
    const char* first = text.data() + from;
    return std::from_chars(first, first + 2, into).ptr == first + 2;
  };
  if (!read(0, hours) || !read(3, minutes) || hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
    return std::nullopt;
  return std::chrono::hours{hours} + std::chrono::minutes{minutes};
}

void read_hour(YamlMap& map, const char* key, std::chrono::minutes& hour) {
  const auto text = map.text(key);
  if (!text) return;
  if (const auto known = parse_hour(*text)) {
    hour = *known;
  } else {
    map.wrong(key, "wrong_value", fmt::format("\"{}\" is not an hour", *text),
              "write hours and minutes in quotes: \"20:00\"");
  }
}

void read_channels(YamlMap& map, dispatch::Courtesy& courtesy) {
  if (!map.has("quiet_channels")) return;
  courtesy.quiet_channels.clear();
  for (const auto& name : map.texts("quiet_channels")) {
    if (const auto channel = parse_channel(name)) {
      courtesy.quiet_channels.push_back(*channel);
    } else {
      map.wrong("quiet_channels", "wrong_value", fmt::format("\"{}\" is not a channel", name),
                "some of email, sms, inapp, push, letter, call, webhook; [] for none");
    }
  }
}

void read_courtesy(YamlMap& map, dispatch::Courtesy& courtesy) {
  auto hours = courtesy.quiet_hours.value_or(profile::QuietHours{});
  read_hour(map, "quiet_from", hours.from);
  read_hour(map, "quiet_to", hours.to);
  courtesy.quiet_hours = hours;
  read_channels(map, courtesy);
  courtesy.advice_on_closed_days =
      map.boolean("advice_on_closed_days").value_or(courtesy.advice_on_closed_days);
  const auto most = [&](const char* key, std::size_t& count) {
    if (const auto given = map.integer(key, 0, per_day_limit)) count = std::size_t(*given);
  };
  most("service_per_day_max", courtesy.service_per_day_max);
  most("advice_per_day_max", courtesy.advice_per_day_max);
}

}  // namespace

void read_manners(YamlMap map, dispatch::Manners& manners) {
  read_courtesy(map, manners.usual);
  auto tenants = map.has("tenants") ? map.maps("tenants") : std::vector<YamlMap>{};
  if (tenants.size() > tenants_max)
    map.wrong("tenants", "too_many_items", fmt::format("may hold {} tenants at most", tenants_max));
  for (auto& own : tenants) {
    const auto slug = own.required_text("tenant");
    auto courtesy = manners.usual;
    read_courtesy(own, courtesy);
    own.finish();
    if (!manners.of_tenant.emplace(slug, std::move(courtesy)).second)
      own.wrong("tenant", "duplicate_name", fmt::format("\"{}\" stands twice in the list", slug));
  }
  map.finish();
}

}  // namespace rappel::app
