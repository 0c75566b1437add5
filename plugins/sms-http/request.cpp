// SPDX-License-Identifier: Apache-2.0
#include "request.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <stdexcept>

#include "gsm_alphabet.hpp"

namespace rappel::sms_http {
namespace {

constexpr std::size_t number_digits_min = 3;
constexpr std::size_t number_digits_max = 15;  // ITU-T E.164

/// The value of each placeholder for one message.
Parameters values_of(const Settings& settings, const rappel_message& message) {
  return {{"to", message.to},
          {"text", message.text},
          {"from", settings.from},
          {"from_name", message.from_name},
          {"user", settings.user},
          {"password", settings.password},
          {"delivery_id", message.delivery_id},
          {"idempotency_key", message.idempotency_key},
          {"attempt", std::to_string(message.attempt)},
          {"language", message.language},
          {"coding", fits_gsm_alphabet(message.text) ? "0" : "2"}};
}

/// `pattern` with its placeholders replaced in one pass: a value that looks like one stays as it
/// is.
std::string filled(std::string_view pattern, const Parameters& values) {
  std::string out;
  while (!pattern.empty()) {
    const auto open = std::min(pattern.find('{'), pattern.size());
    out += pattern.substr(0, open);
    pattern.remove_prefix(open);
    const auto close = pattern.find('}');
    if (close == std::string_view::npos) return out += pattern;
    const auto name = pattern.substr(1, close - 1);
    const auto value = std::ranges::find(values, name, &Parameters::value_type::first);
    out += value != values.end() ? std::string_view(value->second) : pattern.substr(0, close + 1);
    pattern.remove_prefix(close + 1);
  }
  return out;
}

bool is_unreserved(unsigned char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const unsigned char c : text) {
    if (is_unreserved(c))
      out += char(c);
    else
      (out += '%', out += digits[c >> 4], out += digits[c & 15]);
  }
  return out;
}

std::string encoded_pairs(const Parameters& parameters, const Parameters& values) {
  std::string out;
  for (const auto& [name, pattern] : parameters) {
    if (!out.empty()) out += '&';
    out += percent_encoded(name) + "=" + percent_encoded(filled(pattern, values));
  }
  return out;
}

std::string json_body(const Parameters& members, const Parameters& values) {
  boost::json::object object;
  for (const auto& [name, pattern] : members) object[name] = filled(pattern, values);
  return boost::json::serialize(object);
}

std::string header_line(const std::string& name, const std::string& value) {
  const std::string line = name + ": " + value;
  if (std::ranges::any_of(line, [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
    throw std::invalid_argument("a header holds a control character");
  return line;
}

}  // namespace

bool is_phone_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  return text.size() >= number_digits_min && text.size() <= number_digits_max &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

Request make_request(const Settings& settings, const rappel_message& message) {
  const auto values = values_of(settings, message);
  Request request;
  request.url = settings.url;
  if (!settings.query.empty()) {
    request.url += settings.url.find('?') == std::string::npos ? '?' : '&';
    request.url += encoded_pairs(settings.query, values);
  }
  if (!settings.form.empty()) {
    request.content_type = "application/x-www-form-urlencoded";
    request.body = encoded_pairs(settings.form, values);
  } else if (!settings.json.empty()) {
    request.content_type = "application/json";
    request.body = json_body(settings.json, values);
  }
  for (const auto& [name, pattern] : settings.headers)
    request.headers.push_back(header_line(name, filled(pattern, values)));
  return request;
}

}  // namespace rappel::sms_http
