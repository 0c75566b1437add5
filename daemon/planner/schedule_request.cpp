// SPDX-License-Identifier: Apache-2.0
#include "planner/schedule_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "calendar/period.hpp"
#include "planner/fields.hpp"
#include "profile/shape.hpp"

namespace rappel::planner {
namespace {

constexpr std::size_t name_bytes_max = 100;
constexpr std::size_t offsets_max = 20;
/// How far in the past `send_at` may be: clocks differ a little.
constexpr std::chrono::seconds past_grace{60};

std::optional<std::chrono::minutes> parse_hour(std::string_view text) {
  int hour = 0;
  int minute = 0;
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto h = std::from_chars(text.data(), text.data() + 2, hour);
  const auto m = std::from_chars(text.data() + 3, text.data() + 5, minute);
  if (h.ptr != text.data() + 2 || m.ptr != text.data() + 5) return std::nullopt;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return std::nullopt;
  return std::chrono::minutes{hour * 60 + minute};
}

void read_channels(Fields& fields, ScheduleRequest& request) {
  const auto* list = fields.list("channels", 7);
  if (list == nullptr) return;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto* name = (*list)[i].if_string();
    const auto channel = name != nullptr ? parse_channel(*name) : std::nullopt;
    if (!channel) {
      fields.wrong(fmt::format("channels/{}", i), "unknown_channel", "is not a channel",
                   "one of email, sms, inapp, push, letter, call, webhook");
      return;
    }
    if (std::find(request.channels.begin(), request.channels.end(), *channel) !=
        request.channels.end()) {
      fields.wrong(fmt::format("channels/{}", i), "stands_twice", "stands twice in the list");
      return;
    }
    request.channels.push_back(*channel);
  }
  if (list->empty())
    fields.wrong("channels", "empty_list", "names no channel",
                 "leave it out for the citizen's own order");
}

void read_offsets(Fields& fields, ScheduleRequest& request) {
  const auto* list = fields.list("offsets", offsets_max);
  if (list == nullptr) return;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto* text = (*list)[i].if_string();
    if (text == nullptr || !calendar::parse_period(*text)) {
      fields.wrong(fmt::format("offsets/{}", i), "not_a_period", "is not an ISO 8601 period",
                   "write -P30D for 30 days before the due date, -P3M for three months");
      return;
    }
    request.offsets.emplace_back(*text);
  }
}

void read_when(Fields& fields, ScheduleRequest& request) {
  request.send_at = fields.instant("send_at");
  request.due_on = fields.date("due_on");
  request.expires_at = fields.instant("expires_at");
  read_offsets(fields, request);
  if (const auto at = fields.text("at", 5)) {
    const auto hour = parse_hour(*at);
    if (!hour) fields.wrong("at", "not_an_hour", "is not an hour of the day", "write 09:00");
    request.at = hour.value_or(request.at);
  }
  if (!request.send_at && request.offsets.empty())
    fields.wrong("", "no_instant", "says neither when to send nor what to count from",
                 "give \"send_at\", or \"due_on\" with \"offsets\"");
  if (request.send_at && !request.offsets.empty())
    fields.wrong("offsets", "two_instants", "cannot stand beside \"send_at\"",
                 "give one of the two");
  if (!request.offsets.empty() && !request.due_on)
    fields.wrong("due_on", "missing_field", "\"offsets\" are counted from \"due_on\"");
}

}  // namespace

Expected<ScheduleRequest> read_schedule_request(const boost::json::object& body) {
  ScheduleRequest request;
  Fields fields(body);
  request.citizen = fields.required_text("citizen", reference_bytes_max);
  request.message = fields.required_text("template", name_bytes_max);
  if (auto topic = fields.text("topic", name_bytes_max)) {
    if (!profile::is_topic(*topic))
      fields.wrong("topic", "not_a_topic", "must be a lower-case word such as identity",
                   "a citizen mutes it by this word");
    request.topic = *topic;
  }
  if (const auto lane = fields.text("lane", name_bytes_max)) {
    const auto known = parse_lane(*lane);
    if (!known)
      fields.wrong("lane", "unknown_lane", "is not a lane",
                   "one of legal_deadline, transactional, advice");
    request.lane = known.value_or(request.lane);
  }
  if (const auto* values = fields.object("values")) request.values = *values;
  read_channels(fields, request);
  read_when(fields, request);
  if (auto problem = fields.finish()) return tl::unexpected(std::move(*problem));
  return request;
}

