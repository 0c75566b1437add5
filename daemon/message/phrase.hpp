// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.hpp"
#include "message/source_position.hpp"
#include "message/value.hpp"
#include "profile/channel.hpp"

namespace rappel::message {

/// How a phrase uses a value.
enum class ArgumentKind { plain, plural, select };

struct Argument {
  std::string name;
  ArgumentKind kind = ArgumentKind::plain;
  std::size_t offset = 0;
};

/// A sentence whose grammar depends on values, in ICU's message syntax:
///   "{days_left, plural, =0 {aujourd’hui} one {demain} other {dans # jours}}"
/// Accepted: {name}, plural, selectordinal, select. ICU's own dates and numbers are refused (their
/// time zones are those of the process), and so is the straight apostrophe, which is ICU's quote
/// and would swallow text: write ’.
///
/// Thread rule: immutable; format from any thread (each keeps a copy of the pattern, for ICU does
/// not promise that one may be shared).
class Phrase {
 public:
  static Phrase compile(std::string pattern, Language language, const SourcePosition& position,
                        std::vector<Problem>& problems);

  [[nodiscard]] const std::vector<Argument>& arguments() const;
  [[nodiscard]] std::string where(const Argument& argument) const;
  /// `values` holds every argument.
  [[nodiscard]] std::string format(const Values& values) const;

 private:
  struct Parsed;
  std::shared_ptr<const Parsed> parsed_;  // shared by the copies of this value
};

}  // namespace rappel::message
