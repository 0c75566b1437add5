// SPDX-License-Identifier: Apache-2.0
#include "profile/place.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "calendar/zone.hpp"

namespace rappel::profile {
namespace {

constexpr std::string_view default_zone = "Europe/Paris";

// Departements and collectivities whose clock is not that of Paris. 987 is Tahiti: the Marquesas
// and the Gambier islands have an offset of their own, which the code of the departement hides.
constexpr std::array<std::pair<std::string_view, std::string_view>, 11> overseas_zones{
    {{"971", "America/Guadeloupe"},
     {"972", "America/Martinique"},
     {"973", "America/Cayenne"},
     {"974", "Indian/Reunion"},
     {"975", "America/Miquelon"},
     {"976", "Indian/Mayotte"},
     {"977", "America/St_Barthelemy"},
     {"978", "America/Marigot"},
     {"986", "Pacific/Wallis"},
     {"987", "Pacific/Tahiti"},
     {"988", "Pacific/Noumea"}}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_digit);
}

bool is_corsica(std::string_view departement) {
  return departement == "2A" || departement == "2B";
}

}  // namespace

bool is_insee_code(std::string_view code) {
  if (code.size() != 5 || !all_digits(code.substr(2))) return false;
  return is_corsica(code.substr(0, 2)) || (all_digits(code) && code.substr(0, 2) != "00");
}

std::string departement_of(std::string_view insee) {
  if (!is_insee_code(insee) || insee.starts_with("99")) return {};
  const bool overseas = insee.starts_with("97") || insee.starts_with("98");
  return std::string(insee.substr(0, overseas ? 3 : 2));
}

int departement_sort_key(std::string_view departement) {
  constexpr int corsica = 200;  // the old number 20: 2A and 2B stand where it stood
  if (is_corsica(departement)) return corsica + (departement == "2A" ? 1 : 2);
  if (departement.empty() || departement.size() > 3 || !all_digits(departement)) return 0;
  int number = 0;
  for (const char digit : departement) number = number * 10 + (digit - '0');
  return number * 10;
}

std::string_view zone_name_of(std::string_view departement) {
  for (const auto& [code, zone] : overseas_zones) {
    if (code == departement) return zone;
  }
  return default_zone;
}

std::string_view holiday_zone_of(std::string_view departement) {
  constexpr std::array<std::string_view, 3> alsace_moselle{"57", "67", "68"};
  constexpr std::array<std::string_view, 8> overseas{"971", "972", "973", "974",
                                                     "975", "976", "977", "978"};
  if (std::find(alsace_moselle.begin(), alsace_moselle.end(), departement) != alsace_moselle.end())
    return "57-67-68";
  const auto* found = std::find(overseas.begin(), overseas.end(), departement);
  return found != overseas.end() ? *found : std::string_view("metropole");
}

Expected<void> check_zones() {
  if (auto zone = calendar::Zone::find(std::string(default_zone)); !zone)
    return tl::unexpected(zone.error());
  for (const auto& [code, name] : overseas_zones) {
    if (auto zone = calendar::Zone::find(std::string(name)); !zone)
      return tl::unexpected(zone.error());
  }
  return {};
}

}  // namespace rappel::profile