namespace {

struct Moment {
  std::string stage;
  Instant at;
};

std::vector<Moment> moments_of(const ScheduleRequest& request, const calendar::Zone& zone) {
  std::vector<Moment> moments;
  if (request.send_at) {
    moments.push_back({"once", *request.send_at});
    return moments;
  }
  for (const auto& offset : request.offsets) {
    const auto period = calendar::parse_period(offset);
    const CivilDate day =
        calendar::add(*request.due_on, *period, calendar::MonthRule::quantieme);
    moments.push_back({offset, calendar::to_instant(day, request.at, zone)});
  }
  return moments;
}

/// When the message loses its sense: as asked, else with the end of the due date.
std::optional<Instant> expiry_of(const ScheduleRequest& request, const calendar::Zone& zone) {
  if (request.expires_at || !request.due_on) return request.expires_at;
  return calendar::to_instant(calendar::add_days(*request.due_on, 1), std::chrono::minutes{0}, zone);
}

Expected<void> check_moment(const ScheduleRequest& request, std::size_t index, Instant at,
                            std::optional<Instant> expires_at, Instant now,
                            std::chrono::years horizon_max) {
  const std::string where = request.send_at ? "/send_at" : fmt::format("/offsets/{}", index);
  if (at < now - past_grace)
    return refuse(ProblemKind::invalid, "in_the_past",
                  fmt::format("would have been sent on {}", to_rfc3339(at)), where,
                  "give an instant to come");
  if (at > now + horizon_max)
    return refuse(ProblemKind::invalid, "beyond_horizon",
                  fmt::format("is more than {} years ahead", horizon_max.count()), where);
  if (expires_at && at >= *expires_at)
    return refuse(ProblemKind::invalid, "expires_before_sending",
                  "the message would have expired before it is sent",
                  request.expires_at ? "/expires_at" : where);
  return {};
}

}  // namespace

Problem no_such_citizen() {
  return {ProblemKind::invalid, "unknown_citizen", "no citizen has this reference", "/citizen",
          "create the citizen first: PUT /v1/citizens/{ref}"};
}

Problem too_many_reminders(std::size_t most) {
  return {ProblemKind::too_many, "too_many_reminders",
          fmt::format("a citizen may have {} waiting reminders at most", most), "/citizen", ""};
}

std::vector<Reminder> reminders_of(const ScheduleRequest& request, CitizenId citizen,
                                   const calendar::Zone& zone) {
  const auto expires_at = expiry_of(request, zone);
  std::vector<Reminder> reminders;
  for (const auto& moment : moments_of(request, zone)) {
    Reminder reminder;
    reminder.id = ReminderId::random(citizen.shard());
    reminder.citizen = citizen;
    reminder.stage = moment.stage;
    reminder.message = request.message;
    reminder.topic = request.topic;
    reminder.lane = request.lane;
    reminder.due_at = moment.at;
    reminder.next_at = moment.at;
    reminder.due_on = request.due_on;
    reminder.channels = request.channels;
    reminder.values = request.values;
    reminder.expires_at = expires_at;
    reminders.push_back(std::move(reminder));
  }
  return reminders;
}

Expected<void> check_moments(const ScheduleRequest& request, const std::vector<Reminder>& reminders,
                             Instant now, std::chrono::years horizon_max) {
  for (std::size_t i = 0; i < reminders.size(); ++i) {
    auto checked =
        check_moment(request, i, reminders[i].due_at, reminders[i].expires_at, now, horizon_max);
    if (!checked) return checked;
  }
  return {};
}

}  // namespace rappel::planner
