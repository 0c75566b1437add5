// SPDX-License-Identifier: Apache-2.0
#include "app/import.hpp"

#include <fmt/format.h>

#include <sstream>

#include "app/small_town.hpp"

using namespace rappel;
using namespace rappel::app;
using rappel::test::World;

namespace {

std::string line(const std::string& citizen, const std::string& rest = "",
                 const std::string& title = "T", const std::string& send_at = "2026-12-01T09:00:00Z") {
  return fmt::format(R"({{"citizen":"{}","template":"caseworker_note",)"
                     R"("send_at":"{}","values":{{"title":"{}","body":"B"}}{}}})"
                     "\n",
                     citizen, send_at, title, rest);
}

/// A town that imports, and what was refused: "2 /send_at in_the_past".
struct Office : World {
  ImportCount import(const std::string& text, const ImportOptions& options = {}) {
    refused.clear();
    rejected.clear();
    std::istringstream in(text);
    return import_reminders(
        in, store, *planner, tenant.id, today, options,
        [this](std::size_t number, const Problem& problem, const std::string& whole) {
          refused.push_back(fmt::format("{} {} {}", number, problem.where, problem.code));
          rejected.push_back(whole);
        },
        [this](const ImportCount& so_far) { database_gone = so_far.lines == lost_after; });
  }
  std::vector<Reminder> reminders_of(const std::string& reference) {
    auto all = store.read_reminders(tenant.id, *store.find_citizen(tenant.id, reference), {}).items;
    std::erase_if(all, [](const Reminder& each) { return each.deadline.has_value(); });
    return all;
  }

  std::size_t lost_after = SIZE_MAX;
  VirtualClock today{test::start};
  std::vector<std::string> refused;
  std::vector<std::string> rejected;
};

using Refused = std::vector<std::string>;

}  // namespace

TEST_CASE("an import plans the reminders of many people whatever the size of its batches") {
  for (const std::size_t batch : {1, 2, 100}) {
    Office office;
    const auto count = office.import(line("citizen-0") + line("citizen-1") + "\n" + line("citizen-0", "", "Other") + line("citizen-2"),
                                     {.lines_per_batch = batch});
    CHECK(count.lines == 4);
    CHECK(count.planned == 4);
    CHECK(count.refused == 0);
    CHECK(office.reminders_of("citizen-0").size() == 2);
    REQUIRE(office.reminders_of("citizen-2").size() == 1);
    const auto reminder = office.reminders_of("citizen-2").front();
    CHECK(reminder.state == ReminderState::planned);
    CHECK(to_rfc3339(reminder.due_at) == "2026-12-01T09:00:00Z");
    CHECK(reminder.values.at("title").as_string() == "T");
  }
}

TEST_CASE("the same file imported again plans nothing twice also when its instants have passed") {
  Office office;
  const auto file = line("citizen-0") + line("citizen-1", R"(,"key":"k")");
  CHECK(office.import(file).planned == 2);
  office.today.set(*parse_rfc3339("2027-01-01T00:00:00Z"));
  const auto again = office.import(file);
  CHECK(again.planned == 0);
  CHECK(again.known == 2);
  CHECK(again.refused == 0);
  CHECK(office.reminders_of("citizen-0").size() == 1);
}

TEST_CASE("a line that stands twice in a file plans once") {
  Office office;
  const auto count = office.import(line("citizen-0") + line("citizen-0"));
  CHECK(count.planned == 1);
  CHECK(count.known == 1);
}

TEST_CASE("a key that comes back with other words is refused and the first stays") {
  Office office;
  CHECK(office.import(line("citizen-0", R"(,"key":"k")")).planned == 1);
  CHECK(office.import(line("citizen-0", R"(,"key":"k")", "Other")).refused == 1);
  CHECK(office.refused == Refused{"1 /key key_reused"});
  // Of one and the same file too, and a key belongs to its citizen.
  office.import(line("citizen-1", R"(,"key":"k")") + line("citizen-1", R"(,"key":"k")", "Other"));
  CHECK(office.refused == Refused{"2 /key key_reused"});
  REQUIRE(office.reminders_of("citizen-0").size() == 1);
  CHECK(office.reminders_of("citizen-0").front().values.at("title").as_string() == "T");
}

