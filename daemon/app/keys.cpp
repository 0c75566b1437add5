// SPDX-License-Identifier: Apache-2.0
#include "app/keys.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include "app/paths.hpp"
#include "base/log.hpp"
#include "seal/keys.hpp"

namespace rappel::app {
namespace {

namespace fs = std::filesystem;

void write_key(const std::string& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400);
  if (file < 0) throw std::runtime_error("cannot make " + path + ": " + std::strerror(errno));
  const Secret key = seal::generate_key_hex();
  const std::string line = key.reveal() + "\n";
  const bool written = ::write(file, line.data(), line.size()) == ssize_t(line.size()) &&
                       ::fsync(file) == 0;
  ::close(file);
  if (!written) throw std::runtime_error("cannot write " + path);
}

/// Both or none: one missing key must never be replaced by a fresh one.
void make_keys_once(const std::string& folder) {
  const bool master = fs::exists(folder + "/master-key");
  const bool index = fs::exists(folder + "/index-key");
  if (master && index) return;
  if (master != index)
    throw std::runtime_error("one of the two keys in " + folder +
                             " is missing: bring it back from its copy, it cannot be made again");
  fs::create_directories(folder);
  fs::permissions(folder, fs::perms::owner_all);
  write_key(folder + "/master-key");
  write_key(folder + "/index-key");
  log::notice("RPL-0111", "made new keys in {}: keep a copy apart, without them nobody reads the "
                          "facts in the database",
              folder);
}

std::string place_of(const std::string& configured, const std::string& name) {
  return configured.empty() ? credential_path(name) : configured;
}

}  // namespace

seal::Keyring load_keyring(const Config& config) {
  std::string master = place_of(config.keys.master_key_file, "master-key");
  std::string index = place_of(config.keys.index_key_file, "index-key");
  if (master.empty() != index.empty())
    throw std::runtime_error("only one of the two keys is given: name master_key_file and "
                             "index_key_file, or both credentials");
  if (master.empty()) {
    const std::string folder = config.state_directory + "/keys";
    make_keys_once(folder);
    master = folder + "/master-key";
    index = folder + "/index-key";
  }
  auto keyring = seal::Keyring::from(Secret::from_file(master), Secret::from_file(index));
  if (!keyring) throw std::runtime_error(to_string(keyring.error()));
  return *keyring;
}

}  // namespace rappel::app
