// SPDX-License-Identifier: Apache-2.0
#include "app/ctl/options.hpp"

#include <fmt/format.h>

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

}  // namespace rappel::app::ctl
