// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "profile/json_read.hpp"
#include "profile/profile.hpp"

// What the effects of events share. Private to the fold of a profile.

namespace rappel::profile {

using Apply = void (*)(Profile&, const Event&);

/// The effect of one type of event.
struct Effect {
  std::string_view type;
  Apply apply;
};

/// Of documents, vehicles, benefits and children.
std::span<const Effect> effects_on_belongings();
/// Of declarations, claims and procedures.
std::span<const Effect> effects_on_procedures();
/// Keeps a life event.
void remember_happening(Profile& profile, const Event& event);

inline CivilDate day_of(const Profile& profile, const Event& event) {
  return calendar::to_local(event.occurred_at, profile.zone()).date;
}

/// The day that the event's data names, else the day of the event.
inline CivilDate told_day(const Profile& profile, const Event& event) {
  return read::date(event.data, "on").value_or(day_of(profile, event));
}

inline void merge_text(std::string& fact, const boost::json::object& data, std::string_view name) {
  if (data.contains(name)) fact = read::text(data, name);
}

/// The item with this id, made when there is none; the oldest leave when there are too many.
template <typename Item>
Item& find_or_add(std::vector<Item>& items, const std::string& id) {
  const auto found =
      std::find_if(items.begin(), items.end(), [&](const Item& item) { return item.id == id; });
  if (found != items.end()) return *found;
  if (items.size() >= facts_max) items.erase(items.begin());
  items.push_back({});
  items.back().id = id;
  return items.back();
}

/// The first of "prefix", "prefix-2", … that `taken` leaves free.
template <typename Taken>
std::string free_id(const std::string& prefix, Taken taken) {
  std::string id = prefix;
  for (int number = 2; taken(id); ++number) id = fmt::format("{}-{}", prefix, number);
  return id;
}

}  // namespace rappel::profile
