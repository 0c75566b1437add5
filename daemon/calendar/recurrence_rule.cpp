// SPDX-License-Identifier: Apache-2.0
#include "calendar/recurrence_rule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <string>
#include <utility>

#include "base/nearest.hpp"

namespace rappel::calendar {
namespace {

constexpr std::array<std::pair<Frequency, std::string_view>, 6> frequency_names{
    {{Frequency::yearly, "YEARLY"},
     {Frequency::monthly, "MONTHLY"},
     {Frequency::weekly, "WEEKLY"},
     {Frequency::daily, "DAILY"},
     {Frequency::hourly, "HOURLY"},
     {Frequency::minutely, "MINUTELY"}}};
constexpr std::array<std::string_view, 7> weekday_names{"SU", "MO", "TU", "WE", "TH", "FR", "SA"};

tl::unexpected<Problem> bad_rule(std::string detail, std::string mend = {}) {
  return refuse(ProblemKind::invalid, "bad_recurrence", std::move(detail), {}, std::move(mend));
}

/// What is shown of a stranger's text in a problem, cut between characters.
std::string_view shown(std::string_view text) {
  constexpr std::size_t shown_bytes_max = 40;
  if (text.size() <= shown_bytes_max) return text;
  std::size_t end = shown_bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t end = 0; end != std::string_view::npos; text.remove_prefix(end + 1)) {
    end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
  }
  return parts;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::chrono::weekday> weekday_named(std::string_view name) {
  const auto* found = std::find(weekday_names.begin(), weekday_names.end(), name);
  if (found == weekday_names.end()) return std::nullopt;
  return std::chrono::weekday{unsigned(found - weekday_names.begin())};
}

/// A list of numbers: from `min` to `max`, and from the end of the period when `negative`.
struct NumberList {
  std::string_view name;
  std::vector<int> RecurrenceRule::*values;
  int min, max;
  bool negative;
};
constexpr std::array<NumberList, 8> number_lists{{
    {"BYMONTH", &RecurrenceRule::months, 1, 12, false},
    {"BYMONTHDAY", &RecurrenceRule::month_days, 1, 31, true},
    {"BYYEARDAY", &RecurrenceRule::year_days, 1, 366, true},
    {"BYWEEKNO", &RecurrenceRule::week_numbers, 1, 53, true},
    {"BYHOUR", &RecurrenceRule::hours, 0, 23, false},
    {"BYMINUTE", &RecurrenceRule::minutes, 0, 59, false},
    {"BYSECOND", &RecurrenceRule::seconds, 0, 59, false},
    {"BYSETPOS", &RecurrenceRule::positions, 1, 366, true},
}};

/// Reads the parts of one rule into it.
class RuleReader {
 public:
  Expected<RecurrenceRule> read(std::string_view text) {
    for (const auto part : split(text, ';')) {
      if (auto done = read_part(part); !done) return tl::unexpected(done.error());
    }
    if (auto sound = check(); !sound) return tl::unexpected(sound.error());
    return std::move(rule_);
  }

 private:
  Expected<void> read_part(std::string_view part) {
    const auto equals = part.find('=');
    const auto name = part.substr(0, equals);
    if (equals == std::string_view::npos)
      return bad_rule(fmt::format("\"{}\" is not NAME=VALUE", shown(part)));
    if (!seen_.insert(std::string(name)).second)
      return bad_rule(fmt::format("{} is given twice", shown(name)));
    const auto value = part.substr(equals + 1);
    if (name == "FREQ") return read_frequency(value);
    if (name == "INTERVAL") return read_interval(value);
    if (name == "COUNT") return read_count(value);
    if (name == "UNTIL") return read_until(value);
    if (name == "WKST") return read_week_start(value);
    if (name == "BYDAY") return read_weekdays(value);
    for (const auto& list : number_lists) {
      if (list.name == name) return read_numbers(list, value);
    }
    return unknown_part(name);
  }

  static Expected<void> unknown_part(std::string_view name) {
    std::vector<std::string> known{"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY"};
    for (const auto& list : number_lists) known.emplace_back(list.name);
    const auto nearest = nearest_name(std::string(shown(name)), known);
    return bad_rule(fmt::format("\"{}\" is not a part of a rule that is known here", shown(name)),
                    nearest.empty() ? "" : fmt::format("did you mean {}?", nearest));
  }

  Expected<void> read_frequency(std::string_view value) {
    for (const auto& [frequency, name] : frequency_names) {
      if (name != value) continue;
      rule_.frequency = frequency;
      return {};
    }
    if (value == "SECONDLY")
      return bad_rule("FREQ=SECONDLY is too often for a reminder", "MINUTELY is the most frequent");
    return bad_rule(fmt::format("FREQ=\"{}\" is not a frequency", shown(value)),
                    "YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY or MINUTELY");
  }

  Expected<void> read_interval(std::string_view value) {
    const auto number = whole_number(value);
    if (!number || *number < 1 || *number > interval_max)
      return bad_rule(
          fmt::format("INTERVAL=\"{}\" is not from 1 to {}", shown(value), interval_max));
    rule_.interval = int(*number);
    return {};
  }

  Expected<void> read_count(std::string_view value) {
    rule_.count = whole_number(value);
    if (!rule_.count || *rule_.count < 1 || *rule_.count > occurrences_max)
      return bad_rule(
          fmt::format("COUNT=\"{}\" is not from 1 to {}", shown(value), occurrences_max));
    return {};
  }

  /// A date alone means its midnight, as in python-dateutil and rrule.js: the RFC wants the type of
  /// DTSTART here and says nothing of the other.
  Expected<void> read_until(std::string_view value) {
    const auto time = parse_compact_time(value);
    if (!time) return tl::unexpected(time.error());
    rule_.until = time->local;
    return {};
  }

