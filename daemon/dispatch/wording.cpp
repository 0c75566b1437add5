// SPDX-License-Identifier: Apache-2.0
#include "dispatch/wording.hpp"

#include <fmt/format.h>

#include "calendar/zone.hpp"

namespace rappel::dispatch {
namespace {

/// A sentence in the language of the reader.
struct Sentence {
  std::string fr, en;
  [[nodiscard]] const std::string& in(Language language) const {
    return language == Language::fr ? fr : en;
  }
};

std::string text_of(const boost::json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

/// A {fr, en} member of an explanation, in the reader's language.
std::string sentence_of(const boost::json::object& explanation, std::string_view key,
                        Language language) {
  const auto* value = explanation.if_contains(key);
  if (value == nullptr || !value->is_object()) return {};
  return text_of(value->get_object(), to_string(language));
}

std::string all_laws(const boost::json::object& explanation) {
  std::string text;
  const auto* laws = explanation.if_contains("legal");
  if (laws == nullptr || !laws->is_array()) return text;
  for (const auto& law : laws->get_array()) {
    if (!text.empty()) text += " ; ";
    text += text_of(law.get_object(), "text");
  }
  return text;
}

void put(message::Values& values, const char* name, std::string text) {
  if (!text.empty()) values[name] = std::move(text);
}

/// Who writes to whom, and which human answers.
void put_people(message::Values& values, const Parcel& parcel) {
  const auto& profile = parcel.profile;
  put(values, "tenant_name", parcel.tenant.name);
  put(values, "given_name", profile.given_name);
  const auto& family =
      profile.preferred_username.empty() ? profile.family_name : profile.preferred_username;
  put(values, "reader_name", profile.given_name + (family.empty() ? "" : " " + family));
  const auto& human = profile.human_contact;
  put(values, "human_phone",
      human && !human->phone.empty() ? human->phone : parcel.tenant.human_phone);
  put(values, "human_name", human && !human->name.empty() ? human->name : parcel.tenant.human_name);
}

/// The reasons of a message that no rule made: somebody of the administration asked for it.
void put_caseworker_reasons(message::Values& values, const Parcel& parcel, Language language) {
  const Sentence reason{fmt::format("Une personne de {} a prévu ce message pour vous.", parcel.tenant.name),
                        fmt::format("Somebody at {} planned this message for you.", parcel.tenant.name)};
  const Sentence rule{"message prévu par un agent", "message planned by a caseworker"};
  const Sentence law{"RGPD, article 6, 1, e : mission d'intérêt public",
                     "GDPR, article 6(1)(e): task in the public interest"};
  const Sentence law_short{"RGPD art. 6", "GDPR art. 6"};
  put(values, "reason", reason.in(language));
  put(values, "rule_name", rule.in(language));
  put(values, "legal_reference", law.in(language));
  put(values, "legal_short", law_short.in(language));
  put(values, "title", fmt::format("{}", parcel.tenant.name));
}

void put_rule_reasons(message::Values& values, const Deadline& deadline, Language language) {
  const auto& explanation = deadline.explanation;
  put(values, "title", sentence_of(explanation, "title", language));
  put(values, "reason", sentence_of(explanation, "line", language));
  put(values, "rule_name", fmt::format("{} (version {})", deadline.rule, deadline.rule_version));
  put(values, "legal_reference", all_laws(explanation));
  put(values, "legal_short", text_of(explanation, "legal_short"));
}

void put_dates(message::Values& values, const Parcel& parcel, Instant now) {
  const auto& reminder = parcel.claimed.reminder;
  if (!reminder.due_on) return;
  const auto today = calendar::to_local(now, parcel.profile.zone()).date;
  const auto left = std::chrono::sys_days(*reminder.due_on) - std::chrono::sys_days(today);
  values["due_on"] = *reminder.due_on;
  values["days_left"] = std::int64_t(std::max<std::int64_t>(0, left.count()));
  if (parcel.claimed.deadline && parcel.claimed.deadline->safe_on)
    values["safe_on"] = *parcel.claimed.deadline->safe_on;
}

/// How a person calls the way by which a message comes.
Sentence by_channel(Channel channel) {
  switch (channel) {
    case Channel::email: return {"Par e-mail", "By e-mail"};
    case Channel::sms: return {"Par SMS", "By SMS"};
    case Channel::inapp: return {"Dans votre boîte de messages", "In your inbox"};
    case Channel::push: return {"Par notification", "By notification"};
    case Channel::letter: return {"Par courrier", "By letter"};
    case Channel::call: return {"Par téléphone", "By phone"};
    case Channel::webhook: return {"Par un service relié", "By a connected service"};
  }
  return {};
}

}  // namespace

message::Request message_request(const message::Catalogue& messages, const Parcel& parcel,
                                 Instant now) {
  message::Request request;
  request.message = parcel.claimed.reminder.message;
  request.channel = parcel.course.route->channel;
  request.language = parcel.profile.preferences.language;
  // A message that is not there in the reader's language is in another one whole, reasons included.
  if (const auto* found = messages.find(request.message, request.language))
    request.language = found->language;
  request.level = parcel.profile.preferences.reading_level;
  request.values = parcel.claimed.reminder.values;
  put_people(request.standard, parcel);
  if (parcel.claimed.deadline) {
    put_rule_reasons(request.standard, *parcel.claimed.deadline, request.language);
  } else {
    put_caseworker_reasons(request.standard, parcel, request.language);
  }
  put_dates(request.standard, parcel, now);
  return request;
}

boost::json::object explain_channel(const Parcel& parcel) {
  const auto channel = parcel.course.route->channel;
  const Sentence by = by_channel(channel);
  Sentence why{": c'est le premier moyen de vous joindre que nous ayons.",
               "the first way to reach you that we have."};
  if (parcel.course.series > 0) {
    why = {": le moyen précédent n'a pas abouti.", "the way before it did not work."};
  } else if (!parcel.claimed.reminder.channels.empty()) {
    why = {": choisi par la personne qui a prévu ce message.", "chosen by whoever planned this message."};
  } else if (!parcel.profile.preferences.channels.empty()) {
    why = {": le moyen que vous préférez.", "the way you prefer."};
  }
  return {{"channel", to_string(channel)},
          {"fr", by.fr + " " + why.fr},
          {"en", by.en + ": " + why.en}};
}

}  // namespace rappel::dispatch
