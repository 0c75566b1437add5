// SPDX-License-Identifier: Apache-2.0
// What a citizen has: documents, vehicles, benefits, children; and what happened to them.
#include <array>

#include "profile/effects.hpp"

namespace rappel::profile {
namespace {

void document_issued(Profile& profile, const Event& event) {
  const auto& data = event.data;
  const auto kind = read::text(data, "kind");
  auto id = read::text(data, "id");
  if (id.empty()) id = kind + "-" + read::text(data, "issued_on");
  auto& document = find_or_add(profile.documents, id);
  document.kind = kind;
  document.issued_on = read::date(data, "issued_on");
  document.expires_on = read::date(data, "expires_on");
  document.format = read::text(data, "format");
  document.category = read::text(data, "category");
  document.permanent = read::boolean(data, "permanent");
}

void vehicle_registered(Profile& profile, const Event& event) {
  const auto& data = event.data;
  auto& vehicle = find_or_add(profile.vehicles, read::text(data, "id"));
  vehicle.category = read::text(data, "category");
  vehicle.first_registered_on = read::date(data, "first_registered_on");
  if (const auto test = read::date(data, "last_test_on")) vehicle.last_test_on = test;
  vehicle.collection = read::boolean(data, "collection");
  vehicle.sold_on.reset();
}

void vehicle_inspected(Profile& profile, const Event& event) {
  find_or_add(profile.vehicles, read::text(event.data, "id")).last_test_on =
      told_day(profile, event);
}

void vehicle_sold(Profile& profile, const Event& event) {
  find_or_add(profile.vehicles, read::text(event.data, "id")).sold_on = told_day(profile, event);
}

/// Granted anew: what was asked for has been answered.
void benefit_granted(Profile& profile, const Event& event) {
  const auto& data = event.data;
  const auto kind = read::text(data, "kind");
  const auto id = read::text(data, "id");
  auto& benefit = find_or_add(profile.benefits, id.empty() ? kind : id);
  const auto opened = benefit.opened_on;
  benefit = {.id = benefit.id, .kind = kind};
  benefit.opened_on = read::date(data, "opened_on");
  if (!benefit.opened_on) benefit.opened_on = opened;
  benefit.ends_on = read::date(data, "ends_on");
  benefit.review_on = read::date(data, "review_on");
  benefit.next_statement_on = read::date(data, "next_statement_on");
  benefit.permanent = read::boolean(data, "permanent");
}

/// The benefit of this id, when there is one: nothing is made of a mere mention.
template <typename Set>
void change_benefit(Profile& profile, const Event& event, Set set) {
  const auto id = read::text(event.data, "id");
  for (auto& benefit : profile.benefits) {
    if (benefit.id == id) set(benefit, told_day(profile, event));
  }
}

void benefit_renewal_filed(Profile& profile, const Event& event) {
  change_benefit(profile, event,
                 [](Benefit& benefit, CivilDate on) { benefit.renewal_filed_on = on; });
}

void benefit_ended(Profile& profile, const Event& event) {
  change_benefit(profile, event, [](Benefit& benefit, CivilDate on) { benefit.ended_on = on; });
}

/// Its id stands in the clear in the database: it is never made of the child's name or birth.
void child_born(Profile& profile, const Event& event) {
  const auto& data = event.data;
  const auto name = read::text(data, "given_name");
  const auto birthdate = read::date(data, "birthdate");
  auto id = read::text(data, "id");
  for (const auto& known : profile.children) {
    if (id.empty() && known.birthdate == birthdate && known.given_name == name) id = known.id;
  }
  if (id.empty()) {
    id = free_id("child", [&](const std::string& candidate) {
      return std::any_of(profile.children.begin(), profile.children.end(),
                         [&](const Child& child) { return child.id == candidate; });
    });
  }
  auto& child = find_or_add(profile.children, id);
  child.given_name = name;
  child.birthdate = birthdate;
  child.handicap = read::boolean(data, "handicap");
}

/// Whether two tellings are of one and the same happening.
bool same_happening(const Happening& a, const Happening& b) {
  return a.type == b.type && a.on == b.on && a.kind == b.kind && a.label == b.label;
}

constexpr std::array on_belongings{
    Effect{"identity_document.issued", document_issued},
    Effect{"document.issued", document_issued},
    Effect{"vehicle.registered", vehicle_registered},
    Effect{"vehicle.inspected", vehicle_inspected},
    Effect{"vehicle.sold", vehicle_sold},
    Effect{"benefit.granted", benefit_granted},
    Effect{"benefit.renewal_filed", benefit_renewal_filed},
    Effect{"benefit.ended", benefit_ended},
    Effect{"child.born", child_born}};

}  // namespace

std::span<const Effect> effects_on_belongings() { return on_belongings; }

void remember_happening(Profile& profile, const Event& event) {
  const auto& data = event.data;
  Happening told;
  told.type = event.type;
  told.on = event.type == "child.born"
                ? read::date(data, "birthdate").value_or(day_of(profile, event))
                : told_day(profile, event);
  told.kind = read::text(data, "kind");
  told.place = read::text(data, "place");
  told.label = read::text(data, "label");
  told.online = read::boolean(data, "online");
  told.heir = read::boolean(data, "heir");
  told.id = read::text(data, "id");
  for (const auto& known : profile.happenings) {
    if (told.id.empty() && same_happening(known, told)) told.id = known.id;
  }
  const auto taken = [&](const std::string& id) {
    return std::any_of(profile.happenings.begin(), profile.happenings.end(),
                       [&](const Happening& known) { return known.id == id; });
  };
  if (told.id.empty()) told.id = free_id(told.type + "-" + to_iso(told.on), taken);
  // Another thing may bear the same id: a vehicle bought and then sold.
  if (event.type == "vehicle.sold" || event.type == "child.born") told.id = event.type + "/" + told.id;
  find_or_add(profile.happenings, told.id) = told;
}

}  // namespace rappel::profile
