// SPDX-License-Identifier: Apache-2.0
// Each file of tests/rules/broken differs from a right one in one place. What the loader says of it
// is what a jurist reads.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include "rules/books.hpp"
#include "temporary_folder.hpp"

using namespace rappel;
using namespace rappel::test;
namespace fs = std::filesystem;

namespace {

const fs::path source_dir = RAPPEL_SOURCE_DIR;

/// A templates folder with the shipped calendars and the given rule files.
class Folder {
 public:
  Folder() {
    fs::create_directories(rules());
    fs::create_symlink(source_dir / "templates" / "calendar", root_.path() / "calendar");
  }

  void add(const std::string& name, const std::string& text) const {
    std::ofstream(rules() / name) << text;
  }
  void copy(const std::string& name) const {
    fs::copy_file(source_dir / "tests" / "rules" / "broken" / name, rules() / name);
  }
  [[nodiscard]] auto load() const { return rules::RuleBook::load(root_.path()); }
  [[nodiscard]] fs::path rules() const { return root_.path() / "deadlines" / "fr" / "test"; }

 private:
  TemporaryFolder root_;
};

std::string read(const fs::path& path) {
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// A shipped rule under another id, to make versions of.
std::string version_of(const std::string& id, int version, const std::string& more) {
  auto text = read(source_dir / "templates/deadlines/fr/identity/cni_mineur.yaml");
  const auto replace = [&](const std::string& from, const std::string& to) {
    text.replace(text.find(from), from.size(), to);
  };
  replace("id: fr.identity.cni_mineur", "id: " + id);
  replace("version: 1", "version: " + std::to_string(version) + "\n" + more);
  return text;
}

/// "line:column detail (mend)", the folder left out.
std::string told(const Problem& problem) {
  const auto name = problem.where.rfind('/');
  const auto place = problem.where.find(':', name == std::string::npos ? 0 : name);
  std::string text = place == std::string::npos ? "" : problem.where.substr(place + 1) + " ";
  text += problem.detail;
  return problem.mend.empty() ? text : text + " (" + problem.mend + ")";
}

std::string all_told(const std::vector<Problem>& problems) {
  std::string text;
  for (const auto& problem : problems) text += told(problem) + "\n";
  return text;
}

struct Broken {
  std::string name;
  std::string says;
};

const Broken table[] = {
#include "rules/broken_table.inc"
};

}  // namespace

TEST_CASE("every broken rule file is refused with its line and a sentence that helps") {
  for (const auto& broken : table) {
    CAPTURE(broken.name);
    const Folder folder;
    folder.copy(broken.name + ".yaml");
    const auto book = folder.load();
    REQUIRE_FALSE(book.has_value());
    CHECK(all_told(book.error()) == broken.says);
  }
}

TEST_CASE("a file that was saved in Latin-1 is refused where its first such letter stands") {
  const Folder folder;
  folder.add("cni_mineur.yaml", "id: fr.test.cni_mineur\ntitle: {fr: carte p\xe9rim\xe9\x65}\n");
  const auto book = folder.load();
  REQUIRE_FALSE(book.has_value());
  CHECK(all_told(book.error()).find("2:20 holds a byte that is not UTF-8 (save the file in UTF-8") == 0);
}

TEST_CASE("every file of the broken folder has its line in the table") {
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(source_dir / "tests" / "rules" / "broken")) {
    CAPTURE(entry.path().string());
    CHECK(std::any_of(std::begin(table), std::end(table), [&](const Broken& broken) {
      return broken.name == entry.path().stem().string();
    }));
    ++files;
  }
  CHECK(files == std::size(table));
}

TEST_CASE("all the problems of several files are told at once and nothing is loaded") {
  const Folder folder;
  folder.copy("unknown_key.yaml");
  folder.copy("unknown_fact.yaml");
  folder.add("good.yaml", version_of("fr.test.good", 1, ""));
  const auto book = folder.load();
  REQUIRE_FALSE(book.has_value());
  CHECK(book.error().size() >= 3);  // a missing topic, an unknown key, an unknown fact
}

TEST_CASE("two versions in force on one day are refused and two that follow each other are not") {
  const Folder together;
  together.add("good.yaml", version_of("fr.test.good", 1, ""));
  together.add("good.v2.yaml", version_of("fr.test.good", 2, "valid_from: 2026-01-01"));
  const auto refused = together.load();
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().front().code == "overlapping_versions");

  const Folder apart;
  apart.add("good.yaml", version_of("fr.test.good", 1, "valid_to: 2025-12-31"));
  apart.add("good.v2.yaml", version_of("fr.test.good", 2, "valid_from: 2026-01-01"));
  const auto book = apart.load();
  REQUIRE(book.has_value());
  CHECK(book->find("fr.test.good")->version == 2);
  const auto profile =
      profile_of({{"citizen.updated", R"({"birthdate":"2009-03-02","nationality":"FR"})"},
                  {"identity_document.issued", R"({"kind":"cni","issued_on":"2022-08-02"})"}});
  CHECK(book->evaluate(profile, day("2025-12-31")).deadlines.at(0).version == 1);
  CHECK(book->evaluate(profile, day("2025-12-31")).reevaluate_on == day("2026-01-01"));
  CHECK(book->evaluate(profile, day("2026-01-01")).deadlines.at(0).version == 2);
}

TEST_CASE("the same version twice is refused with the other file's name") {
  const Folder folder;
  folder.add("good.yaml", version_of("fr.test.good", 1, ""));
  folder.add("good.copy.yaml", version_of("fr.test.good", 1, ""));
  const auto book = folder.load();
  REQUIRE_FALSE(book.has_value());
  CHECK(book.error().front().code == "duplicate_version");
}

TEST_CASE("a folder without rules is refused by name") {
  const auto book = rules::RuleBook::load("/nowhere/at/all");
  REQUIRE_FALSE(book.has_value());
  CHECK(book.error().front().code == "unreadable");
}

TEST_CASE("a file with the other YAML extension is not silently left out") {
  const Folder folder;
  folder.add("good.yml", version_of("fr.test.good", 1, ""));
  const auto book = folder.load();
  REQUIRE_FALSE(book.has_value());
  CHECK(book.error().front().code == "wrong_extension");
}
