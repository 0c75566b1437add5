// SPDX-License-Identifier: Apache-2.0
#include "settings.hpp"

#include <boost/json.hpp>
#include <stdexcept>

#include "mail_text.hpp"

namespace rappel::email {
namespace {

std::string text(const boost::json::object& config, const char* key, std::string otherwise = {}) {
  const auto* value = config.if_contains(key);
  return value != nullptr ? std::string(value->as_string()) : std::move(otherwise);
}

std::int64_t number(const boost::json::object& config, const char* key, std::int64_t otherwise) {
  const auto* value = config.if_contains(key);
  return value != nullptr ? value->to_number<std::int64_t>() : otherwise;
}

Tls tls_of(const std::string& word) {
  if (word == "none") return Tls::none;
  return word == "opportunistic" ? Tls::opportunistic : Tls::required;
}

/// A host or a name that goes into a URL as it is.
bool is_name(const std::string& name) {
  return name.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:[]") ==
         std::string::npos;
}

void check(const Settings& settings) {
  if (!mail::is_address(settings.from)) throw std::runtime_error("`from` is not an address");
  if (!settings.reply_to.empty() && !mail::is_address(settings.reply_to))
    throw std::runtime_error("`reply_to` is not an address");
  if (!is_name(settings.host) || !is_name(settings.domain) || !is_name(settings.helo))
    throw std::runtime_error("`host`, `domain` and `helo` must be host names");
  if (!settings.user.empty() && settings.tls != Tls::required)
    throw std::runtime_error("a password is only sent with `tls: required`");
  if (!settings.user.empty() && settings.password.empty())
    throw std::runtime_error("`user` needs a credential: the password");
}

}  // namespace

Settings read_settings(const plugin::Setup& setup) {
  const auto parsed = boost::json::parse({setup.config_json.data(), setup.config_json.size()});
  const auto& config = parsed.as_object();
  Settings settings;
  settings.host = text(config, "host");
  settings.port = int(number(config, "port", settings.port));
  settings.tls = tls_of(text(config, "tls"));
  settings.ca_file = text(config, "ca_file");
  settings.user = text(config, "user");
  settings.password = std::string(setup.credential);
  settings.from = text(config, "from");
  settings.reply_to = text(config, "reply_to");
  settings.domain = text(config, "domain", settings.from.substr(settings.from.find('@') + 1));
  settings.helo = text(config, "helo", settings.domain);
  settings.connections = std::size_t(number(config, "connections", 2));
  check(settings);
  return settings;
}

}  // namespace rappel::email