  Expected<void> read_week_start(std::string_view value) {
    const auto weekday = weekday_named(value);
    if (!weekday)
      return bad_rule(fmt::format("WKST=\"{}\" is not a day", shown(value)), "write MO to SU");
    rule_.week_start = *weekday;
    return {};
  }

  Expected<void> read_weekdays(std::string_view value) {
    for (const auto item : split(value, ',')) {
      const auto letters = item.size() < 2 ? item : item.substr(item.size() - 2);
      const auto weekday = weekday_named(letters);
      const auto digits = item.substr(0, item.size() - letters.size());
      const auto nth = digits.empty() ? 0 : whole_number(digits).value_or(0);
      if (!weekday || (!digits.empty() && nth == 0) || nth < -53 || nth > 53)
        return bad_rule(fmt::format("\"{}\" in BYDAY is not a day", shown(item)),
                        "write MO to SU, or 1MO, or -1FR for the last Friday");
      rule_.weekdays.push_back({*weekday, int(nth)});
    }
    return bounded("BYDAY", rule_.weekdays.size());
  }

  Expected<void> read_numbers(const NumberList& list, std::string_view value) {
    auto& values = rule_.*list.values;
    for (const auto item : split(value, ',')) {
      const auto number = whole_number(item);
      const auto size = number && list.negative ? std::abs(*number) : number.value_or(list.min - 1);
      if (!number || size < list.min || size > list.max)
        return bad_rule(fmt::format("\"{}\" in {} is not from {} to {}", shown(item), list.name,
                                    list.min, list.max),
                        list.negative ? "negative numbers count from the end" : "");
      values.push_back(int(*number));
    }
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    return bounded(list.name, values.size());
  }

  static Expected<void> bounded(std::string_view name, std::size_t size) {
    if (size <= by_list_items_max) return {};
    return bad_rule(fmt::format("{} holds {} items, more than {}", name, size, by_list_items_max));
  }

  /// The notes under the table of RFC 5545 3.3.10.
  Expected<void> check() const {
    const auto frequency = rule_.frequency;
    const auto in = [&](std::string_view name) {
      return fmt::format("{} has no sense with FREQ={}", name, to_string(frequency));
    };
    const bool numbered = std::any_of(rule_.weekdays.begin(), rule_.weekdays.end(),
                                      [](const auto& day) { return day.nth != 0; });
    const bool by_week = frequency == Frequency::weekly;
    if (!seen_.contains("FREQ")) return bad_rule("FREQ is missing", "add FREQ=MONTHLY or the like");
    if (rule_.count && rule_.until)
      return bad_rule("COUNT and UNTIL exclude each other", "keep one");
    if (!rule_.week_numbers.empty() && frequency != Frequency::yearly)
      return bad_rule(in("BYWEEKNO"));
    if (!rule_.month_days.empty() && by_week) return bad_rule(in("BYMONTHDAY"));
    if (!rule_.year_days.empty() &&
        (by_week || frequency == Frequency::monthly || frequency == Frequency::daily))
      return bad_rule(in("BYYEARDAY"));
    if (numbered && frequency > Frequency::monthly) return bad_rule(in("a numbered BYDAY"));
    if (numbered && !rule_.week_numbers.empty())
      return bad_rule("a numbered BYDAY has no sense with BYWEEKNO");
    return check_lists();
  }

  Expected<void> check_lists() const {
    const bool some_list = std::any_of(seen_.begin(), seen_.end(), [](const auto& name) {
      return name.starts_with("BY") && name != "BYSETPOS";
    });
    if (!rule_.positions.empty() && !some_list)
      return bad_rule("BYSETPOS chooses among the days of another BY list, and there is none");
    const auto one_or = [](const auto& list) { return std::max<std::size_t>(1, list.size()); };
    const auto times = one_or(rule_.hours) * one_or(rule_.minutes) * one_or(rule_.seconds);
    if (times > times_of_day_max)
      return bad_rule(fmt::format("{} times a day, more than {}", times, times_of_day_max));
    return {};
  }

  RecurrenceRule rule_;
  std::set<std::string> seen_;
};

}  // namespace

std::vector<std::string_view> frequency_words() {
  std::vector<std::string_view> words;
  for (const auto& [frequency, name] : frequency_names) words.push_back(name);
  return words;
}

std::string_view to_string(Frequency frequency) {
  for (const auto& [known, name] : frequency_names) {
    if (known == frequency) return name;
  }
  return "?";
}

Expected<RecurrenceRule> parse_recurrence_rule(std::string_view text) {
  return RuleReader().read(text);
}

Expected<CompactTime> parse_compact_time(std::string_view text) {
  const auto wrong = [&](const char* mend) {
    return bad_rule(fmt::format("\"{}\" is not a local time that exists", shown(text)), mend);
  };
  constexpr const char* form = "write YYYYMMDD or YYYYMMDDTHHMMSS";
  if (text.ends_with('Z')) return wrong("leave the Z out: times here are local ones");
  if (text.size() != 8 && text.size() != 15) return wrong(form);
  const auto digits = [&](std::size_t at, std::size_t size) { return text.substr(at, size); };
  const auto iso = fmt::format("{}-{}-{}", digits(0, 4), digits(4, 2), digits(6, 2));
  const auto date = parse_iso_date(iso);
  if (!date || date->year() < std::chrono::year{1}) return wrong(form);
  if (text.size() == 8) return CompactTime{local_at(*date), true};
  const auto time = fmt::format("{}T{}:{}:{}", iso, digits(9, 2), digits(11, 2), digits(13, 2));
  const auto local = parse_iso_local(time);
  if (!local || text[8] != 'T') return wrong(form);
  return CompactTime{*local, false};
}

}  // namespace rappel::calendar
