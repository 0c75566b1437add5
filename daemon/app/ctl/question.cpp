// SPDX-License-Identifier: Apache-2.0
#include "app/ctl/question.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/nearest.hpp"

namespace rappel::app::ctl {
namespace {

/// What is shown of a text: enough to find it again, cut between characters.
std::string shown(std::string_view text) {
  constexpr std::size_t shown_bytes_max = 60;
  if (text.size() <= shown_bytes_max) return std::string(text);
  std::size_t end = shown_bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return std::string(text.substr(0, end)) + "…";
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& known) {
  const auto nearest = nearest_name(shown(name), known);
  return nearest.empty() ? fmt::format("known: {}", fmt::join(known, ", "))
                         : fmt::format("did you mean \"{}\"?", nearest);
}

}  // namespace

void Question::wrong(std::string_view name, std::string detail, std::string mend) {
  if (problem_) return;
  problem_ = Problem{ProblemKind::invalid, "bad_question", std::move(detail), "/" + shown(name),
                     std::move(mend)};
}

const boost::json::value* Question::take(std::string_view name) {
  known_.emplace_back(name);
  return members_.if_contains(name);
}

const boost::json::value* Question::need(std::string_view name) {
  const auto* value = take(name);
  if (value != nullptr || problem_) return value;
  wrong(name, fmt::format("\"{}\" is missing", name));
  missing_ = true;
  return value;
}

std::string Question::text(std::string_view name) {
  const auto* value = need(name);
  if (value == nullptr) return {};
  if (value->is_string()) return std::string(value->get_string());
  wrong(name, "must be a text in quotes");
  return {};
}

std::optional<std::string> Question::optional_text(std::string_view name) {
  const auto* value = take(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  if (value->is_string()) return std::string(value->get_string());
  wrong(name, "must be a text in quotes or null");
  return std::nullopt;
}

CivilDate Question::date(std::string_view name, int year_min) {
  constexpr CivilDate harmless{std::chrono::year{2000}, std::chrono::January, std::chrono::day{1}};
  const auto written = text(name);
  const auto found = parse_iso_date(written);
  if (!found) {
    wrong(name, fmt::format("\"{}\" is not a date that exists", shown(written)),
          "write YYYY-MM-DD");
    return harmless;
  }
  if (int(found->year()) < year_min) {
    wrong(name, fmt::format("{} is before the year {}", written, year_min));
    return harmless;
  }
  return *found;
}

int Question::number(std::string_view name, int min, int max) {
  const auto* value = need(name);
  if (value == nullptr) return min;
  if (value->is_int64() && value->get_int64() >= min && value->get_int64() <= max)
    return int(value->get_int64());
  wrong(name, fmt::format("must be a whole number from {} to {}", min, max));
  return min;
}

int Question::number_or(std::string_view name, int fallback, int min, int max) {
  if (has(name)) return number(name, min, max);
  take(name);
  return fallback;
}

bool Question::flag_or(std::string_view name, bool fallback) {
  const auto* value = take(name);
  if (value == nullptr) return fallback;
  if (value->is_bool()) return value->get_bool();
  wrong(name, "must be true or false");
  return fallback;
}

std::string Question::choice(std::string_view name, const std::vector<std::string>& choices,
                             std::string_view fallback) {
  if (!has(name) && !fallback.empty()) {
    take(name);
    return std::string(fallback);
  }
  auto written = text(name);
  if (std::find(choices.begin(), choices.end(), written) != choices.end()) return written;
  wrong(name, fmt::format("\"{}\" is not known here", shown(written)),
        did_you_mean(written, choices));
  return choices.front();
}

std::optional<Problem> Question::problem() {
  // A mistyped member explains the missing one.
  for (const auto& member : members_) {
    if (std::find(known_.begin(), known_.end(), member.key()) != known_.end()) continue;
    if (missing_) problem_.reset();
    missing_ = false;
    wrong(member.key(), fmt::format("\"{}\" is no member of this question", shown(member.key())),
          did_you_mean(member.key(), known_));
  }
  return problem_;
}

}  // namespace rappel::app::ctl
