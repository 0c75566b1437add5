// SPDX-License-Identifier: Apache-2.0
#include "profile/vocabulary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <vector>

#include "base/nearest.hpp"
#include "calendar/zone.hpp"
#include "profile/phone.hpp"

namespace rappel::profile {
namespace {

namespace json = boost::json;

tl::unexpected<Problem> wrong_data(std::string pointer, std::string code, std::string detail,
                                   std::string mend = {}) {
  return refuse(ProblemKind::invalid, std::move(code), std::move(detail), std::move(pointer),
                std::move(mend));
}

std::string nearest_type(std::string_view name) {
  std::vector<std::string> known;
  for (const auto& type : event_types()) {
    if (!type.ours) known.emplace_back(type.name);
  }
  const auto nearest = nearest_name(name, known);
  return nearest.empty() ? "see the vocabulary of events"
                         : fmt::format("did you mean \"{}\"?", nearest);
}

/// Each address in the form its channel needs; no two the same.
Expected<void> check_contacts(json::object& data, std::string_view country) {
  auto* contacts = data.if_contains("contacts");
  if (contacts == nullptr || !contacts->is_array()) return {};
  auto& list = contacts->get_array();
  for (std::size_t i = 0; i < list.size(); ++i) {
    auto& contact = list[i].get_object();
    const std::string pointer = fmt::format("/contacts/{}/address", i);
    auto address = check_address(contact.at("channel").get_string(),
                                 contact.at("address").get_string(), country);
    if (!address) {
      Problem problem = address.error();
      problem.where = pointer;
      return tl::unexpected(std::move(problem));
    }
    contact["address"] = *address;
    const auto twice = std::count_if(list.begin(), list.begin() + std::ptrdiff_t(i + 1),
                                     [&](const json::value& other) {
                                       return other.at("channel") == contact.at("channel") &&
                                              other.at("address") == contact.at("address");
                                     });
    if (twice > 1) return wrong_data(pointer, "duplicate_contact", "stands twice in the list");
  }
  return {};
}

Expected<void> check_request(const json::object& data) {
  if (data.contains("due_on") && data.contains("delay"))
    return wrong_data("/delay", "two_limits", "cannot stand beside \"due_on\"",
                      "give what the letter says: a date or a delay");
  if (!data.contains("due_on") && !data.contains("delay"))
    return wrong_data(
        "/due_on", "missing_field", "a date (due_on) or a delay is required",
        "the administration's letter fixes it; there is no general legal number of days");
  if (data.contains("due_on") && data.contains("received_on") &&
      data.at("due_on").get_string() < data.at("received_on").get_string())
    return wrong_data("/due_on", "before_its_start", "lies before the letter was received");
  return {};
}

Expected<void> check_document(const json::object& data) {
  if (data.contains("expires_on") &&
      data.at("expires_on").get_string() < data.at("issued_on").get_string())
    return wrong_data("/expires_on", "before_its_start", "lies before the document was issued");
  return {};
}

Expected<void> check_zone(const json::object& data) {
  const auto* name = data.if_contains("time_zone");
  if (name == nullptr || !name->is_string() || calendar::Zone::find(std::string(name->get_string())))
    return {};
  return wrong_data("/time_zone", "unknown_zone", "is not a time zone that we know",
                    "write an IANA name: Europe/Brussels");
}

Expected<void> check_human(json::object& data, std::string_view country) {
  auto* human = data.if_contains("human_contact");
  if (human == nullptr || !human->is_object()) return {};
  auto* phone = human->get_object().if_contains("phone");
  if (phone == nullptr || !phone->is_string()) return {};
  auto number = normalise_phone(phone->get_string(), country);
  if (number) {
    *phone = json::value(*number);
    return {};
  }
  Problem problem = number.error();
  problem.where = "/human_contact/phone";
  return tl::unexpected(std::move(problem));
}

Expected<void> check_citizen(json::object& data, std::string_view country) {
  if (auto zone = check_zone(data); !zone) return zone;
  if (auto human = check_human(data, country); !human) return human;
  return check_contacts(data, country);
}

/// Whoever looks at a silent citizen must find out who wanted it, and why.
Expected<void> check_pause(const json::object& data) {
  const auto* by = data.if_contains("by");
  const auto* reason = data.if_contains("reason");
  const bool by_caseworker = by != nullptr && by->get_string() == "caseworker";
  if (!by_caseworker || (reason != nullptr && !reason->get_string().empty())) return {};
  return wrong_data("/reason", "missing_field", "a caseworker's pause has a reason",
                    "say in a few words why this person gets no messages");
}

Expected<void> check_whole(std::string_view type, json::object& data, std::string_view country) {
  if (type == "citizen.updated") return check_citizen(data, country);
  if (type == "document.requested") return check_request(data);
  if (type == "messages.paused") return check_pause(data);
  if (type == "identity_document.issued" || type == "document.issued") return check_document(data);
  return {};
}

Expected<json::object> check_data(const EventType& type, const json::object& data,
                                  std::string_view country) {
  auto checked = check_shape(*type.data, data, "");
  if (!checked) return checked;
  if (auto whole = check_whole(type.name, *checked, country); !whole) return tl::unexpected(whole.error());
  return checked;
}

}  // namespace

const EventType* find_event_type(std::string_view name) {
  const auto types = event_types();
  const auto found = std::find_if(types.begin(), types.end(),
                                  [&](const EventType& type) { return type.name == name; });
  return found == types.end() ? nullptr : &*found;
}

Expected<json::object> check_event(std::string_view type, const json::object& data,
                                   std::string_view country) {
  const EventType* known = find_event_type(type);
  if (known == nullptr)
    return wrong_data("", "unknown_event_type", "is not an event that we know", nearest_type(type));
  if (known->ours)
    return refuse(ProblemKind::invalid, "reserved_event_type",
                  "is recorded by the daemon itself, never from outside");
  return check_data(*known, data, country);
}

Expected<json::object> check_citizen_update(const json::object& body, std::string_view country) {
  return check_data(*find_event_type("citizen.updated"), body, country);
}

Expected<std::string> check_address(std::string_view channel, std::string_view address,
                                    std::string_view country) {
  if (channel == "email") return normalise_email(address);
  if (channel == "sms" || channel == "call") {
    auto phone = normalise_phone(address, country);
    if (phone && channel == "sms" && phone->starts_with("+338"))
      return wrong_data("", "bad_phone", "is a special-rate number, which takes no SMS");
    return phone;
  }
  return std::string(address);
}

}  // namespace rappel::profile
