// SPDX-License-Identifier: Apache-2.0
#include "planner/event_request.hpp"

#include <fmt/format.h>

#include "planner/fields.hpp"
#include "profile/vocabulary.hpp"

namespace rappel::planner {
namespace {

constexpr std::size_t event_type_bytes_max = 64;
/// Where in its day an event stands that gives no hour.
constexpr std::chrono::minutes noon{12 * 60};
/// An event may say that it happened this far in the future: clocks differ a little.
constexpr std::chrono::minutes future_grace{5};
constexpr const char* in_the_future = "an event is something that has happened";

std::string_view text_of(const boost::json::object& data, std::string_view key) {
  const auto* value = data.if_contains(key);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string())
                                                : std::string_view();
}

Expected<ToldEvent> read_event(const boost::json::object& item, const std::string& pointer,
                           const Request& request, std::string_view country) {
  Fields fields(item, pointer);
  ToldEvent told;
  Event& event = told.event;
  event.type = fields.required_text("type", event_type_bytes_max);
  const auto at = fields.instant("occurred_at");
  told.on = fields.date("occurred_on");
  told.pointer = pointer;
  const auto* data = fields.object("data");
  event.recorded_at = request.now;
  event.occurred_at = at.value_or(request.now);
  if (at && told.on)
    fields.wrong("occurred_on", "two_instants", "cannot stand beside \"occurred_at\"");
  if (event.occurred_at > request.now + future_grace)
    fields.wrong("occurred_at", "in_the_future", in_the_future);
  if (auto problem = fields.finish()) return tl::unexpected(std::move(*problem));
  auto checked = profile::check_event(event.type, data != nullptr ? *data : boost::json::object{},
                                      country);
  if (!checked) {
    Problem problem = checked.error();
    // An unknown type is the event's own fault, anything else its data's.
    const bool of_type =
        problem.code == "unknown_event_type" || problem.code == "reserved_event_type";
    problem.where = pointer + (of_type ? "/type" : "/data" + problem.where);
    return tl::unexpected(std::move(problem));
  }
  event.data = std::move(*checked);
  event.source = request.source;
  return told;
}

}  // namespace

Expected<std::vector<ToldEvent>> read_events(const Request& request,
                                             const boost::json::object& body,
                                             std::size_t events_max, std::string_view country) {
  std::vector<ToldEvent> events;
  const auto* list = body.if_contains("events");
  if (list == nullptr) {
    auto event = read_event(body, "", request, country);
    if (!event) return tl::unexpected(event.error());
    events.push_back(std::move(*event));
    return events;
  }
  Fields fields(body);
  const auto* items = fields.list("events", events_max);
  if (items != nullptr && items->empty())
    fields.wrong("events", "empty_list", "holds no event");
  if (auto problem = fields.finish()) return tl::unexpected(std::move(*problem));
  if (items == nullptr)  // null
    return refuse(ProblemKind::invalid, "wrong_type", "must be a list", "/events");
  for (std::size_t i = 0; i < items->size(); ++i) {
    const auto pointer = fmt::format("/events/{}", i);
    const auto* item = (*items)[i].if_object();
    if (item == nullptr)
      return refuse(ProblemKind::invalid, "wrong_type", "must be an object", pointer);
    auto event = read_event(*item, pointer, request, country);
    if (!event) return tl::unexpected(event.error());
    events.push_back(std::move(*event));
  }
  return events;
}

std::optional<Problem> not_yet_born(const boost::json::object& data, CivilDate today,
                                    const std::string& pointer) {
  const auto born = parse_iso_date(text_of(data, "birthdate"));
  if (!born || std::chrono::sys_days(*born) <= std::chrono::sys_days(today)) return std::nullopt;
  return Problem{ProblemKind::invalid, "in_the_future", "nobody is born on a day that has not come",
                 pointer, {}};
}

Expected<std::vector<Event>> place_events(std::vector<ToldEvent> told, const calendar::Zone& zone,
                                          Instant now) {
  const auto today = calendar::to_local(now, zone).date;
  std::vector<Event> events;
  for (auto& each : told) {
    if (each.on) {
      if (std::chrono::sys_days(*each.on) > std::chrono::sys_days(today))
        return refuse(ProblemKind::invalid, "in_the_future", in_the_future,
                      each.pointer + "/occurred_on");
      each.event.occurred_at = std::min(now, calendar::to_instant(*each.on, noon, zone));
    }
    if (auto problem = not_yet_born(each.event.data, today, each.pointer + "/data/birthdate"))
      return tl::unexpected(std::move(*problem));
    events.push_back(std::move(each.event));
  }
  return events;
}

}  // namespace rappel::planner
