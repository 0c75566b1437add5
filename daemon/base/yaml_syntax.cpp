// SPDX-License-Identifier: Apache-2.0
#include "base/yaml_syntax.hpp"

#include <yaml-cpp/exceptions.h>

#include <utility>

namespace rappel {
namespace {

constexpr std::string_view quote_colon =
    "a value that holds a colon and a space must stand in quotes: \"like: this\"";
constexpr std::string_view align =
    "indent this line as its neighbours, and write a colon and a space after its name";
constexpr std::string_view close_brace =
    "close the brace, bracket or quotation mark that was opened on this line or above it, and put a "
    "comma between its parts";
constexpr std::string_view no_tab = "indent this line with spaces: it begins with a tab";
constexpr std::string_view close_quote = "close the quotation mark that was opened above";
constexpr std::string_view quote_sign =
    "a value that begins with a tab or one of & * ! % @ ` must stand in quotes";

/// The parser's message begins with the first, the mend is the second.
const std::pair<std::string_view, std::string_view> mends[] = {
    {YAML::ErrorMsg::MAP_VALUE, quote_colon},
    {YAML::ErrorMsg::MAP_KEY, align},
    {YAML::ErrorMsg::END_OF_MAP_FLOW, close_brace},
    {YAML::ErrorMsg::END_OF_SEQ_FLOW, close_brace},
    {YAML::ErrorMsg::END_OF_MAP, align},
    {YAML::ErrorMsg::END_OF_SEQ, "begin each item of the list with a dash, at the same indentation"},
    {YAML::ErrorMsg::BLOCK_ENTRY, "write a list below its name: one item on a line, each with a dash"},
    {YAML::ErrorMsg::FLOW_END, "this brace or bracket closes nothing: take it away or open it before"},
    {YAML::ErrorMsg::TAB_IN_INDENTATION, no_tab},
    {YAML::ErrorMsg::EOF_IN_SCALAR, close_quote},
    {YAML::ErrorMsg::DOC_IN_SCALAR, close_quote},
    {YAML::ErrorMsg::INVALID_ESCAPE,
     "between double quotes a backslash is special: write it twice, or use single quotes"},
    {YAML::ErrorMsg::UNKNOWN_TOKEN, quote_sign},
    {YAML::ErrorMsg::UNKNOWN_ANCHOR, quote_sign},
    {YAML::ErrorMsg::ALIAS_NOT_FOUND, quote_sign},
    {YAML::ErrorMsg::ANCHOR_NOT_FOUND, quote_sign},
    {YAML::ErrorMsg::CHAR_IN_ALIAS, quote_sign},
    {YAML::ErrorMsg::CHAR_IN_ANCHOR, quote_sign},
    {YAML::ErrorMsg::CHAR_IN_BLOCK, "write the text of | or > on the lines below it, indented"},
};

}  // namespace

std::string_view yaml_mend(std::string_view parser_message, std::string_view line) {
  const auto text = line.find_first_not_of(" \t");
  if (line.substr(0, text).find('\t') != std::string_view::npos) return no_tab;
  for (const auto& [message, mend] : mends) {
    if (parser_message.starts_with(message)) return mend;
  }
  return "look at the quotes, colons and indentation of this line and of the one above";
}

}  // namespace rappel
