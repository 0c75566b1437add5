// SPDX-License-Identifier: Apache-2.0
#include "base/strict_yaml.hpp"

#include <doctest/doctest.h>

using namespace rappel;

namespace {

std::vector<Problem> problems_of(const std::string& text) {
  std::vector<Problem> problems;
  parse_yaml("a.yaml", text, problems);
  return problems;
}

}  // namespace

TEST_CASE("an alias is refused before it is expanded") {
  std::string bomb = "a: &a [x, x]\n";
  for (int i = 0; i < 30; ++i) bomb += "b" + std::to_string(i) + ": [*a, *a]\n";
  const auto problems = problems_of(bomb);
  REQUIRE_FALSE(problems.empty());
  CHECK(problems.front().code == "yaml_anchor");
  CHECK(problems.front().where.starts_with("a.yaml:1:"));
}

TEST_CASE("a duplicate key is refused at its second place") {
  const auto problems = problems_of("a: 1\nb: 2\na: 3\n");
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].code == "duplicate_key");
  CHECK(problems[0].where == "a.yaml:3:1");
}

TEST_CASE("tags and second documents and broken text are refused with their place") {
  CHECK(problems_of("a: !!int 3\n").front().code == "yaml_tag");
  CHECK(problems_of("a: 1\n---\nb: 2\n").front().code == "yaml_documents");
  const auto broken = problems_of("a: [1, 2\nb: 3\n");
  REQUIRE_FALSE(broken.empty());
  CHECK(broken.front().code == "yaml_syntax");
  CHECK(broken.front().where.starts_with("a.yaml:2:"));
}

TEST_CASE("a document that is nested too deep is refused") {
  CHECK(problems_of("a: " + std::string(60, '[') + std::string(60, ']')).front().code ==
        "yaml_depth");
}

TEST_CASE("an unknown key is refused with the nearest known one") {
  std::vector<Problem> problems;
  const auto file = parse_yaml("a.yaml", "threads: 4\nquue: 3\n", problems);
  YamlMap map(file, file.root, problems);
  CHECK(map.integer("threads", 1, 10) == 4);
  CHECK_FALSE(map.integer("queue", 1, 10));
  map.finish();
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].code == "unknown_key");
  CHECK(problems[0].where == "a.yaml:2:1");
  CHECK(problems[0].mend == "did you mean \"queue\"?");
}

TEST_CASE("an integer is decimal and within its range") {
  for (const char* wrong : {"010", "0x10", "3.5", "11", "-1", "many", "1e1"}) {
    std::vector<Problem> problems;
    const auto file = parse_yaml("a.yaml", std::string("n: ") + wrong + "\n", problems);
    YamlMap map(file, file.root, problems);
    CHECK_FALSE(map.integer("n", 0, 10));
    CHECK(problems.size() == 1);
  }
}

TEST_CASE("a duration carries its unit") {
  CHECK(parse_duration("500ms") == std::chrono::milliseconds{500});
  CHECK(parse_duration("2h") == std::chrono::hours{2});
  for (const char* wrong : {"5", "s", "-5s", "5 s", "5sec", ""}) CHECK_FALSE(parse_duration(wrong));
}
