// SPDX-License-Identifier: Apache-2.0
#include "rules/packs.hpp"

#include <algorithm>
#include <array>

namespace rappel::rules {
namespace {

constexpr std::array all_packs{
    Pack{"birth", "Naissance d'un enfant", "Birth of a child"},
    Pack{"move", "Déménagement", "Moving house"},
    Pack{"bereavement", "Décès d'un proche", "Death of somebody close"},
    Pack{"separation", "Séparation", "Separation"},
    Pack{"retirement", "Départ à la retraite", "Retirement"},
    Pack{"job_loss", "Perte d'emploi", "Loss of a job"},
    Pack{"turning_16", "Les 16 ans", "Turning 16"},
    Pack{"turning_18", "Les 18 ans", "Turning 18"},
};

}  // namespace

std::span<const Pack> packs() { return all_packs; }

std::span<const std::string_view> pack_names() {
  static const auto names = [] {
    std::array<std::string_view, all_packs.size()> list;
    std::transform(all_packs.begin(), all_packs.end(), list.begin(),
                   [](const Pack& pack) { return pack.name; });
    return list;
  }();
  return names;
}

}  // namespace rappel::rules
