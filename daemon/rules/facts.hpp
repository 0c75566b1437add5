// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "profile/area.hpp"
#include "profile/profile.hpp"

// The facts that a rule may name, each with its type and its way into the profile. A rule holds
// pointers into this table: nothing is looked up by name while citizens are evaluated.

namespace rappel::rules {

/// What a rule is applied to, once each.
enum class Scope : std::uint8_t {
  citizen,
  document,
  child,
  vehicle,
  benefit,
  claim,
  request,  ///< one letter asking for documents of a claim; facts of the claim are known too
  event     ///< a life event
};

enum class Type : std::uint8_t { none, date, integer, boolean, word, departement, words };

/// One fact of one citizen. `none` is unknown, which is not "no".
struct Value {
  Type type = Type::none;
  std::int64_t number = 0;  ///< days since 1970, the integer, 0 or 1, or the departement's order
  std::string_view text;    ///< of a word or a departement; lives as long as the profile

  [[nodiscard]] bool known() const { return type != Type::none; }
};

Value date_value(CivilDate date);
CivilDate date_of(const Value& value);

/// The citizen, the subject and the turn that a rule is being applied to.
struct Context {
  const profile::Profile& profile;
  CivilDate as_of;
  std::string departement;
  const profile::Document* document = nullptr;
  const profile::Child* child = nullptr;
  const profile::Claim* claim = nullptr;
  const profile::DocumentRequest* request = nullptr;
  const profile::Vehicle* vehicle = nullptr;
  const profile::Benefit* benefit = nullptr;
  const profile::Happening* happening = nullptr;
  std::string_view rule, subject;  ///< whose procedure is asked about
  int year = 0;                                        ///< of a yearly rule's turn; 0 otherwise
  std::optional<CivilDate> due_on, safe_on, opens_on;  ///< once they are derived
  /// When something done counts for this turn, both included; open where nothing bounds it.
  std::optional<CivilDate> counts_from, counts_until;

  Context(const profile::Profile& who, CivilDate day)
      : profile(who), as_of(day), departement(who.departement()) {}
};

struct Fact {
  std::string_view name;
  Type type = Type::none;
  Scope scope = Scope::citizen;
  Value (*get)(const Context&) = nullptr;
  std::vector<std::string> (*list)(const Context&) = nullptr;  ///< of the type `words`
  bool (*has)(const Context&, std::string_view) = nullptr;     ///< whether that list holds a word
  profile::Areas areas{};  ///< what of the profile it reads
  std::string_view doc;
  bool derived =
      false;  ///< known only once the dates are: for sentences and values, not conditions
  /// The values that a word may have; null when any.
  std::vector<std::string_view> (*choices)() = nullptr;
};

/// The closed list of a field of an event's data.
std::vector<std::string_view> choices_of_event(std::string_view event, std::string_view field);
std::vector<std::string_view> choices_of_citizen(std::string_view field);

std::span<const Fact> all_facts();
/// The two halves of the table.
std::vector<Fact> citizen_facts();
std::vector<Fact> subject_facts();
const Fact* find_fact(std::string_view name);
bool is_in_scope(const Fact& fact, Scope scope);
/// Names that a rule of this scope may use.
std::vector<std::string> fact_names(Scope scope);

std::string_view to_string(Type type);
std::string_view to_string(Scope scope);
std::optional<Scope> parse_scope(std::string_view text);

}  // namespace rappel::rules
