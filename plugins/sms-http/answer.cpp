// SPDX-License-Identifier: Apache-2.0
#include "answer.hpp"

#include <algorithm>
#include <boost/json.hpp>

namespace rappel::sms_http {
namespace {

using plugin::ResultClass;

bool is_success(const Settings& settings, const Answer& answer) {
  const auto& statuses = settings.success_statuses;
  const bool has_status = statuses.empty()
                              ? answer.status >= 200 && answer.status < 300
                              : std::ranges::find(statuses, answer.status) != statuses.end();
  const auto& prefixes = settings.success_prefixes;
  return has_status && (prefixes.empty() || std::ranges::any_of(prefixes, [&](const auto& prefix) {
                          return answer.body.starts_with(prefix);
                        }));
}

std::string id_by_pointer(const std::string& pointer, const std::string& body) {
  boost::json::error_code error;
  const auto parsed = boost::json::parse(body, error);
  if (error) return {};
  const auto* found = parsed.find_pointer(pointer, error);
  if (found == nullptr) return {};
  if (found->is_string()) return std::string(found->get_string());
  return found->is_number() ? boost::json::serialize(*found) : std::string{};
}

std::string id_after(const std::string& mark, const std::string& body) {
  const auto at = body.find(mark);
  if (at == std::string::npos) return {};
  const auto start = at + mark.size();
  const auto end = body.find_first_of(" \t\r\n", start);
  return body.substr(start, end == std::string::npos ? end : end - start);
}

std::string provider_id(const Settings& settings, const std::string& body) {
  if (!settings.id_pointer.empty()) return id_by_pointer(settings.id_pointer, body);
  return settings.id_after.empty() ? std::string{} : id_after(settings.id_after, body);
}

/// What a status means when the configuration does not say. An answer that leaves open whether the
/// message went out is unknown: an SMS is not sent twice on a guess.
ResultClass meaning_of(long status) {
  if (status == 429) return ResultClass::throttled;
  if (status == 503) return ResultClass::provider_down;  // it speaks of itself, not of this message
  if (status == 400 || status == 413 || status == 422) return ResultClass::rejected;
  const bool is_ours_to_mend = status >= 300 && status < 500;
  return is_ours_to_mend ? ResultClass::provider_down : ResultClass::unknown;
}

bool fits(const ErrorRule& rule, const Answer& answer) {
  return (!rule.status || *rule.status == answer.status) &&
         (rule.body_contains.empty() || answer.body.find(rule.body_contains) != std::string::npos);
}

}  // namespace

plugin::Result judge(const Settings& settings, const Answer& answer) {
  if (is_success(settings, answer)) return plugin::accepted(provider_id(settings, answer.body));
  plugin::Result result{meaning_of(answer.status),
                        "the gateway answered " + std::to_string(answer.status)};
  for (const auto& rule : settings.errors) {
    if (!fits(rule, answer)) continue;
    result.result = rule.result;
    break;
  }
  if (answer.retry_after_s > 0) result.retry_after_s = answer.retry_after_s;
  return result;
}

}  // namespace rappel::sms_http
