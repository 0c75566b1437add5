// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace rappel {

/// What kind of answer a refusal is; the API maps each to one HTTP status.
enum class ProblemKind {
  malformed,      ///< cannot be read at all (400)
  invalid,        ///< read, and wrong (422)
  unauthorized,   ///< no valid key (401)
  forbidden,      ///< a valid key without that right (403)
  not_found,      ///< does not exist, or is another tenant's: the same answer (404)
  conflict,       ///< a state or version stands against it (409)
  too_large,      ///< over a named limit (413)
  too_many,       ///< a queue or a quota is full, try later (429)
  unavailable,    ///< the world is broken at this moment (503)
};

/// An expected refusal: what is wrong, where, and how to mend it. Text is in English, for the
/// person who made the request; it never holds a secret nor a personal fact.
struct Problem {
  ProblemKind kind = ProblemKind::invalid;
  std::string code;    ///< stable, for programs: "unknown_field"
  std::string detail;  ///< what is wrong, one sentence
  std::string where;   ///< a JSON pointer ("/contacts/0/value"), or "file:line:column"
  std::string mend;    ///< how to mend it; may be empty
};

template <typename T>
using Expected = tl::expected<T, Problem>;

/// Several problems of one input, so that a person mends them in one go.
template <typename T>
using Checked = tl::expected<T, std::vector<Problem>>;

inline tl::unexpected<Problem> refuse(ProblemKind kind, std::string code, std::string detail,
                                      std::string where = {}, std::string mend = {}) {
  return tl::unexpected<Problem>(
      Problem{kind, std::move(code), std::move(detail), std::move(where), std::move(mend)});
}

/// "where: detail (mend)", for logs and terminals.
std::string to_string(const Problem& problem);

}  // namespace rappel
