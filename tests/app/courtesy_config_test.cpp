// SPDX-License-Identifier: Apache-2.0
#include "app/courtesy_config.hpp"

#include <doctest/doctest.h>

using namespace rappel;
using namespace rappel::app;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

dispatch::Manners manners_of(const std::string& text, std::vector<Problem>& problems) {
  const auto file = parse_yaml("rappel.yaml", text, problems);
  REQUIRE(problems.empty());
  dispatch::Manners manners;
  read_manners(YamlMap(file, file.root, problems), manners);
  return manners;
}

Problem refused(const std::string& text) {
  std::vector<Problem> problems;
  manners_of(text, problems);
  REQUIRE_FALSE(problems.empty());
  return problems.front();
}

}  // namespace

TEST_CASE("a tenant has what is usual but for what its entry says") {
  std::vector<Problem> problems;
  const auto manners = manners_of(
      "quiet_from: \"21:30\"\nadvice_per_day_max: 2\ntenants:\n"
      "  - {tenant: mairie, quiet_channels: [email], service_per_day_max: 3}\n",
      problems);
  REQUIRE(problems.empty());
  CHECK(manners.usual.quiet_hours->from == hours{21} + minutes{30});
  CHECK(manners.usual.quiet_hours->to == hours{8});
  const auto& own = manners.of("mairie");
  CHECK(own.quiet_hours == manners.usual.quiet_hours);
  CHECK(own.quiet_channels == std::vector{Channel::email});
  CHECK(own.advice_per_day_max == 2);
  CHECK(own.service_per_day_max == 3);
  CHECK(manners.of("autre").service_per_day_max == 10);
}

TEST_CASE("an empty list of quiet channels means none") {
  std::vector<Problem> problems;
  CHECK(manners_of("quiet_channels: []\n", problems).usual.quiet_channels.empty());
  CHECK(problems.empty());
}

TEST_CASE("a courtesy that means nothing is refused with its place") {
  CHECK(refused("quiet_from: \"25:00\"\n").where == "rappel.yaml:1:13");
  CHECK(refused("quiet_from: \"8h00\"\n").mend.find("20:00") != std::string::npos);
  CHECK(refused("quiet_channels: [fax]\n").detail == "quiet_channels: \"fax\" is not a channel");
  CHECK(refused("advice_per_day_max: -1\n").where == "rappel.yaml:1:21");
  CHECK(refused("quiet_form: \"20:00\"\n").code == "unknown_key");
  CHECK(refused("tenants: [{quiet_to: \"07:00\"}]\n").code == "missing_key");
  CHECK(refused("tenants: [{tenant: a}, {tenant: a}]\n").code == "duplicate_name");
}
