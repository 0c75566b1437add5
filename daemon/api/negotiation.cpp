// SPDX-License-Identifier: Apache-2.0
#include "api/negotiation.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

namespace rappel::api {
namespace {

/// Ranges of one header that are looked at; a browser sends about six.
constexpr std::size_t ranges_max = 50;

struct Range {
  std::string name;  ///< in lower case
  double quality = 1;
};

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (auto& c : lower)
    if (c >= 'A' && c <= 'Z') c = char(c + ('a' - 'A'));
  return lower;
}

/// What stands before the separator; `rest` loses it and the separator.
std::string_view take(std::string_view& rest, char separator) {
  const auto end = std::min(rest.find(separator), rest.size());
  const auto part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return trimmed(part);
}

Range read_range(std::string_view text) {
  Range range;
  range.name = lower_case(take(text, ';'));
  while (!text.empty()) {
    auto parameter = take(text, ';');
    if (lower_case(take(parameter, '=')) != "q") continue;
    double quality = 0;
    const auto read = std::from_chars(parameter.data(), parameter.data() + parameter.size(), quality);
    range.quality = read.ec == std::errc{} && quality >= 0 && quality <= 1 ? quality : 0;
  }
  return range;
}

/// How closely a range names an offer; 0: not at all.
int closeness(std::string_view range, std::string_view offer) {
  if (range == offer) return 3;
  if (range.size() > offer.size() && range.starts_with(offer) && range[offer.size()] == '-') return 3;
  if (range.ends_with("/*") && range != "*/*") return offer.starts_with(range.substr(0, range.size() - 1)) ? 2 : 0;
  return range == "*" || range == "*/*" ? 1 : 0;
}

}  // namespace

std::size_t preferred_offer(const std::string* header, std::span<const std::string_view> offers) {
  if (header == nullptr) return 0;
  std::vector<Range> ranges;
  for (std::string_view rest = *header; !rest.empty() && ranges.size() < ranges_max;)
    ranges.push_back(read_range(take(rest, ',')));
  std::size_t best = 0;
  double best_quality = 0;
  std::size_t best_place = ranges_max;
  for (std::size_t i = 0; i < offers.size(); ++i) {
    int closest = 0;
    std::size_t place = 0;
    for (std::size_t at = 0; at < ranges.size(); ++at) {
      const int close = closeness(ranges[at].name, offers[i]);
      if (close > closest) closest = close, place = at;
    }
    if (closest == 0) continue;
    const double quality = ranges[place].quality;
    if (quality > best_quality || (quality > 0 && quality == best_quality && place < best_place)) {
      best = i;
      best_quality = quality;
      best_place = place;
    }
  }
  return best;
}

}  // namespace rappel::api