TEST_CASE("what is wrong is told by line and place and hinders no other line") {
  Office office;
  const auto count = office.import(
      "nonsense\n" + line("nobody") + line("citizen-0") + line("citizen-0", "", "T", "2020-01-01T00:00:00Z") +
      line("citizen-0", R"(,"lanes":"advice")") + line("citizen-0", R"(,"key":"")") +
      R"({"citizen":"citizen-0","template":"no_such","send_at":"2026-12-01T09:00:00Z"})" "\r\n" + line("citizen-1"));
  CHECK(count.planned == 2);
  CHECK(count.refused == 6);
  CHECK(office.refused == Refused{"1  bad_json", "2 /citizen unknown_citizen", "4 /send_at in_the_past",
                                  "5 /lanes unknown_field", "6 /key bad_key",
                                  "7 /template unknown_template"});
  CHECK(office.rejected.front() == "nonsense");
}

TEST_CASE("offsets are counted in the citizen's own zone as the API counts them") {
  Office office;
  const std::string body = R"({"citizen":"citizen-0","template":"caseworker_note","due_on":"2027-03-01",)"
                           R"("offsets":["-P30D","-P7D"],"values":{"title":"T","body":"B"}})";
  CHECK(office.import(body + "\n").planned == 2);
  const auto imported = office.reminders_of("citizen-0");
  planner::Request request;
  request.tenant = office.tenant.id;
  request.now = test::start;
  REQUIRE(office.planner->schedule(request, boost::json::parse(body).as_object()));
  const auto all = office.reminders_of("citizen-0");
  REQUIRE(all.size() == 4);
  for (const auto& reminder : imported)
    CHECK(std::count_if(all.begin(), all.end(), [&](const Reminder& other) {
            return other.due_at == reminder.due_at && other.stage == reminder.stage &&
                   other.expires_at == reminder.expires_at;
          }) == 2);
}

TEST_CASE("nobody gets more waiting reminders by an import than the limit") {
  Office office;
  std::string file;
  for (int i = 0; i < 1000; ++i) file += line("citizen-0", fmt::format(R"(,"key":"{}")", i));
  const auto before = office.reminders_of("citizen-0").size();
  const auto count = office.import(file + line("citizen-0", R"(,"key":"more")"));
  CHECK(before == 0);
  // Those of deadlines wait too.
  CHECK(count.planned <= 1000);
  CHECK(count.planned + count.refused == 1001);
  REQUIRE_FALSE(office.refused.empty());
  CHECK(office.refused.back() == "1001 /citizen too_many_reminders");
}

TEST_CASE("a line that is too long is refused without being held and the next one is read") {
  Office office;
  const auto count =
      office.import(std::string(100'000, 'x') + "\n" + line("citizen-0") + std::string(300, 'y'),
                    {.line_bytes_max = 250});
  CHECK(count.planned == 1);
  CHECK(office.refused == Refused{"1  line_too_long", "3  line_too_long"});
  CHECK(office.rejected.front().size() == 250);
}

TEST_CASE("an import that loses the database goes on when the file comes again") {
  Office office;
  std::string file;
  for (int i = 0; i < 7; ++i) file += line(fmt::format("citizen-{}", i));
  office.lost_after = 3;
  CHECK_THROWS_AS(office.import(file, {.lines_per_batch = 1}), store::StoreUnavailable);
  office.database_gone = false;
  office.lost_after = SIZE_MAX;
  const auto count = office.import(file, {.lines_per_batch = 1});
  CHECK(count.known == 3);
  CHECK(count.planned == 4);
}
