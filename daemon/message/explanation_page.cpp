// SPDX-License-Identifier: Apache-2.0
#include "message/explanation_page.hpp"

#include <fmt/format.h>

#include "message/explanation_outline.hpp"
#include "message/typography.hpp"

namespace rappel::message {
namespace {

constexpr std::string_view no_break_space = "\u00a0";

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '&': safe += "&amp;"; break;
      case '<': safe += "&lt;"; break;
      case '>': safe += "&gt;"; break;
      case '"': safe += "&quot;"; break;
      case '\'': safe += "&#39;"; break;
      default: safe += c;
    }
  }
  return safe;
}

/// French puts a space before these signs, and no line may begin with them.
std::string unbroken(std::string text, Language language) {
  if (language != Language::fr) return text;
  for (const std::string_view sign : {" :", " ;", " ?", " !", " »"}) {
    for (auto at = text.find(sign); at != std::string::npos; at = text.find(sign, at + 1))
      text.replace(at, 1, no_break_space);
  }
  constexpr std::string_view opening = "« ";
  for (auto at = text.find(opening); at != std::string::npos; at = text.find(opening, at + 1))
    text.replace(at + opening.size() - 1, 1, no_break_space);
  return text;
}

std::string html_words(std::string_view text, Language language) {
  return escaped(unbroken(single_line(text), language));
}

/// Nothing but a web address becomes a link.
bool is_web_address(std::string_view url) {
  return url.starts_with("https://") || url.starts_with("http://");
}

std::string html_line(const OutlineLine& line, Language language) {
  auto words = html_words(line.text, language);
  if (is_web_address(line.url))
    words = fmt::format("<a href=\"{}\">{}</a>", escaped(single_line(line.url)), words);
  if (line.french && language != Language::fr)
    words = fmt::format("<span lang=\"fr\">{}</span>", words);
  return line.note.empty() ? words : words + " " + html_words(line.note, language);
}

std::string html_lines(const OutlineSection& section, Language language) {
  using Shape = OutlineSection::Shape;
  const std::string_view item = section.shape == Shape::paragraphs ? "p" : "li";
  const std::string_view list = section.shape == Shape::steps ? "ol" : "ul";
  std::string html;
  for (const auto& line : section.lines)
    html += fmt::format("<{0}>{1}</{0}>\n", item, html_line(line, language));
  return item == "p" ? html : fmt::format("<{0}>\n{1}</{0}>\n", list, html);
}

std::string text_line(const OutlineLine& line) {
  std::string text = single_line(line.text);
  if (!line.note.empty()) text += " " + single_line(line.note);
  if (!line.url.empty()) text += "\n  " + single_line(line.url);
  return text;
}

std::string text_lines(const OutlineSection& section) {
  using Shape = OutlineSection::Shape;
  std::string text;
  int number = 0;
  for (const auto& line : section.lines) {
    if (section.shape == Shape::list) text += "- ";
    if (section.shape == Shape::steps) text += fmt::format("{}. ", ++number);
    text += text_line(line) + "\n";
  }
  return text;
}

std::string underlined(const std::string& heading, char sign) {
  return heading + "\n" + std::string(character_count(heading), sign) + "\n";
}

}  // namespace

std::string explanation_text(const Deadline& deadline, Language language,
                             const HumanHelp& human) {
  const auto outline = outline_of(deadline, language, human);
  std::string text = underlined(single_line(outline.title), '=');
  for (const auto& section : outline.sections) {
    text += "\n";
    if (!section.heading.empty()) text += underlined(section.heading, '-');
    text += text_lines(section);
  }
  return text;
}

std::string explanation_html(const Deadline& deadline, Language language,
                             const HumanHelp& human) {
  const auto outline = outline_of(deadline, language, human);
  const auto title = html_words(outline.title, language);
  std::string body;
  for (const auto& section : outline.sections) {
    if (!section.heading.empty())
      body += fmt::format("<h2>{}</h2>\n", html_words(section.heading, language));
    body += html_lines(section, language);
  }
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{}</title>\n</head>\n<body>\n<main>\n<h1>{}</h1>\n{}</main>\n</body>\n</html>\n",
      to_string(language), title, title, body);
}

}  // namespace rappel::message
