// SPDX-License-Identifier: Apache-2.0
#include "app/ctl/calendar_batch.hpp"

#include <boost/json/serialize.hpp>

#include "calendar/recurrence.hpp"
#include "calendar/vectors.hpp"

using namespace rappel;
using namespace rappel::app::ctl;
using boost::json::object;
using rappel::test::number_of;
using rappel::test::text_of;
using rappel::test::vectors_of;

namespace {

const CalendarDesk& desk() {
  static const CalendarDesk made(test::french_holidays());
  return made;
}

object answer_to(const object& question) {
  return boost::json::parse(desk().answer_line(boost::json::serialize(question))).as_object();
}

std::string date_for(const object& question) {
  const auto answer = answer_to(question);
  CAPTURE(boost::json::serialize(answer));
  REQUIRE(answer.contains("date"));
  return std::string(answer.at("date").as_string());
}

std::string error_of(const std::string& line) {
  const auto text = desk().answer_line(line);
  CAPTURE(line.substr(0, 200));
  CAPTURE(text.substr(0, 200));
  REQUIRE(text.find('\n') == std::string::npos);
  const auto answer = boost::json::parse(text).as_object();
  REQUIRE(answer.size() == 1);
  REQUIRE(answer.contains("error"));
  return std::string(answer.at("error").as_string());
}

bool holds(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("questions about holidays and Easter are answered as in the examples") {
  for (const auto& vector : vectors_of("holidays_fr_1990_2060.json")) {
    CHECK(answer_to({{"op", "holidays"}, {"zone", vector.at("zone")}, {"year", vector.at("year")}})
              .at("dates") == vector.at("dates"));
  }
  for (const auto& vector : vectors_of("easter_1990_2100.json"))
    CHECK(date_for({{"op", "easter"}, {"year", vector.at("year")}}) ==
          text_of(vector, "easter_sunday"));
}

TEST_CASE("questions that add months are answered as in the examples") {
  for (const auto& vector : vectors_of("month_addition.json")) {
    CHECK(date_for({{"op", "add"},
                    {"start", vector.at("start")},
                    {"years", vector.at("years")},
                    {"months", vector.at("months")},
                    {"days", vector.at("days")},
                    {"method", "quantieme"}}) == text_of(vector, "expected"));
  }
  for (const auto& vector : vectors_of("month_end_sticky_cgi641.json")) {
    object question{{"op", "add"}, {"start", vector.at("event")}, {"months", vector.at("months")}};
    CHECK(date_for(question) == text_of(vector, "quantieme_cpc641"));
    question["method"] = "end_sticky";
    CHECK(date_for(question) == text_of(vector, "end_sticky_boi_7G255"));
  }
}

TEST_CASE("questions about worked days are answered as in the examples") {
  for (const auto& vector : vectors_of("rollover_next_working_day.json")) {
    object question{{"op", "roll"},
                    {"zone", vector.at("zone")},
                    {"date", vector.at("date")},
                    {"kind", "ouvre"},
                    {"direction", "next"}};
    CHECK(date_for(question) == text_of(vector, "next_jour_ouvre_or_same"));
    question["kind"] = "ouvrable";
    CHECK(date_for(question) == text_of(vector, "next_jour_ouvrable_or_same"));
  }
  for (const auto& vector : vectors_of("add_working_days.json")) {
    object question{{"op", "add_working_days"},
                    {"zone", vector.at("zone")},
                    {"start", vector.at("start")},
                    {"n", vector.at("n")},
                    {"kind", "ouvre"}};
    CHECK(date_for(question) == text_of(vector, "plus_n_jours_ouvres"));
    question["kind"] = "ouvrable";
    CHECK(date_for(question) == text_of(vector, "plus_n_jours_ouvrables"));
    question["kind"] = "ouvre";
    question["n"] = -number_of(vector, "n");
    CHECK(date_for(question) == text_of(vector, "minus_n_jours_ouvres"));
  }
}

TEST_CASE("questions about delays of law are answered as in the examples") {
  for (const auto& vector : vectors_of("legal_delays_composed.json")) {
    object question{{"op", "delay"},
                    {"zone", vector.at("zone")},
                    {"event", vector.at("event")},
                    {"unit", vector.at("unit")},
                    {"n", vector.at("n")},
                    {"franc", false}};
    auto answer = answer_to(question);
    CHECK(answer.at("raw_last_day") == vector.at("raw_last_day_641"));
    CHECK(answer.at("due") == vector.at("due_641_642"));
    question["franc"] = true;
    answer = answer_to(question);
    CHECK(answer.at("raw_last_day") == vector.at("raw_last_day_641"));
    CHECK(answer.at("due") == vector.at("due_franc_plus1_then_642"));
  }
}

TEST_CASE("questions about recurrences are answered as in the examples") {
  for (const auto& vector : vectors_of("rrule_expansion.json")) {
    const auto answer =
        answer_to({{"op", "recurrence"}, {"ics", vector.at("ics")}, {"zone", nullptr}});
    CHECK(answer.at("local") == vector.at("expected"));
    CHECK(answer.at("utc").is_null());
  }
  for (const auto& vector : vectors_of("rrule_dst.json")) {
    boost::json::array local;
    boost::json::array utc;
    for (const auto& expected : vector.at("expected").as_array()) {
      local.push_back(expected.at("local_nominal"));
      utc.push_back(expected.at("utc"));
    }
    const auto answer = answer_to(
        {{"op", "recurrence"}, {"ics", vector.at("ics_floating")}, {"zone", vector.at("zone")}});
    CHECK(answer.at("local") == local);
    CHECK(answer.at("utc") == utc);
  }
}

TEST_CASE("questions about local times are answered as in the examples") {
  for (const auto& vector : vectors_of("tz_local_to_utc.json")) {
    const auto answer =
        answer_to({{"op", "to_utc"}, {"zone", vector.at("zone")}, {"local", vector.at("local")}});
    CHECK(answer == object{{"utc", vector.at("utc_fold0")}, {"kind", vector.at("kind")}});
  }
}

TEST_CASE("a question about an SMS is answered with its parts") {
  const auto segments = [](const char* text) { return answer_to({{"op", "sms"}, {"text", text}}); };
  CHECK(segments("") == object{{"encoding", "GSM-7"}, {"segments", 1}});
  CHECK(segments("Ça coûte 3 €") == object{{"encoding", "UCS-2"}, {"segments", 1}});
  CHECK(segments("\r\n\f{}") == object{{"encoding", "GSM-7"}, {"segments", 1}});
}

TEST_CASE("a zone may be any departement of France") {
  const auto days = [](const char* zone) {
    return answer_to({{"op", "holidays"}, {"zone", zone}, {"year", 2027}}).at("dates");
  };
  for (const char* zone : {"01", "19", "2A", "2B", "21", "75", "95"})
    CHECK(days(zone) == days("metropole"));
  for (const char* zone : {"57", "67", "68"}) CHECK(days(zone) == days("57-67-68"));
  for (const char* zone : {"971", "972", "973", "974", "975", "976", "977", "978"})
    CHECK(days(zone).as_array().size() >= 11);
  for (const char* zone : {"", "20", "96", "00", "1", "979", "988", "2C", "Metropole", "075"})
    CHECK(holds(error_of(R"({"op":"holidays","year":2027,"zone":")" + std::string(zone) + "\"}"),
                "/zone"));
}

TEST_CASE("a line that is no question is answered with an error") {
  CHECK(holds(error_of(""), "empty"));
  CHECK(holds(error_of("[1]"), "JSON object"));
  CHECK(holds(error_of(std::string(question_bytes_max + 1, ' ')), "longer"));
  CHECK(holds(error_of(R"({"op":"sms","text":"a","text":"b"})"), "twice"));
  CHECK(holds(error_of(R"({"op":"easter"})"), "\"year\" is missing"));
  CHECK(holds(error_of(R"({"op":"easter","yaer":2027})"), "did you mean \"year\""));
  CHECK(holds(error_of(R"({"op":"eastr","year":2027})"), "did you mean \"easter\""));
  for (const char* line :
       {"nonsense", "{", "null", "{}", "\"op\"", "{\"op\":\"sms\",\"text\":\"\xff\"}", "{} {}",
        R"({"op":"sms","text":"\ud83d"})", R"({"op":"sms","text":"\u0000"})", R"({"op":1})",
        R"({"OP":"easter","year":2027})", R"({"op":"easter","year":2027,"extra":1})",
        "\xef\xbb\xbf{}"})
    error_of(line);
  error_of(std::string(100'000, '['));
  error_of(R"({"op":"easter","year":)" + std::string(1000, '9') + "}");
}

TEST_CASE("a member of the wrong type or out of range is answered with an error that names it") {
  const std::vector<std::pair<std::string, std::string>> lines{
      {R"({"op":"easter","year":"2027"})", "/year"},
      {R"({"op":"easter","year":2027.5})", "/year"},
      {R"({"op":"easter","year":1e999})", "/year"},
      {R"({"op":"easter","year":1582})", "/year"},
      {R"({"op":"easter","year":10000})", "/year"},
      {R"({"op":"easter","year":18446744073709551615})", "/year"},
      {R"({"op":"holidays","zone":57,"year":2027})", "/zone"},
      {R"({"op":"add","start":"2026-02-29","months":1})", "/start"},
      {R"({"op":"add","start":"0000-01-01","months":1})", "/start"},
      {R"({"op":"add","start":"2026-02-28"})", "/months"},
      {R"({"op":"add","start":"2026-02-28","months":null})", "/months"},
      {R"({"op":"add","start":"2026-02-28","months":1,"method":"days"})", "/method"},
      {R"({"op":"add","start":"2026-02-28","months":1,"method":"sticky"})", "/method"},
      {R"({"op":"add","start":"2026-02-28","days":99999999})", "/days"},
      {R"({"op":"add","start":"9999-12-31","days":1})", "outside"},
      {R"({"op":"add","start":"9999-12-31","years":9998,"months":119976,"days":3659268})",
       "outside"},
      {R"({"op":"add","start":"0001-01-01","days":-1})", "outside"},
      {R"({"op":"roll","zone":"75","date":"1500-01-01","direction":"next"})", "/date"},
      {R"({"op":"roll","zone":"75","date":"9999-12-31","direction":"back"})", "/direction"},
      {R"({"op":"roll","zone":"75","date":"2026-01-01"})", "/direction"},
      {R"({"op":"roll","zone":"75","date":"2026-01-01","direction":"next","kind":"x"})", "/kind"},
      {R"({"op":"add_working_days","zone":"75","start":"2026-01-01","n":2147483648})", "/n"},
      {R"({"op":"add_working_days","zone":"75","start":"9999-12-30","n":100000})", "outside"},
      {R"({"op":"delay","zone":"75","event":"2026-01-01","unit":"weeks","n":2})", "/unit"},
      {R"({"op":"delay","zone":"75","event":"2026-01-01","unit":"days","n":-1})", "/n"},
      {R"({"op":"delay","zone":"75","event":"2026-01-01","unit":"days","n":1,"franc":1})",
       "/franc"},
      {R"({"op":"recurrence","ics":["DTSTART:20260101"],"zone":null})", "/ics"},
      {R"({"op":"recurrence","ics":"DTSTART:20260101","zone":null})", "/ics"},
      {R"({"op":"recurrence","ics":"DTSTART:20260101\nRRULE:FREQ=DAILY","zone":"Paris"})", "/zone"},
      {R"({"op":"recurrence","ics":"DTSTART:20260101\nRRULE:FREQ=DAILY","zone":1})", "/zone"},
      {R"({"op":"to_utc","zone":"","local":"2026-01-01T00:00:00"})", "/zone"},
      {R"({"op":"to_utc","zone":"UTC","local":"2026-01-01"})", "/local"},
      {R"({"op":"to_utc","zone":"UTC","local":"2026-01-01T24:00:00"})", "/local"},
      {R"({"op":"to_utc","zone":"Asia/Tokyo","local":"0001-01-01T00:00:00"})", "outside"},
      {R"({"op":"sms","text":null})", "/text"},
  };
  for (const auto& [line, words] : lines) {
    const auto error = error_of(line);
    CAPTURE(line);
    CAPTURE(error);
    CHECK(holds(error, words));
  }
}

TEST_CASE("a recurrence without an end is cut and says so") {
  const auto ask = [](const char* rule) {
    return answer_to(
        {{"op", "recurrence"}, {"ics", std::string("DTSTART:20260101\nRRULE:") + rule}});
  };
  const auto cut = ask("FREQ=DAILY");
  CHECK(cut.at("local").as_array().size() == std::size_t(calendar::occurrences_max));
  CHECK(cut.at("more").as_bool());
  CHECK_FALSE(ask("FREQ=DAILY;COUNT=3").contains("more"));
  CHECK(ask("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30").at("local").as_array().empty());
  CHECK(holds(std::string(ask("FREQ=MINUTELY;INTERVAL=2;BYMINUTE=1").at("error").as_string()),
              "too much work"));
}

TEST_CASE("an error that quotes a long text of several bytes a letter stays valid") {
  std::string letters;
  for (int i = 0; i < 200; ++i) letters += "é";
  for (const char* shift : {"", "a"}) {
    const auto word = shift + letters;
    error_of(R"({"op":")" + word + "\"}");
    error_of(R"({"op":"easter","year":1,")" + word + "\":1}");
    error_of(R"({"op":"recurrence","ics":"DTSTART:20260101\nRRULE:FREQ=)" + word + "\"}");
    error_of(R"({"op":"to_utc","local":"2026-01-01T00:00:00","zone":")" + word + "\"}");
  }
}
