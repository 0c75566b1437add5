// SPDX-License-Identifier: Apache-2.0
#include "message/phrase.hpp"

#include <fmt/format.h>
#include <unicode/messagepattern.h>
#include <unicode/msgfmt.h>

#include <atomic>
#include <stdexcept>
#include <unordered_map>

#include "base/ensure.hpp"
#include "message/typography.hpp"

namespace rappel::message {
namespace {

/// Copies one thread keeps; a swap of catalogues leaves old ones behind, which go all at once.
constexpr std::size_t copies_per_thread_max = 1024;

icu::Locale locale_of(Language language) {
  return language == Language::fr ? icu::Locale::getFrance() : icu::Locale::getUK();
}

std::string utf8(const icu::UnicodeString& text) {
  std::string bytes;
  text.toUTF8String(bytes);
  return bytes;
}

/// ICU counts UTF-16 units, our positions count bytes.
std::size_t byte_offset(const icu::UnicodeString& pattern, std::int32_t units) {
  return utf8(pattern.tempSubStringBetween(0, units)).size();
}

std::string reason_of(UErrorCode status) {
  switch (status) {
    case U_DEFAULT_KEYWORD_MISSING:
      return "has a plural or select without the branch \"other\"";
    case U_UNMATCHED_BRACES:
      return "has a brace without its partner";
    default:
      return fmt::format("is not a message pattern ({})", u_errorName(status));
  }
}

icu::Formattable formattable(const Value& value, Language language) {
  switch (type_of(value)) {
    case ValueType::count:
      return icu::Formattable(std::get<std::int64_t>(value));
    case ValueType::text:
      return icu::Formattable(icu::UnicodeString::fromUTF8(std::get<std::string>(value)));
    case ValueType::flag:
      return icu::Formattable(std::get<bool>(value) ? "true" : "false");
    case ValueType::date:
      return icu::Formattable(
          icu::UnicodeString::fromUTF8(format_date(std::get<CivilDate>(value), language)));
    case ValueType::amount:
      return icu::Formattable(
          icu::UnicodeString::fromUTF8(format_amount(std::get<Cents>(value), language)));
    case ValueType::texts:
      break;
  }
  ensure(false, "a list is not an argument of a phrase");
  return {};
}

/// Reads the arguments off a parsed pattern.
class ArgumentReader {
 public:
  ArgumentReader(const icu::MessagePattern& pattern, std::vector<Argument>& arguments)
      : pattern_(pattern), arguments_(arguments) {}

  /// What is refused, and where; an empty text when nothing is.
  std::string run() {
    for (std::int32_t i = 0; i < pattern_.countParts(); ++i) {
      const auto& part = pattern_.getPart(i);
      if (part.getType() == UMSGPAT_PART_TYPE_ARG_NUMBER)
        return at(part, "has a numbered argument");
      if (part.getType() == UMSGPAT_PART_TYPE_ARG_START) kind_ = part.getArgType();
      if (part.getType() != UMSGPAT_PART_TYPE_ARG_NAME) continue;
      if (kind_ == UMSGPAT_ARG_TYPE_SIMPLE || kind_ == UMSGPAT_ARG_TYPE_CHOICE)
        return at(part, "lets ICU write a date, a number or a choice");
      arguments_.push_back({utf8(pattern_.getSubstring(part)), kind(), offset(part)});
    }
    return {};
  }
  [[nodiscard]] std::size_t fault() const { return fault_; }

 private:
  [[nodiscard]] ArgumentKind kind() const {
    if (kind_ == UMSGPAT_ARG_TYPE_NONE) return ArgumentKind::plain;
    return kind_ == UMSGPAT_ARG_TYPE_SELECT ? ArgumentKind::select : ArgumentKind::plural;
  }
  [[nodiscard]] std::size_t offset(const icu::MessagePattern::Part& part) const {
    return byte_offset(pattern_.getPatternString(), part.getIndex());
  }
  std::string at(const icu::MessagePattern::Part& part, std::string reason) {
    fault_ = offset(part);
    return reason;
  }

  const icu::MessagePattern& pattern_;
  std::vector<Argument>& arguments_;
  UMessagePatternArgType kind_ = UMSGPAT_ARG_TYPE_NONE;
  std::size_t fault_ = 0;
};

}  // namespace

struct Phrase::Parsed {
  std::string source;
  SourcePosition position;
  Language language = Language::fr;
  std::vector<Argument> arguments;
  std::unique_ptr<icu::MessageFormat> format;
  std::uint64_t id = 0;  ///< never given twice, unlike an address
};

Phrase Phrase::compile(std::string pattern, Language language, const SourcePosition& position,
                       std::vector<Problem>& problems) {
  static std::atomic<std::uint64_t> next_id{1};
  auto parsed = std::make_shared<Parsed>();
  parsed->source = std::move(pattern);
  parsed->position = position;
  parsed->language = language;
  parsed->id = next_id.fetch_add(1);
  Phrase phrase;
  phrase.parsed_ = parsed;
  const auto wrong = [&](std::size_t at, std::string detail, std::string mend = {}) {
    problems.push_back({ProblemKind::invalid, "bad_phrase", "this phrase " + std::move(detail),
                        position.where(parsed->source, at), std::move(mend)});
    return phrase;
  };
  if (const auto quote = parsed->source.find('\''); quote != std::string::npos)
    return wrong(quote, "holds a straight apostrophe, which ICU takes for a quote", "write ’");
  const auto text = icu::UnicodeString::fromUTF8(parsed->source);
  UParseError fault{};
  UErrorCode status = U_ZERO_ERROR;
  const icu::MessagePattern parts(text, &fault, status);
  if (U_FAILURE(status)) return wrong(byte_offset(text, fault.offset), reason_of(status));
  ArgumentReader reader(parts, parsed->arguments);
  if (auto refused = reader.run(); !refused.empty())
    return wrong(reader.fault(), std::move(refused), "use plural or select, or a placeholder");
  parsed->format = std::make_unique<icu::MessageFormat>(text, locale_of(language), fault, status);
  if (U_FAILURE(status)) return wrong(byte_offset(text, fault.offset), reason_of(status));
  return phrase;
}

const std::vector<Argument>& Phrase::arguments() const {
  return parsed_->arguments;
}

std::string Phrase::where(const Argument& argument) const {
  return parsed_->position.where(parsed_->source, argument.offset);
}

std::string Phrase::format(const Values& values) const {
  thread_local std::unordered_map<std::uint64_t, std::unique_ptr<icu::MessageFormat>> copies;
  if (copies.size() > copies_per_thread_max) copies.clear();
  auto& own = copies[parsed_->id];
  if (!own) own.reset(static_cast<icu::MessageFormat*>(parsed_->format->clone()));
  std::vector<icu::UnicodeString> names;
  std::vector<icu::Formattable> arguments;
  for (const auto& argument : parsed_->arguments) {
    const auto value = values.find(argument.name);
    if (value == values.end())
      throw std::logic_error("a phrase asked for a value nobody gave: " + argument.name);
    names.push_back(icu::UnicodeString::fromUTF8(argument.name));
    arguments.push_back(formattable(value->second, parsed_->language));
  }
  UErrorCode status = U_ZERO_ERROR;
  icu::UnicodeString text;
  own->format(names.data(), arguments.data(), std::int32_t(names.size()), text, status);
  if (U_FAILURE(status))
    throw std::logic_error(fmt::format("ICU refused a checked phrase: {}", u_errorName(status)));
  return utf8(text);
}

}  // namespace rappel::message
