// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "calendar/recurrence.hpp"

namespace rappel::calendar {

namespace {

constexpr std::string_view example =
    "write DTSTART:20260128T090000, a line break, then RRULE:FREQ=MONTHLY";

struct Line {
  std::string_view text;
  std::size_t number = 0;  ///< from 1
};

/// RFC 5545 3.1: a line break followed by a space or a tab is none. Lower case means the same.
std::string unfolded(std::string_view text) {
  std::string whole;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\r') continue;
    const bool folded =
        c == '\n' && i + 1 < text.size() && (text[i + 1] == ' ' || text[i + 1] == '\t');
    if (folded) {
      ++i;
    } else {
      whole += c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c;
    }
  }
  return whole;
}

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (!line.empty()) lines.push_back({line, number});
  }
  return lines;
}

Problem wrong(std::string detail, std::string mend = {}) {
  return {ProblemKind::invalid, "bad_recurrence", std::move(detail), {}, std::move(mend)};
}

}  // namespace

/// Reads the lines of one text.
class RecurrenceReader {
 public:
  Expected<Recurrence> read(std::string_view text) {
    const auto whole = unfolded(text);
    for (const auto& line : lines_of(whole)) {
      auto done = read_line(line.text);
      if (done) continue;
      done.error().where = fmt::format("line {}", line.number);
      return tl::unexpected(std::move(done.error()));
    }
    return finish();
  }

 private:
  Expected<void> read_line(std::string_view line) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos)
      return tl::unexpected(wrong("there is no \":\" in the line", std::string(example)));
    const auto head = line.substr(0, colon);
    const auto name = head.substr(0, head.find(';'));
    const auto value = line.substr(colon + 1);
    if (name != "DTSTART" && name != "RRULE" && name != "RDATE" && name != "EXDATE")
      return tl::unexpected(
          wrong("a property that is not known here", "DTSTART, RRULE, RDATE and EXDATE are"));
    if (auto done = check_parameters(name, head.substr(name.size())); !done) return done;
    if (name == "DTSTART") return read_start(value);
    if (name == "RRULE") return read_rule(value);
    return read_dates(name == "RDATE" ? recurrence_.added_ : recurrence_.excluded_, value);
  }

  /// Only the kind of value may be said, and it is seen from the value itself.
  static Expected<void> check_parameters(std::string_view name, std::string_view parameters) {
    if (parameters.empty()) return {};
    if (parameters.find(";TZID=") != std::string_view::npos)
      return tl::unexpected(wrong("a TZID is not taken: the times of a recurrence are local ones",
                                  "leave TZID out and name the zone beside the recurrence"));
    const bool kind = parameters == ";VALUE=DATE" || parameters == ";VALUE=DATE-TIME";
    if (name != "RRULE" && kind) return {};
    return tl::unexpected(wrong("a parameter that is not known here",
                                "VALUE=DATE and VALUE=DATE-TIME are, but for RRULE"));
  }

  Expected<void> read_start(std::string_view value) {
    if (started_) return tl::unexpected(wrong("DTSTART is given twice", "keep one"));
    const auto start = parse_compact_time(value);
    if (!start) return tl::unexpected(start.error());
    recurrence_.start_ = start->local;
    recurrence_.whole_days_ = start->is_date;
    started_ = true;
    return {};
  }

  Expected<void> read_rule(std::string_view value) {
    if (recurrence_.rules_.size() == recurrence_rules_max)
      return tl::unexpected(wrong(fmt::format("more than {} rules", recurrence_rules_max)));
    auto rule = parse_recurrence_rule(value);
    if (!rule) return tl::unexpected(rule.error());
    recurrence_.rules_.push_back(std::move(*rule));
    return {};
  }

  Expected<void> read_dates(std::vector<LocalDateTime>& dates, std::string_view values) {
    while (true) {
      const auto value = values.substr(0, values.find(','));
      const auto time = parse_compact_time(value);
      if (!time) return tl::unexpected(time.error());
      dates.push_back(time->local);
      kinds_.push_back(time->is_date);
      if (kinds_.size() > recurrence_dates_max)
        return tl::unexpected(
            wrong(fmt::format("more than {} dates in RDATE and EXDATE", recurrence_dates_max)));
      if (value.size() == values.size()) return {};
      values.remove_prefix(value.size() + 1);
    }
  }

  Expected<Recurrence> finish() {
    if (!started_) return tl::unexpected(wrong("DTSTART is missing", std::string(example)));
    if (recurrence_.rules_.empty())
      return tl::unexpected(wrong("there is no RRULE", std::string(example)));
    // A date would exclude midnight alone: nobody who writes it means that.
    const bool whole_days = recurrence_.whole_days_;
    if (std::any_of(kinds_.begin(), kinds_.end(), [&](bool date) { return date != whole_days; }))
      return tl::unexpected(wrong("RDATE and EXDATE must be of the kind of DTSTART",
                                  whole_days ? "write YYYYMMDD" : "write YYYYMMDDTHHMMSS"));
    for (auto* dates : {&recurrence_.added_, &recurrence_.excluded_}) {
      std::sort(dates->begin(), dates->end());
      dates->erase(std::unique(dates->begin(), dates->end()), dates->end());
    }
    return std::move(recurrence_);
  }

  Recurrence recurrence_;
  bool started_ = false;
  std::vector<bool> kinds_;  ///< of each RDATE and EXDATE: a date or not
};

Expected<Recurrence> Recurrence::parse(std::string_view text) {
  if (text.size() > recurrence_bytes_max)
    return refuse(ProblemKind::too_large, "too_large",
                  fmt::format("the recurrence takes {} bytes, more than {}", text.size(),
                              recurrence_bytes_max));
  return RecurrenceReader().read(text);
}

}  // namespace rappel::calendar
