// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "message/explanation_page.hpp"
#include "profile/channel.hpp"
#include "reminder/deadline.hpp"

// What an explanation page says and in which order, before it becomes text or HTML. Pure; any thread.

namespace rappel::message {

/// Raw words, not yet escaped.
struct OutlineLine {
  std::string text;
  std::string url;      ///< what the text leads to; may be empty
  std::string note;     ///< after the text, never part of the link
  bool french = false;  ///< the text is French in every language: the name of a law
};

struct OutlineSection {
  enum class Shape { paragraphs, list, steps };
  std::string heading;  ///< empty: what comes right below the title
  Shape shape = Shape::paragraphs;
  std::vector<OutlineLine> lines;  ///< never empty
};

struct Outline {
  std::string title;
  std::vector<OutlineSection> sections;
};

Outline outline_of(const Deadline& deadline, Language language, const HumanHelp& human);

}  // namespace rappel::message
