// SPDX-License-Identifier: Apache-2.0
#include "app/ctl/calendar_batch.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "api/json_reader.hpp"
#include "app/ctl/question.hpp"
#include "calendar/easter.hpp"
#include "calendar/period.hpp"
#include "calendar/recurrence.hpp"
#include "calendar/working_days.hpp"
#include "calendar/zone.hpp"
#include "message/sms.hpp"
#include "profile/place.hpp"

namespace rappel::app::ctl {
namespace {

using boost::json::object;
using calendar::Holidays;
using calendar::HolidayZone;
using calendar::WorkedDay;

using Answer = Expected<object>;

bool is_departement(const std::string& name) {
  const bool corsica = name == "2A" || name == "2B";
  const bool digits = name.size() == 2 && name.find_first_not_of("0123456789") == std::string::npos;
  return corsica || (digits && name >= "01" && name <= "95" && name != "20");
}

/// A zone by its name, or by a departement of it.
const HolidayZone* holiday_zone(Question& question, const Holidays& holidays) {
  const auto name = question.text("zone");
  const auto* zone = holidays.zone(name);
  if (zone == nullptr && is_departement(name)) zone = holidays.zone(profile::holiday_zone_of(name));
  if (zone == nullptr)
    question.wrong("zone", "not a zone of public holidays nor a departement",
                   "write metropole, 57-67-68, 971 to 978, or a departement such as 75 or 2A");
  return zone;
}

WorkedDay worked_day(Question& question) {
  return *calendar::parse_worked_day(question.choice("kind", {"ouvre", "ouvrable"}, "ouvre"));
}

Answer refused(Question& question) {
  return tl::unexpected(question.problem().value());
}

bool in_range(CivilDate date, int year_min) {
  return int(date.year()) >= year_min && int(date.year()) <= calendar_year_max;
}

tl::unexpected<Problem> out_of_range(int year_min) {
  return refuse(
      ProblemKind::invalid, "out_of_range",
      fmt::format("the answer is outside the years {} to {}", year_min, calendar_year_max), {},
      "ask for a nearer day");
}

Answer date_answer(CivilDate date, int year_min) {
  if (!in_range(date, year_min)) return out_of_range(year_min);
  return object{{"date", to_iso(date)}};
}

Answer holidays(Question& question, const Holidays& all) {
  const auto* zone = holiday_zone(question, all);
  const int year = question.number("year", holiday_year_min, calendar_year_max);
  if (question.problem()) return refused(question);
  boost::json::array dates;
  for (const auto date : zone->in_year(year)) dates.emplace_back(to_iso(date));
  return object{{"dates", std::move(dates)}};
}

Answer easter(Question& question, const Holidays&) {
  const int year = question.number("year", holiday_year_min, calendar_year_max);
  if (question.problem()) return refused(question);
  return date_answer(calendar::easter_sunday(year), holiday_year_min);
}

Answer add(Question& question, const Holidays&) {
  constexpr int years_max = calendar_year_max - calendar_year_min;
  const auto start = question.date("start", calendar_year_min);
  calendar::Period period;
  period.years = question.number_or("years", 0, -years_max, years_max);
  period.months = question.number_or("months", 0, -12 * years_max, 12 * years_max);
  const int days = question.number_or("days", 0, -366 * years_max, 366 * years_max);
  const auto rule = *calendar::parse_month_rule(question.choice(
      "method", {"quantieme", "end_sticky", "end_of_nth_month", "days"}, "quantieme"));
  if (!question.has("years") && !question.has("months") && !question.has("days"))
    question.wrong("months", "nothing to add", "give years, months or days");
  if (rule == calendar::MonthRule::days && !period.days_only())
    question.wrong("method", "a delay in days holds neither years nor months",
                   "give days alone, or another method");
  if (question.problem()) return refused(question);
  // Years and months first and looked at, so that no year leaves the range of its type.
  const auto reached = calendar::add(start, period, rule);
  if (!in_range(reached, calendar_year_min)) return out_of_range(calendar_year_min);
  return date_answer(calendar::add_days(reached, days), calendar_year_min);
}

Answer roll(Question& question, const Holidays& all) {
  const auto* zone = holiday_zone(question, all);
  const auto date = question.date("date", holiday_year_min);
  const auto kind = worked_day(question);
  const auto direction = question.choice("direction", {"next", "previous"});
  if (question.problem()) return refused(question);
  return date_answer(direction == "next" ? calendar::next_worked(date, *zone, kind)
                                         : calendar::previous_worked(date, *zone, kind),
                     holiday_year_min);
}

Answer add_working_days(Question& question, const Holidays& all) {
  const auto* zone = holiday_zone(question, all);
  const auto start = question.date("start", holiday_year_min);
  const int count = question.number("n", -worked_days_max, worked_days_max);
  const auto kind = worked_day(question);
  if (question.problem()) return refused(question);
  return date_answer(calendar::add_worked(start, count, *zone, kind), holiday_year_min);
}

Answer delay(Question& question, const Holidays& all) {
  const auto* zone = holiday_zone(question, all);
  const auto event = question.date("event", holiday_year_min);
  const bool days = question.choice("unit", {"days", "months"}) == "days";
  const int count = question.number("n", 0, days ? delay_days_max : delay_months_max);
  const bool franc = question.flag_or("franc", false);
  if (question.problem()) return refused(question);
  const calendar::Period length{0, days ? 0 : count, days ? count : 0};
  const auto rule = calendar::MonthRule::quantieme;
  const auto raw = calendar::last_day(event, length, rule, false);
  const auto due = calendar::roll(calendar::last_day(event, length, rule, franc),
                                  calendar::Rollover::next_working_day, *zone);
  if (!in_range(due, holiday_year_min)) return out_of_range(holiday_year_min);
  return object{{"raw_last_day", to_iso(raw)}, {"due", to_iso(due)}};
}

Expected<std::string> utc_text(calendar::LocalDateTime local, const calendar::Zone& zone) {
  const auto instant = calendar::to_instant(local, zone);
  if (!in_range(CivilDate{std::chrono::floor<std::chrono::days>(instant)}, calendar_year_min))
    return out_of_range(calendar_year_min);
  return to_rfc3339(instant);
}

Expected<std::optional<calendar::Zone>> optional_zone(const std::optional<std::string>& name) {
  if (!name) return std::optional<calendar::Zone>{};
  auto zone = calendar::Zone::find(*name);
  if (zone) return std::optional{*zone};
  zone.error().where = "/zone";
  return tl::unexpected(std::move(zone.error()));
}

/// More than occurrences_max times are cut there, and the answer says "more".
Answer expand(const calendar::Recurrence& recurrence, const std::optional<calendar::Zone>& zone) {
  object answer;
  boost::json::array locals;
  boost::json::array instants;
  auto cursor = recurrence.begin();
  while (const auto local = cursor.next()) {
    if (std::int64_t(locals.size()) == calendar::occurrences_max) {
      answer["more"] = true;
      break;
    }
    locals.emplace_back(calendar::to_iso(*local));
    if (!zone) continue;
    const auto utc = utc_text(*local, *zone);
    if (!utc) return tl::unexpected(utc.error());
    instants.emplace_back(*utc);
  }
  if (cursor.gave_up())
    return refuse(ProblemKind::invalid, "too_much_work",
                  "looking for the next time takes too much work: a rule hardly ever matches",
                  "/ics", "use a longer FREQ, or fewer BY lists");
  answer["local"] = std::move(locals);
  answer["utc"] = zone ? boost::json::value(std::move(instants)) : boost::json::value(nullptr);
  return answer;
}

Answer recurrence(Question& question, const Holidays&) {
  const auto text = question.text("ics");
  const auto name = question.optional_text("zone");
  if (question.problem()) return refused(question);
  const auto zone = optional_zone(name);
  if (!zone) return tl::unexpected(zone.error());
  const auto parsed = calendar::Recurrence::parse(text);
  if (parsed) return expand(*parsed, *zone);
  auto problem = parsed.error();
  problem.where = problem.where.empty() ? "/ics" : "/ics " + problem.where;
  return tl::unexpected(std::move(problem));
}

Answer to_utc(Question& question, const Holidays&) {
  const auto name = question.text("zone");
  const auto local = calendar::parse_iso_local(question.text("local"));
  if (!local || !in_range(calendar::date_of(*local), calendar_year_min))
    question.wrong("local", "not a local time that a clock shows", "write 2026-01-28T09:00:00");
  if (question.problem()) return refused(question);
  const auto zone = optional_zone(name);
  if (!zone) return tl::unexpected(zone.error());
  const auto utc = utc_text(*local, **zone);
  if (!utc) return tl::unexpected(utc.error());
  return object{{"utc", *utc}, {"kind", calendar::to_string(calendar::kind_of(*local, **zone))}};
}

Answer sms(Question& question, const Holidays&) {
  const auto text = question.text("text");
  if (question.problem()) return refused(question);
  const auto size = message::sms_segments(text);
  return object{{"encoding", message::to_string(size.encoding)}, {"segments", size.segments}};
}

struct Operation {
  std::string_view name;
  Answer (*answer)(Question&, const Holidays&);
};
constexpr std::array<Operation, 9> operations{{{"holidays", holidays},
                                               {"easter", easter},
                                               {"add", add},
                                               {"roll", roll},
                                               {"add_working_days", add_working_days},
                                               {"delay", delay},
                                               {"recurrence", recurrence},
                                               {"to_utc", to_utc},
                                               {"sms", sms}}};

Expected<object> read_line(std::string_view line) {
  if (line.size() > question_bytes_max)
    return refuse(ProblemKind::too_large, "too_large",
                  fmt::format("the line is longer than {} bytes", question_bytes_max), {},
                  "ask in several lines");
  auto read = api::read_json_object(line);
  if (read) return read;
  if (read.error().code == "empty_body") read.error().detail = "the line is empty";
  if (read.error().mend.empty()) read.error().mend = "write one JSON object a line";
  if (read.error().code == "not_an_object") read.error().detail = "the line must be a JSON object";
  return read;
}

}  // namespace

Expected<object> CalendarDesk::answer(const object& asked) const {
  Question question(asked);
  std::vector<std::string> names;
  for (const auto& operation : operations) names.emplace_back(operation.name);
  const auto name = question.choice("op", names);
  for (const auto& operation : operations) {
    // With a wrong "op" the question ends with that problem, whichever operation reads the rest.
    if (operation.name == name) return operation.answer(question, holidays_);
  }
  return refused(question);
}

std::string CalendarDesk::answer_line(std::string_view line) const {
  const auto question = read_line(line);
  const auto answered =
      question ? answer(*question) : Expected<object>(tl::unexpected(question.error()));
  if (answered) return boost::json::serialize(*answered);
  return boost::json::serialize(object{{"error", to_string(answered.error())}});
}

}  // namespace rappel::app::ctl
