// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.hpp"
#include "base/problem.hpp"

// Dates that an authority publishes each year: data with a source, never computed. A year that is
// not there is not published yet; nothing of another year stands in for it.

namespace rappel::rules {

class Campaign {
 public:
  /// The dates of one year.
  struct Year {
    std::optional<CivilDate> opens_on;        ///< when it was read
    std::map<std::string, CivilDate> due_on;  ///< by zone
    std::string source, url;
    CivilDate verified_on{};
  };

  static Checked<Campaign> load(const std::string& path);
  static Checked<Campaign> parse(const std::string& path, const std::string& text);

  /// BLAKE2b-256 of the file's text, 64 hexadecimal digits.
  [[nodiscard]] const std::string& hash() const { return hash_; }
  /// Null: not published.
  [[nodiscard]] const Year* year(int year) const;
  /// The zone of a departement, which may be unknown (""); empty when it is in none.
  [[nodiscard]] std::string_view zone_of(std::string_view departement) const;

 private:
  struct Zone {
    std::string id;
    int from = 0, to = 0;     ///< in the order of departements, both included
    bool everywhere = false;  ///< the one zone of a country-wide date, wherever somebody lives
  };
  std::vector<Zone> zones_;
  std::map<int, Year> years_;
  std::string hash_;
};

}  // namespace rappel::rules
