// SPDX-License-Identifier: Apache-2.0
#include "planner/silence_request.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "planner/fields.hpp"
#include "profile/place.hpp"

namespace rappel::planner {
namespace {

constexpr std::size_t rule_bytes_max = 120;
constexpr std::size_t notifier_bytes_max = 64;
constexpr std::size_t departement_bytes_max = 3;
constexpr std::size_t author_bytes_max = 100;
constexpr std::size_t comment_bytes_max = 500;

tl::unexpected<Problem> wrong_silence(std::string pointer, std::string code, std::string detail,
                                      std::string mend = {}) {
  return refuse(ProblemKind::invalid, std::move(code), std::move(detail), std::move(pointer),
                std::move(mend));
}

/// "fr.tax.income_tax" or "fr.tax.*".
bool is_rule_pattern(std::string_view text) {
  if (text.ends_with(".*")) text.remove_suffix(2);
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  });
}

/// "01" to "95", "2A", "2B", "971" to "988": those that an address can have.
bool is_departement(std::string_view code) {
  const int key = profile::departement_sort_key(code);
  if (code.size() == 2) return key > 0 && key <= 950 && code != "20";
  return code.size() == 3 && key >= 9'710 && key <= 9'880;
}

void read_matcher(Fields& fields, Silence& silence) {
  const auto* matcher = fields.object("matcher");
  if (matcher == nullptr) return;
  Fields inside(*matcher, "/matcher");
  silence.rule = inside.text("rule", rule_bytes_max).value_or("");
  silence.notifier = inside.text("notifier", notifier_bytes_max).value_or("");
  silence.departement = inside.text("departement", departement_bytes_max).value_or("");
  if (auto problem = inside.finish())
    fields.wrong(problem->where.substr(1), problem->code, problem->detail, problem->mend);
}

void read_expected(Fields& fields, const boost::json::object& body, SilenceRequest& request) {
  if (!fields.has("expected")) {
    fields.wrong("expected", "missing_field", "how many reminders the preview found is required",
                 "ask POST /v1/silences/preview and give its \"matching\"");
    return;
  }
  const auto* number = body.if_contains("expected");
  if (!number->is_int64() || number->get_int64() < 0)
    fields.wrong("expected", "wrong_type", "must be a whole number from 0");
  else
    request.expected = number->get_int64();
}

}  // namespace

Expected<void> check_silence(const Silence& silence, Instant now) {
  if (!silence.rule.empty() && !is_rule_pattern(silence.rule))
    return wrong_silence("/matcher/rule", "not_a_rule", "is not the id of a rule",
                 "write fr.tax.income_tax, or fr.tax.* for all rules below");
  if (!silence.departement.empty() && !is_departement(silence.departement))
    return wrong_silence("/matcher/departement", "not_a_departement", "is not a departement",
                 "write its code: 35, 2A, 974");
  if (silence.ends_at <= now)
    return wrong_silence("/ends_at", "in_the_past", "is over already", "give an instant to come");
  if (silence.ends_at <= silence.starts_at)
    return wrong_silence("/ends_at", "before_its_start", "lies before the start");
  if (silence.ends_at - silence.starts_at > silence_days_max)
    return wrong_silence("/ends_at", "too_long",
                 fmt::format("a silence lasts {} days at most", silence_days_max.count()),
                 "set it again when it ends, if it is still needed");
  if (silence.starts_at > now + silence_ahead_max)
    return wrong_silence("/starts_at", "beyond_horizon",
                 fmt::format("is more than {} days ahead", silence_ahead_max.count()));
  return {};
}

Expected<SilenceRequest> read_silence_request(const boost::json::object& body, TenantId tenant,
                                              Instant now, SilenceUse use) {
  SilenceRequest request;
  Silence& silence = request.silence;
  Fields fields(body);
  read_matcher(fields, silence);
  silence.tenant = tenant;
  silence.created_at = now;
  silence.starts_at = fields.instant("starts_at").value_or(now);
  const auto ends_at = fields.instant("ends_at");
  if (!ends_at) fields.wrong("ends_at", "missing_field", "a silence has an end");
  silence.ends_at = ends_at.value_or(now);
  silence.author = fields.text("author", author_bytes_max).value_or("");
  silence.comment = fields.text("comment", comment_bytes_max).value_or("");
  if (use == SilenceUse::set) {
    if (silence.author.empty())
      fields.wrong("author", "missing_field", "who wants the silence is required");
    if (silence.comment.empty())
      fields.wrong("comment", "missing_field", "why the silence is wanted is required");
    read_expected(fields, body, request);
  } else {
    static_cast<void>(fields.has("expected"));
  }
  if (auto problem = fields.finish()) return tl::unexpected(std::move(*problem));
  if (auto checked = check_silence(silence, now); !checked) return tl::unexpected(checked.error());
  return request;
}

boost::json::object view(const Silence& silence) {
  boost::json::object matcher;
  if (!silence.rule.empty()) matcher["rule"] = silence.rule;
  if (!silence.notifier.empty()) matcher["notifier"] = silence.notifier;
  if (!silence.departement.empty()) matcher["departement"] = silence.departement;
  return {{"id", silence.id.to_string()},
          {"matcher", std::move(matcher)},
          {"starts_at", to_rfc3339(silence.starts_at)},
          {"ends_at", to_rfc3339(silence.ends_at)},
          {"ended_at", silence.ended_at ? boost::json::value(to_rfc3339(*silence.ended_at))
                                        : boost::json::value(nullptr)},
          {"author", silence.author},
          {"comment", silence.comment},
          {"created_at", to_rfc3339(silence.created_at)}};
}

}  // namespace rappel::planner
