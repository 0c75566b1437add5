// SPDX-License-Identifier: Apache-2.0
#include "settings.hpp"

#include <boost/json.hpp>
#include <stdexcept>
#include <string_view>

namespace rappel::sms_http {
namespace {

namespace json = boost::json;

std::string text(const json::object& config, const char* key, std::string otherwise = {}) {
  const auto* value = config.if_contains(key);
  return value != nullptr ? std::string(value->as_string()) : std::move(otherwise);
}

Parameters parameters(const json::object& config, const char* key) {
  Parameters all;
  if (const auto* object = config.if_contains(key))
    for (const auto& [name, value] : object->as_object())
      all.emplace_back(std::string(name), std::string(value.as_string()));
  return all;
}

plugin::ResultClass class_of(const std::string& word) {
  using plugin::ResultClass;
  if (word == "try_later") return ResultClass::try_later;
  if (word == "throttled") return ResultClass::throttled;
  if (word == "bad_address") return ResultClass::bad_address;
  if (word == "rejected") return ResultClass::rejected;
  return word == "provider_down" ? ResultClass::provider_down : ResultClass::unknown;
}

std::vector<ErrorRule> error_rules(const json::object& config) {
  std::vector<ErrorRule> rules;
  const auto* list = config.if_contains("errors");
  if (list == nullptr) return rules;
  for (const auto& item : list->as_array()) {
    const auto& object = item.as_object();
    ErrorRule rule{{}, text(object, "body_contains"), class_of(text(object, "result"))};
    if (const auto* status = object.if_contains("status")) rule.status = status->to_number<long>();
    rules.push_back(std::move(rule));
  }
  return rules;
}

void read_success(const json::object& config, Settings& settings) {
  const auto* success = config.if_contains("success");
  if (success == nullptr) return;
  if (const auto* statuses = success->as_object().if_contains("status"))
    for (const auto& status : statuses->as_array())
      settings.success_statuses.push_back(status.to_number<long>());
  if (const auto* prefixes = success->as_object().if_contains("body_prefix"))
    for (const auto& prefix : prefixes->as_array())
      settings.success_prefixes.emplace_back(prefix.as_string());
}

void read_provider_id(const json::object& config, Settings& settings) {
  const auto* id = config.if_contains("provider_id");
  if (id == nullptr) return;
  settings.id_pointer = text(id->as_object(), "json");
  settings.id_after = text(id->as_object(), "after");
}

/// The receipt's address, which Kannel calls with %d (kind) and %A (the SMSC's answer) filled in.
std::string receipt_url(const std::string& base) {
  const char* joint = base.find('?') == std::string::npos ? "?" : "&";
  return base + joint + "id={delivery_id}&type=%d&reply=%A";
}

/// Kannel's sendsms (user guide, "SMS-push"): 0 is accepted, 3 is queued; 31 asks for every
/// receipt.
void apply_kannel(const json::object& config, Settings& settings) {
  if (settings.url.ends_with('/')) settings.url.pop_back();
  settings.url += "/cgi-bin/sendsms";
  settings.is_post = false;
  settings.query = {{"username", "{user}"}, {"password", "{password}"}, {"to", "{to}"},
                    {"text", "{text}"},     {"charset", "UTF-8"},       {"coding", "{coding}"}};
  if (!settings.from.empty()) settings.query.emplace_back("from", "{from}");
  if (const auto url = text(config, "dlr_url"); !url.empty()) {
    settings.query.emplace_back("dlr-mask", "31");
    settings.query.emplace_back("dlr-url", receipt_url(url));
  }
  settings.success_statuses = {200, 202};
  settings.success_prefixes = {"0:", "3:"};
  settings.errors.push_back({400, {}, plugin::ResultClass::bad_address});
}

bool is_this_machine(std::string_view url) {
  const auto host = url.substr(std::string_view("http://").size());
  for (const std::string_view local : {"127.0.0.1", "localhost", "[::1]"})
    if (host.starts_with(local) &&
        (host.size() == local.size() || host[local.size()] == ':' || host[local.size()] == '/'))
      return true;
  return false;
}

void check(const json::object& config, const Settings& settings) {
  const auto* allowed = config.if_contains("allow_plain_http");
  const bool allows_plain = allowed != nullptr && allowed->as_bool();
  const bool is_plain = settings.url.starts_with("http://");
  if (!is_plain && !settings.url.starts_with("https://"))
    throw std::runtime_error("`url` must start with https:// or http://");
  if (is_plain && !allows_plain && !is_this_machine(settings.url))
    throw std::runtime_error(
        "`url` is http:// to another machine; use https://, or set `allow_plain_http`");
  if (settings.url.find('@') != std::string::npos)
    throw std::runtime_error("`url` must not hold a user; use `user` and the credential");
  if (!settings.form.empty() && !settings.json.empty())
    throw std::runtime_error("`form` and `json` exclude each other");
  if (!settings.is_post && (!settings.form.empty() || !settings.json.empty()))
    throw std::runtime_error("a body needs `method: POST`");
}

}  // namespace

Settings read_settings(const plugin::Setup& setup) {
  const auto parsed = json::parse({setup.config_json.data(), setup.config_json.size()});
  const auto& config = parsed.as_object();
  Settings settings;
  settings.url = text(config, "url");
  settings.ca_file = text(config, "ca_file");
  settings.is_post = text(config, "method", "POST") == "POST";
  settings.user = text(config, "user");
  settings.password = std::string(setup.credential);
  settings.from = text(config, "from");
  settings.query = parameters(config, "query");
  settings.form = parameters(config, "form");
  settings.json = parameters(config, "json");
  settings.headers = parameters(config, "headers");
  settings.errors = error_rules(config);
  read_success(config, settings);
  read_provider_id(config, settings);
  if (const auto* value = config.if_contains("timeout_ms"))
    settings.timeout_ms = value->to_number<long>();
  if (const auto* value = config.if_contains("connections"))
    settings.connections = value->to_number<std::size_t>();
  check(config, settings);
  if (text(config, "preset") == "kannel") apply_kannel(config, settings);
  return settings;
}

}  // namespace rappel::sms_http
