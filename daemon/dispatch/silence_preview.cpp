// SPDX-License-Identifier: Apache-2.0
#include "dispatch/silence_preview.hpp"

#include "dispatch/ladder.hpp"
#include "dispatch/restraint.hpp"

namespace rappel::dispatch {
namespace {

void note(SilencePreview& preview, const Parcel& parcel, const SilenceSubject& subject,
          Instant ends_at) {
  const Reminder& reminder = parcel.claimed.reminder;
  const auto useful = useful_until(parcel);
  ++preview.matching;
  if (reminder.statutory || reminder.lane == Lane::legal_deadline) ++preview.legal;
  if (useful && ends_at >= *useful) ++preview.too_late;
  if (preview.samples.size() < preview_samples_max)
    preview.samples.push_back({reminder, subject.rule, subject.notifier});
}

SilenceSubject subject_of(const Parcel& parcel, std::span<const Route> routes) {
  const auto rungs = ladder(parcel, routes);
  SilenceSubject subject;
  if (parcel.claimed.deadline) subject.rule = parcel.claimed.deadline->rule;
  subject.departement = parcel.profile.departement();
  for (const auto& rung : rungs) {
    if (rung.address.empty()) continue;
    subject.notifier = rung.route->notifier;
    break;
  }
  return subject;
}

}  // namespace

SilencePreview preview_silence(store::Store& store, const store::Tenant& tenant,
                               std::span<const Route> routes, const Silence& silence) {
  SilencePreview preview;
  auto waiting =
      store.waiting(tenant.id, {silence.ends_at, silence.rule, preview_looks_max + 1});
  preview.complete = waiting.size() <= preview_looks_max;
  if (!preview.complete) waiting.pop_back();
  for (auto& each : waiting) {
    if (!each.readable) continue;
    Parcel parcel;
    parcel.tenant = tenant;
    parcel.profile = profile::profile_from_json(each.citizen.profile, tenant.zone);
    parcel.claimed = std::move(each);
    const auto subject = subject_of(parcel, routes);
    if (matches(silence, subject)) note(preview, parcel, subject, silence.ends_at);
  }
  return preview;
}

boost::json::object view(const SilencePreview& preview) {
  boost::json::array samples;
  for (const auto& sample : preview.samples) {
    samples.push_back({{"id", sample.reminder.id.to_string()},
                       {"due_at", to_rfc3339(sample.reminder.due_at)},
                       {"next_at", to_rfc3339(sample.reminder.next_at)},
                       {"template", sample.reminder.message},
                       {"rule", sample.rule},
                       {"notifier", sample.notifier},
                       {"statutory", sample.reminder.statutory}});
  }
  return {{"matching", preview.matching},
          {"legal", preview.legal},
          {"too_late", preview.too_late},
          {"complete", preview.complete},
          {"samples", std::move(samples)}};
}

}  // namespace rappel::dispatch
