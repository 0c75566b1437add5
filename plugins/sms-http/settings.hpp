// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <rappel/plugin.hpp>
#include <string>
#include <utility>
#include <vector>

namespace rappel::sms_http {

/// Names and values that may hold placeholders.
using Parameters = std::vector<std::pair<std::string, std::string>>;

struct ErrorRule {
  std::optional<long> status;
  std::string body_contains;
  plugin::ResultClass result = plugin::ResultClass::unknown;
};

/// The gateway as config.schema.json describes it, presets already spelled out.
struct Settings {
  std::string url;
  std::string ca_file;
  bool is_post = true;
  std::string user;
  std::string password;
  std::string from;
  Parameters query;
  Parameters form;
  Parameters json;
  Parameters headers;
  std::vector<long> success_statuses;  ///< empty: 200 to 299
  std::vector<std::string> success_prefixes;
  std::string id_pointer;
  std::string id_after;
  std::vector<ErrorRule> errors;
  long timeout_ms = 10'000;
  std::size_t connections = 4;
};

/// Throws std::runtime_error with the reason, never the password.
Settings read_settings(const plugin::Setup& setup);

}  // namespace rappel::sms_http
