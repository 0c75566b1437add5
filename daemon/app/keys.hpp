// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/config.hpp"
#include "seal/blind_index.hpp"

namespace rappel::app {

/// The keys of a configuration: the files it names, else the service manager's credentials, else two
/// files under state_directory/keys that are made once. Throws std::runtime_error that names the file,
/// never the key.
seal::Keyring load_keyring(const Config& config);

}  // namespace rappel::app
