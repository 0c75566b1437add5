// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "rules/condition.hpp"
#include "rules/words.hpp"

// The words of a condition, for its reader and for the published schema. Private to this module.

namespace rappel::rules::words {

/// How a leaf compares its fact.
struct ComparisonWord {
  enum class Takes : std::uint8_t { one, many, two, list, mark };
  std::string_view name;
  Comparison comparison;
  Takes takes;
  int shift = 0;  ///< added to the constant: "after" is at_least the next one
  std::string_view doc;
};
inline constexpr std::array comparisons{
    ComparisonWord{"is", Comparison::one_of, ComparisonWord::Takes::one, 0, "equal to this value"},
    ComparisonWord{"in", Comparison::one_of, ComparisonWord::Takes::many, 0,
                   "equal to one of these values"},
    ComparisonWord{"at_least", Comparison::at_least, ComparisonWord::Takes::one, 0,
                   "this value or more, this day or later"},
    ComparisonWord{"at_most", Comparison::at_most, ComparisonWord::Takes::one, 0,
                   "this value or less, this day or earlier"},
    ComparisonWord{"before", Comparison::at_most, ComparisonWord::Takes::one, -1,
                   "strictly less, or strictly earlier"},
    ComparisonWord{"after", Comparison::at_least, ComparisonWord::Takes::one, 1,
                   "strictly more, or strictly later"},
    ComparisonWord{"between", Comparison::between, ComparisonWord::Takes::two, 0,
                   "from the first value to the second, both included"},
    ComparisonWord{"present", Comparison::present, ComparisonWord::Takes::mark, 0,
                   "true: the fact is known; false: it is not"},
    ComparisonWord{"has", Comparison::has, ComparisonWord::Takes::list, 0,
                   "of a list of texts: it holds this word, or one of these"},
};

/// What a condition may ask, in the order in which its reader looks for them.
inline constexpr std::array conditions{
    Word{"all", "every condition of this list holds"},
    Word{"any", "at least one condition of this list holds"},
    Word{"not", "this condition does not hold; a fact that is unknown compares as false"},
    Word{"fact", "a fact of the citizen or of the subject, compared with one of is, in, …"},
    Word{"age_of", "whole years since a date, today or on the date named by \"at\""},
    Word{"event", "a life event that has happened, within a delay or since a date"},
    Word{"filed", "a declaration that was made for this turn, or since a date"},
};

}  // namespace rappel::rules::words
