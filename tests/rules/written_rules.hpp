// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <map>

#include "rules/books.hpp"
#include "temporary_folder.hpp"

// Rules written in a test, below the calendars that the project ships.

namespace rappel::test {

/// A rule fr.test.<name> for each of a kind of subject, from the lines that matter; `head` goes before.
inline std::string written_rule(const std::string& name, const std::string& for_each,
                                const std::string& lines) {
  return "id: fr.test." + name + R"(
version: 1
status: active
confidence: high
title: {fr: Une limite, en: A limit}
topic: test
statutory: false
lane: advice
misfire: skip
legal:
  - {text: A law, url: "https://example.org/law"}
line: {fr: "au plus tard le {due_on}", en: "by {due_on}"}
rollover: none
reminders:
  stages:
    - {name: soon, offset: -P10D, at: "09:30", message: m}
examples:
  - {name: nobody, as_of: 1999-01-01, given: [], expect: []}
for_each: )" + for_each + "\n" + lines;
}

/// The result of loading rules by their names.
inline auto load_written(const std::map<std::string, std::string>& rules) {
  namespace fs = std::filesystem;
  const TemporaryFolder folder;
  const fs::path& root = folder.path();
  fs::create_directories(root / "deadlines" / "fr" / "test");
  fs::create_symlink(fs::path(RAPPEL_SOURCE_DIR) / "templates" / "calendar", root / "calendar");
  for (const auto& [name, text] : rules)
    std::ofstream(root / "deadlines" / "fr" / "test" / (name + ".yaml")) << text;
  return rules::RuleBook::load(root);
}

inline rules::RuleBook written_book(const std::map<std::string, std::string>& rules) {
  auto book = load_written(rules);
  if (!book) {
    for (const auto& problem : book.error()) MESSAGE(to_string(problem));
  }
  REQUIRE(book.has_value());
  return *book;
}

/// "occurrence:due state" of each deadline, joined by "; ".
inline std::string told(const rules::RuleBook& book, const profile::Profile& profile,
                        const std::string& as_of) {
  std::string text;
  for (const auto& deadline : book.evaluate(profile, day(as_of)).deadlines) {
    text += (text.empty() ? "" : "; ") + to_iso(deadline.due_on) + " " +
            std::string(to_string(deadline.state));
  }
  return text;
}

}  // namespace rappel::test
