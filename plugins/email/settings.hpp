// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <rappel/plugin.hpp>
#include <string>

namespace rappel::email {

enum class Tls { required, opportunistic, none };

/// The configuration of config.schema.json, read. One notifier has one relay and one TLS policy: a
/// connection made in clear would be reused by libcurl for a mail that requires TLS.
struct Settings {
  std::string host;
  int port = 587;
  Tls tls = Tls::required;
  std::string ca_file;
  std::string user;
  std::string password;
  std::string from;
  std::string reply_to;
  std::string domain;
  std::string helo;
  std::size_t connections = 2;
};

/// Throws std::runtime_error with the reason, never the password.
Settings read_settings(const plugin::Setup& setup);

}  // namespace rappel::email
