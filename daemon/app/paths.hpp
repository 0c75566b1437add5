// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace rappel::app {

/// Where things are when the configuration does not say. Each looks beside the running program first
/// (a build tree), then at the installed place.
std::string default_state_directory();
std::string default_templates_directory();
std::string default_sender_program();
std::string default_plugins_directory();

/// The path of a credential given by the service manager ($CREDENTIALS_DIRECTORY), or empty.
std::string credential_path(const std::string& name);

}  // namespace rappel::app
