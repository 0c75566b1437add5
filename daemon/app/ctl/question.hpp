// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.hpp"
#include "base/problem.hpp"

namespace rappel::app::ctl {

/// The members of one question, each read once and checked. The first that is wrong is kept as the
/// problem and the reading goes on with harmless values: look at problem() before using any.
class Question {
 public:
  explicit Question(const boost::json::object& members) : members_(members) {}

  std::string text(std::string_view name);
  /// Nothing when it is missing or null.
  std::optional<std::string> optional_text(std::string_view name);
  CivilDate date(std::string_view name, int year_min);
  int number(std::string_view name, int min, int max);
  int number_or(std::string_view name, int fallback, int min, int max);
  bool flag_or(std::string_view name, bool fallback);
  /// One of `choices`; `fallback` when it is missing, unless that is empty.
  std::string choice(std::string_view name, const std::vector<std::string>& choices,
                     std::string_view fallback = {});

  [[nodiscard]] bool has(std::string_view name) const { return members_.contains(name); }
  void wrong(std::string_view name, std::string detail, std::string mend = {});
  /// The first problem; a member that nothing read is one.
  [[nodiscard]] std::optional<Problem> problem();

 private:
  const boost::json::value* take(std::string_view name);
  const boost::json::value* need(std::string_view name);

  const boost::json::object& members_;
  std::vector<std::string> known_;
  std::optional<Problem> problem_;
  bool missing_ = false;  ///< that is what problem_ says
};

}  // namespace rappel::app::ctl
