// SPDX-License-Identifier: Apache-2.0
#include "planner/fields.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/nearest.hpp"

namespace rappel::planner {

const boost::json::value* Fields::find(std::string_view name) {
  if (std::find(known_.begin(), known_.end(), name) == known_.end()) known_.emplace_back(name);
  const auto* found = object_.if_contains(name);
  return found == nullptr || found->is_null() ? nullptr : found;
}

bool Fields::has(std::string_view name) { return find(name) != nullptr; }

void Fields::wrong(std::string_view name, std::string code, std::string detail, std::string mend) {
  if (problem_) return;
  problem_ = Problem{ProblemKind::invalid, std::move(code), std::move(detail),
                     pointer_ + (name.empty() ? "" : "/" + std::string(name)), std::move(mend)};
}

std::optional<std::string> Fields::text(std::string_view name, std::size_t bytes_max) {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) {
    wrong(name, "wrong_type", "must be a text");
    return std::nullopt;
  }
  std::string text(value->get_string());
  if (text.empty() || text.size() > bytes_max) {
    wrong(name, "wrong_length", fmt::format("must have 1 to {} bytes", bytes_max));
    return std::nullopt;
  }
  return text;
}

std::string Fields::required_text(std::string_view name, std::size_t bytes_max) {
  auto found = text(name, bytes_max);
  if (!found) wrong(name, "missing_field", fmt::format("\"{}\" is required", name));
  return found.value_or("");
}

std::optional<CivilDate> Fields::date(std::string_view name) {
  const auto found = text(name, 10);
  if (!found) return std::nullopt;
  const auto date = parse_iso_date(*found);
  if (!date)
    wrong(name, "not_a_date", "is not a date that exists", "write YYYY-MM-DD, such as 2026-11-24");
  return date;
}

std::optional<Instant> Fields::instant(std::string_view name) {
  const auto found = text(name, 40);
  if (!found) return std::nullopt;
  const auto instant = parse_rfc3339(*found);
  if (!instant)
    wrong(name, "not_an_instant", "is not an instant that exists",
          "write RFC 3339 with an offset, such as 2026-11-24T09:00:00+01:00");
  return instant;
}

const boost::json::object* Fields::object(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr) return nullptr;
  if (!value->is_object()) wrong(name, "wrong_type", "must be an object");
  return value->if_object();
}

const boost::json::array* Fields::list(std::string_view name, std::size_t items_max) {
  const auto* value = find(name);
  if (value == nullptr) return nullptr;
  const auto* items = value->if_array();
  if (items == nullptr) {
    wrong(name, "wrong_type", "must be a list");
  } else if (items->size() > items_max) {
    wrong(name, "too_many_items", fmt::format("may hold {} items at most", items_max));
    return nullptr;
  }
  return items;
}

std::optional<Problem> Fields::finish() {
  for (const auto& member : object_) {
    const std::string name(member.key());
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    const auto nearest = nearest_name(name, known_);
    wrong(name, "unknown_field", fmt::format("\"{}\" is not a field here", name),
          nearest.empty() ? "" : fmt::format("did you mean \"{}\"?", nearest));
  }
  return problem_;
}

}  // namespace rappel::planner
