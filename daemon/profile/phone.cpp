// SPDX-License-Identifier: Apache-2.0
#include "profile/phone.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace rappel::profile {
namespace {

constexpr std::size_t phone_digits_min = 8;
constexpr std::size_t phone_digits_max = 15;  // E.164
constexpr std::size_t phone_text_bytes_max = 40;

/// How numbers are written inside a country.
struct Plan {
  std::string_view country;      ///< of the tenant: "fr"
  std::string_view code;         ///< "+33"
  std::string_view trunk;        ///< dialled at home only; empty: none
  std::size_t digits_min, digits_max;  ///< after the code, without the trunk digit
  std::string_view fault, mend;
};

// Lengths alone: what may be a number, not which ones are in service. From memory: the authorities of
// each country publish them.
constexpr std::array<Plan, 3> plans{{
    {"fr", "+33", "0", 9, 9, "is not a French number of ten digits",
     "write 06 12 34 56 78, or +33 6 12 34 56 78 with the country's code"},
    {"be", "+32", "0", 8, 9, "is not a Belgian number of nine or ten digits",
     "write 0470 12 34 56, or +32 470 12 34 56 with the country's code"},
    {"ee", "+372", "", 7, 8, "is not an Estonian number of seven or eight digits",
     "write 5123 4567, or +372 5123 4567 with the country's code"},
}};

const Plan* plan_of(std::string_view country) {
  const auto found = std::find_if(plans.begin(), plans.end(),
                                  [&](const Plan& plan) { return plan.country == country; });
  return found == plans.end() ? nullptr : &*found;
}

// National prefixes that belong to an overseas country code.
constexpr std::array<std::pair<std::string_view, std::string_view>, 14> overseas_prefixes{
    {{"0262", "+262"},
     {"0263", "+262"},
     {"0269", "+262"},
     {"0639", "+262"},
     {"0692", "+262"},
     {"0693", "+262"},
     {"0590", "+590"},
     {"0690", "+590"},
     {"0691", "+590"},
     {"0594", "+594"},
     {"0694", "+594"},
     {"0596", "+596"},
     {"0696", "+596"},
     {"0697", "+596"}}};

tl::unexpected<Problem> bad_phone(std::string detail, const Plan* plan) {
  return refuse(ProblemKind::invalid, "bad_phone", std::move(detail), {},
                plan != nullptr ? std::string(plan->mend)
                                : "write it with its country's code: +352 27 12 34 56");
}

/// Digits with at most a leading plus; empty when anything else stands in it.
std::string phone_digits(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if ((c >= '0' && c <= '9') || (c == '+' && digits.empty())) {
      digits += c;
    } else if (std::string_view(" .-()/").find(c) == std::string_view::npos) {
      return {};
    }
  }
  return digits;
}

/// "+33 (0)6 12…" is often written; the 0 between brackets is not dialled.
std::string without_trunk_zero(std::string_view text) {
  std::string copy(text);
  const auto zero = copy.find("(0)");
  if (zero != std::string::npos && (copy.starts_with('+') || copy.starts_with("00")))
    copy.erase(zero, 3);
  return copy;
}

std::string_view overseas_code(std::string_view digits) {
  for (const auto& [prefix, code] : overseas_prefixes) {
    if (digits.starts_with(prefix)) return code;
  }
  return "+33";
}

/// Empty when it cannot be a number of that country.
std::string from_national(const std::string& digits, const Plan& plan) {
  if (!digits.starts_with(plan.trunk)) return {};
  const auto rest = digits.substr(plan.trunk.size());
  if (rest.size() < plan.digits_min || rest.size() > plan.digits_max || rest.front() == '0')
    return {};
  return std::string(plan.country == "fr" ? overseas_code(digits) : plan.code) + rest;
}

/// Whether a number that names the country by its code fits the country's plan.
bool fits(const std::string& number) {
  return std::all_of(plans.begin(), plans.end(), [&](const Plan& plan) {
    if (!number.starts_with(plan.code)) return true;
    const auto rest = number.substr(plan.code.size());
    return rest.size() >= plan.digits_min && rest.size() <= plan.digits_max && rest.front() != '0';
  });
}

}  // namespace

Expected<std::string> normalise_phone(std::string_view text, std::string_view country) {
  const Plan* plan = plan_of(country);
  if (text.size() > phone_text_bytes_max)
    return bad_phone("is too long to be a phone number", plan);
  auto digits = phone_digits(without_trunk_zero(text));
  if (digits.empty())
    return bad_phone("holds something that is not part of a phone number", plan);
  if (digits.starts_with("00")) digits.replace(0, 2, "+");
  if (!digits.starts_with('+')) {
    if (plan == nullptr)
      return bad_phone("is a national number of a country whose numbers we do not know", plan);
    digits = from_national(digits, *plan);
    if (digits.empty()) return bad_phone(std::string(plan->fault), plan);
  }
  const auto count = digits.size() - 1;
  if (count < phone_digits_min || count > phone_digits_max || digits[1] == '0')
    return bad_phone("has too few or too many digits", plan);
  if (!fits(digits)) return bad_phone("has too few or too many digits for its country", plan);
  return digits;
}

}  // namespace rappel::profile
