// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <cstdio>

#include "app/ctl/calendar_batch.hpp"
#include "app/ctl/options.hpp"
#include "app/paths.hpp"

namespace rappel::app::ctl {
namespace {

using boost::json::object;

/// A question as people write it: --NAME VALUE for each of its members, one without its name.
struct Form {
  std::string_view word;   ///< after "calendar"
  std::string_view op;     ///< its name in JSON
  std::string_view first;  ///< the member without name; empty: none
  std::vector<std::string> options;
  std::string_view usage;
};

const std::array forms{
    Form{"holidays", "holidays", "", {"zone", "year"}, "--zone metropole --year 2027"},
    Form{"easter", "easter", "", {"year"}, "--year 2027"},
    Form{"add",
         "add",
         "start",
         {"years", "months", "days", "method"},
         "2026-01-31 [--years N] [--months N] [--days N] "
         "[--method quantieme|end_sticky|end_of_nth_month|days]"},
    Form{"roll",
         "roll",
         "date",
         {"zone", "kind", "direction"},
         "2026-05-01 --zone metropole --direction next|previous [--kind ouvre|ouvrable]"},
    Form{"delay",
         "delay",
         "event",
         {"zone", "unit", "n", "franc"},
         "2026-05-11 --zone 57 --unit days|months --n 60 [--franc yes|no]"},
    Form{"working-days",
         "add_working_days",
         "start",
         {"zone", "n", "kind"},
         "2026-05-11 --zone 75 --n -12 [--kind ouvre|ouvrable]"},
    Form{"recurrence",
         "recurrence",
         "ics",
         {"zone"},
         "DTSTART:20260128T090000 'RRULE:FREQ=MONTHLY;COUNT=6' [--zone Europe/Paris]"},
    Form{"to-utc", "to_utc", "local", {"zone"}, "2026-03-29T02:30:00 --zone Europe/Paris"},
    Form{"sms", "sms", "text", {}, "'Votre carte expire le 12/03/2027.'"},
};

[[noreturn]] void say_usage() {
  std::string text = "say what to ask:";
  for (const auto& form : forms)
    text += fmt::format("\n  rappelctl calendar {} {}", form.word, form.usage);
  text += "\n  rappelctl calendar --batch   one JSON question a line, one JSON answer a line\n";
  throw UsageError(text);
}

const Form& form_named(const std::string& word) {
  for (const auto& form : forms) {
    if (form.word == word) return form;
  }
  say_usage();
}

/// Numbers and yes or no as JSON has them; anything else is a text, and the answer says what is
/// wrong.
boost::json::value typed(const std::string& option, const std::string& text) {
  if (option == "franc" && (text == "yes" || text == "no")) return text == "yes";
  std::int64_t number = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  const bool is_text = option == "zone" || option == "kind" || option == "method";
  if (!is_text && read.ec == std::errc() && read.ptr == end) return number;
  return boost::json::string(text);
}

object question_of(const Form& form, const Options& options) {
  object question{{"op", form.op}};
  for (const auto& option : form.options) {
    if (const auto text = options.find(option)) question[option] = typed(option, *text);
  }
  std::string first;
  for (std::size_t i = 1; i < options.rest().size(); ++i)
    first += (i == 1 ? "" : "\n") + options.rest()[i];
  if (form.first.empty() != first.empty())
    throw UsageError(fmt::format("say rappelctl calendar {} {}", form.word, form.usage));
  if (!first.empty()) question[form.first] = first;
  return question;
}

std::string text_at(const object& answer, const char* name) {
  return std::string(answer.at(name).as_string());
}

/// "2027-03-28  Sunday"
std::string with_weekday(const std::string& text) {
  constexpr std::array names{"Sunday",   "Monday", "Tuesday", "Wednesday",
                             "Thursday", "Friday", "Saturday"};
  const auto date = parse_iso_date(text);
  if (!date) return text;
  return fmt::format("{}  {}", text,
                     names.at(std::chrono::weekday{std::chrono::sys_days{*date}}.c_encoding()));
}

void print_recurrence(const object& answer) {
  const auto& locals = answer.at("local").as_array();
  const auto* instants = answer.at("utc").if_array();
  for (std::size_t i = 0; i < locals.size(); ++i) {
    fmt::print("{}", std::string(locals[i].as_string()));
    if (instants != nullptr) fmt::print("  {}", std::string(instants->at(i).as_string()));
    fmt::print("\n");
  }
  if (locals.empty()) fmt::print("never\n");
  if (answer.contains("more")) fmt::print("… and more\n");
}

void print_answer(const object& answer) {
  if (answer.contains("local")) return print_recurrence(answer);
  if (const auto* dates = answer.if_contains("dates")) {
    for (const auto& date : dates->as_array())
      fmt::print("{}\n", with_weekday(std::string(date.as_string())));
  } else if (answer.contains("due")) {
    fmt::print("last day  {}\n", with_weekday(text_at(answer, "raw_last_day")));
    fmt::print("due       {}\n", with_weekday(text_at(answer, "due")));
  } else if (answer.contains("utc")) {
    const auto kind = text_at(answer, "kind");
    fmt::print("{}{}\n", text_at(answer, "utc"), kind == "normal" ? "" : "  (" + kind + ")");
  } else if (answer.contains("segments")) {
    fmt::print("{}, {} part(s)\n", text_at(answer, "encoding"), answer.at("segments").as_uint64());
  } else {
    fmt::print("{}\n", with_weekday(text_at(answer, "date")));
  }
}

CalendarDesk open_desk(const Call& call) {
  const auto& given = call.config.templates_directory;
  const auto folder = given.empty() ? default_templates_directory() : given;
  auto holidays = calendar::Holidays::load(
      folder + "/calendar/holidays.fr.yaml",
      call.config.rules.customary_holidays ? calendar::Custom::counted : calendar::Custom::left_out);
  if (!holidays) throw UsageError(to_string(holidays.error().front()));
  return CalendarDesk(std::move(*holidays));
}

/// Takes one line without its end. What is longer than a question may be is read to its end and
/// cut, one byte over the limit, so that it is refused as too long. False at the end of the input.
bool take_line(std::FILE* from, std::string& line) {
  line.clear();
  int c = std::fgetc(from);
  if (c == EOF) return false;
  for (; c != EOF && c != '\n'; c = std::fgetc(from)) {
    if (line.size() <= question_bytes_max) line += char(c);
  }
  if (line.ends_with('\r')) line.pop_back();
  return true;
}

int run_batch(const CalendarDesk& desk) {
  std::string line;
  while (take_line(stdin, line)) {
    fmt::print("{}\n", desk.answer_line(line));
    if (std::fflush(stdout) != 0) return 1;
  }
  return 0;
}

}  // namespace

int calendar(const Call& call) {
  if (call.words.empty()) say_usage();
  if (call.words == std::vector<std::string>{"--batch"}) return run_batch(open_desk(call));
  const auto& form = form_named(call.words.front());
  const auto question = question_of(form, Options(call.words, form.options));
  const auto answer = open_desk(call).answer(question);
  if (!answer) throw UsageError(to_string(answer.error()));
  if (call.json) {
    fmt::print("{}\n", boost::json::serialize(*answer));
  } else {
    print_answer(*answer);
  }
  return 0;
}

}  // namespace rappel::app::ctl
