// SPDX-License-Identifier: Apache-2.0
// What goes on between a citizen and an administration: declarations, claims, letters, steps.
#include <array>

#include "profile/effects.hpp"

namespace rappel::profile {
namespace {

void declaration_filed(Profile& profile, const Event& event) {
  const auto kind = read::text(event.data, "kind");
  const auto* year = read::member(event.data, "year");
  const int number = year == nullptr ? 0 : int(year->as_int64());
  if (kind == "income_tax" && number != 0) profile.tax.filed_years.insert(number);
  if (profile.filings.size() >= facts_max) profile.filings.erase(profile.filings.begin());
  profile.filings.push_back({kind, number, told_day(profile, event)});
}

void claim_made(Profile& profile, const Event& event) {
  const auto& data = event.data;
  auto& claim = find_or_add(profile.claims, read::text(data, "claim"));
  merge_text(claim.kind, data, "kind");
  merge_text(claim.label, data, "label");
  merge_text(claim.silence, data, "silence");
  claim.decision_delay = calendar::parse_period(read::text(data, "decision_delay"));
  claim.made_on = read::date(data, "made_on").value_or(day_of(profile, event));
}

template <typename Set>
void change_claim(Profile& profile, const Event& event, Set set) {
  const auto id = read::text(event.data, "claim");
  for (auto& claim : profile.claims) {
    if (claim.id == id) set(claim, told_day(profile, event));
  }
}

void claim_renewed(Profile& profile, const Event& event) {
  change_claim(profile, event, [](Claim& claim, CivilDate on) { claim.renewed_on = on; });
}

void claim_decided(Profile& profile, const Event& event) {
  change_claim(profile, event, [](Claim& claim, CivilDate on) { claim.decided_on = on; });
}

void procedure_advanced(Profile& profile, const Event& event) {
  const auto& data = event.data;
  if (profile.progress.size() >= facts_max) profile.progress.erase(profile.progress.begin());
  profile.progress.push_back({read::text(data, "rule"), read::text(data, "subject"),
                              read::text(data, "step"), told_day(profile, event)});
}

void document_requested(Profile& profile, const Event& event) {
  const auto& data = event.data;
  auto& claim = find_or_add(profile.claims, read::text(data, "claim"));
  claim.label = read::text(data, "label");
  DocumentRequest request;
  request.requested_on = read::date(data, "received_on").value_or(day_of(profile, event));
  if (const auto delay = calendar::parse_period(read::text(data, "delay"))) {
    request.delay = delay;
    request.due_on = calendar::add(request.requested_on, *delay);
  } else {
    request.due_on = read::date(data, "due_on").value_or(request.requested_on);
  }
  request.documents = read::texts(data, "documents");
  if (claim.requests.size() >= facts_max) claim.requests.erase(claim.requests.begin());
  claim.requests.push_back(std::move(request));
}

/// Marks what came; the day of the last piece closes the request.
void receive(DocumentRequest& request, const std::vector<std::string>& documents, CivilDate on) {
  if (request.received_on) return;
  const auto& list = documents.empty() ? request.documents : documents;
  for (const auto& document : list) {
    if (std::find(request.documents.begin(), request.documents.end(), document) !=
        request.documents.end())
      request.received.insert(document);
  }
  const bool all =
      std::all_of(request.documents.begin(), request.documents.end(),
                  [&](const std::string& document) { return request.received.contains(document); });
  if (all) request.received_on = on;
}

void document_received(Profile& profile, const Event& event) {
  const auto id = read::text(event.data, "claim");
  const auto documents = read::texts(event.data, "documents");
  for (auto& claim : profile.claims) {
    if (claim.id != id) continue;
    for (auto& request : claim.requests) receive(request, documents, day_of(profile, event));
  }
}

void deadline_done(Profile& profile, const Event& event) {
  Done mark{read::text(event.data, "rule"), read::text(event.data, "subject"),
            read::text(event.data, "occurrence"), day_of(profile, event)};
  if (profile.done.size() >= facts_max) profile.done.erase(profile.done.begin());
  profile.done.push_back(std::move(mark));
}

void school_grant_requested(Profile& profile, const Event& event) {
  auto& claim = find_or_add(profile.claims, read::text(event.data, "claim"));
  claim.kind = "school_grant";
  merge_text(claim.label, event.data, "label");
  claim.made_on = read::date(event.data, "made_on").value_or(day_of(profile, event));
}

constexpr std::array on_procedures{
    Effect{"declaration.filed", declaration_filed},
    Effect{"claim.made", claim_made},
    Effect{"claim.renewed", claim_renewed},
    Effect{"claim.decided", claim_decided},
    Effect{"document.requested", document_requested},
    Effect{"document.received", document_received},
    Effect{"deadline.done", deadline_done},
    Effect{"procedure.advanced", procedure_advanced},
    Effect{"school_grant.requested", school_grant_requested}};

}  // namespace

std::span<const Effect> effects_on_procedures() { return on_procedures; }

}  // namespace rappel::profile
