// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "profile/channel.hpp"
#include "rules/facts.hpp"

// Sentences of a rule with the facts put in: "Votre carte, délivrée le {document.issued_on}, …".

namespace rappel::rules {

/// A sentence cut into literal text and facts when the rule is loaded.
struct Sentence {
  struct Piece {
    std::string literal;
    const Fact* fact = nullptr;  ///< after the literal; null at the end
  };
  std::vector<Piece> pieces;
  [[nodiscard]] bool empty() const { return pieces.empty(); }
};

/// The same in both languages.
struct Sentences {
  Sentence fr, en;
};

/// "1er mars 2027", "1 March 2027".
std::string show_date(CivilDate date, Language language);
/// A fact in words; "?" when it is unknown.
std::string show_fact(const Fact& fact, const Context& context, Language language);
std::string show(const Sentence& sentence, const Context& context, Language language);
/// {"fr": …, "en": …}
boost::json::object show_both(const Sentences& sentences, const Context& context);
/// The fact for programs: a date as ISO text, a list as an array; null when unknown.
boost::json::value fact_json(const Fact& fact, const Context& context);

}  // namespace rappel::rules
