// SPDX-License-Identifier: Apache-2.0
#include "app/ctl/options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "base/nearest.hpp"

namespace rappel::app::ctl {

Options::Options(const std::vector<std::string>& words, std::vector<std::string> known) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!words[i].starts_with("--")) {
      rest_.push_back(words[i]);
      continue;
    }
    std::string name = words[i].substr(2);
    std::optional<std::string> value;
    if (const auto equals = name.find('='); equals != std::string::npos) {
      value = name.substr(equals + 1);
      name.resize(equals);
    }
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      const auto nearest = nearest_name(name, known);
      throw UsageError(fmt::format("--{} is not an option here{}", name,
                                   nearest.empty() ? "" : "; did you mean --" + nearest + "?"));
    }
    if (!value && i + 1 < words.size()) value = words[++i];
    if (!value) throw UsageError(fmt::format("--{} needs a value", name));
    values_[name] = *value;
  }
}

std::optional<std::string> Options::find(const std::string& name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

std::string Options::need(const std::string& name) const {
  auto value = find(name);
  if (!value) throw UsageError(fmt::format("--{} is required", name));
  return *value;
}

std::optional<std::string> Options::one_of(const std::string& name,
                                           const std::vector<std::string>& known) const {
  auto value = find(name);
  if (value) known_word(*value, known);
  return value;
}

int Options::number(const std::string& name, int fallback, int min, int max) const {
  const auto text = find(name);
  if (!text) return fallback;
  int value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size() || value < min || value > max)
    throw UsageError(fmt::format("--{} must be a whole number from {} to {}", name, min, max));
  return value;
}

std::string Options::only(const std::string& what) const {
  if (rest_.size() != 1) throw UsageError(fmt::format("{} is needed, and nothing else", what));
  return rest_.front();
}

const std::string& known_word(const std::string& word, const std::vector<std::string>& known) {
  if (std::find(known.begin(), known.end(), word) != known.end()) return word;
  const auto nearest = nearest_name(word, known);
  throw UsageError(nearest.empty() ? fmt::format("\"{}\" is not one of: {}", word, fmt::join(known, ", "))
                                   : fmt::format("\"{}\" is not known here; did you mean \"{}\"?", word, nearest));
}

std::string action_of(const Options& options, const std::vector<std::string>& known) {
  if (options.rest().empty()) throw UsageError(fmt::format("say what: {}", fmt::join(known, ", ")));
  return known_word(options.rest().front(), known);
}

}  // namespace rappel::app::ctl
