// SPDX-License-Identifier: Apache-2.0
#include "message/render.hpp"

#include <fmt/format.h>

#include "message/standard_values.hpp"
#include "message/typography.hpp"

namespace rappel::message {
namespace {

/// Values as they look in a sentence. Those that are absent become a switched-off section.
class FieldWriter {
 public:
  FieldWriter(const Template& wanted, const Values& values) : wanted_(wanted), values_(values) {
    phrase_values_ = values;
  }

  Fields run() {
    for (const auto& known : standard_values()) fields_[std::string(known.name)] = false;
    for (const auto& placeholder : wanted_.placeholders) fields_[placeholder.name] = false;
    for (const auto& [name, value] : values_) write(name, value);
    for (const auto& [name, phrase] : wanted_.phrases)
      fields_[name] = phrase.format(phrase_values_);
    return std::move(fields_);
  }

 private:
  void write(const std::string& name, const Value& value) {
    const Language language = wanted_.language;
    switch (type_of(value)) {
      case ValueType::text:
        return write_text(name, std::get<std::string>(value));
      case ValueType::texts:
        return write_texts(name, std::get<std::vector<std::string>>(value));
      case ValueType::date:
        return write_date(name, std::get<CivilDate>(value));
      case ValueType::flag:
        fields_[name] = std::get<bool>(value);
        return;
      case ValueType::count:
        fields_[name] = format_count(std::get<std::int64_t>(value), language);
        return;
      case ValueType::amount:
        fields_[name] = format_amount(std::get<Cents>(value), language);
        return;
    }
  }

  void write_text(const std::string& name, const std::string& text) {
    const auto* placeholder = wanted_.placeholder(name);
    const bool multiline = placeholder != nullptr && placeholder->multiline;
    const std::string clean = multiline ? tidy_lines(text) : single_line(text);
    fields_[name] = clean;
    phrase_values_[name] = clean;
  }

  void write_date(const std::string& name, CivilDate date) {
    const std::string brief = format_date_short(date, wanted_.language);
    fields_[name] = format_date(date, wanted_.language);
    fields_[name + std::string(short_suffix)] = brief;
    phrase_values_[name + std::string(short_suffix)] = brief;
  }

  void write_texts(const std::string& name, const std::vector<std::string>& texts) {
    std::vector<std::string> lines;
    for (const auto& text : texts) lines.push_back(single_line(text));
    const auto count = std::int64_t(lines.size());
    fields_[name + std::string(count_suffix)] = format_count(count, wanted_.language);
    phrase_values_[name + std::string(count_suffix)] = count;
    fields_[name] = std::move(lines);
  }

  const Template& wanted_;
  const Values& values_;
  Values phrase_values_;
  Fields fields_;
};

tl::unexpected<Problem> too_large(std::string detail) {
  return refuse(ProblemKind::too_large, "too_large", std::move(detail));
}

Expected<Rendered> finish_sms(Rendered rendered, Alphabet alphabet) {
  if (alphabet == Alphabet::gsm7) {
    auto plain = to_gsm7(rendered.text);
    rendered.text = std::move(plain.text);
    rendered.transliterated = plain.changed;
  }
  const auto size = sms_segments(rendered.text);
  rendered.encoding = size.encoding;
  rendered.segments = size.segments;
  if (size.segments > sms_segments_max)
    return too_large(
        fmt::format("the SMS takes {} segments, more than {}", size.segments, sms_segments_max));
  return rendered;
}

MailContent mail_of(const Rendered& rendered, ReadingLevel level, const Values& values) {
  MailContent mail{
      rendered.language, rendered.subject, rendered.text, {}, level == ReadingLevel::plain};
  const auto link = values.find("link");
  if (link != values.end() && std::get<std::string>(link->second).starts_with("https://"))
    mail.link = single_line(std::get<std::string>(link->second));
  return mail;
}

}  // namespace

Expected<Rendered> word(const Template& wanted, const MailLayout& layout, Channel channel,
                        ReadingLevel level, const Values& values) {
  const auto* texts = wanted.text(channel, level);
  if (texts == nullptr)
    return refuse(ProblemKind::invalid, "no_text",
                  fmt::format("the message \"{}\" has no text for the channel {}", wanted.name,
                              to_string(channel)));
  const Fields fields = FieldWriter(wanted, values).run();
  Rendered rendered;
  rendered.language = wanted.language;
  rendered.template_version = wanted.hash;
  rendered.subject = cut(single_line(texts->subject.render(fields)), subject_characters_max);
  rendered.text = tidy_lines(texts->text.render(fields));
  rendered.private_body = tidy_lines(texts->private_body.render(fields));
  if (rendered.text.size() > rendered_bytes_max)
    return too_large(fmt::format("the text is longer than {} bytes", rendered_bytes_max));
  if (channel == Channel::sms) return finish_sms(std::move(rendered), texts->alphabet);
  if (channel == Channel::email) rendered.html = layout.render(mail_of(rendered, level, values));
  return rendered;
}

}  // namespace rappel::message
