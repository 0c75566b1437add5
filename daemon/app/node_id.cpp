// SPDX-License-Identifier: Apache-2.0
#include "app/node_id.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>

namespace rappel::app {
namespace {

constexpr std::size_t id_text_bytes = 36;

NodeId read_or_make(int file, const std::string& path) {
  std::array<char, id_text_bytes + 1> text{};
  const auto bytes = ::pread(file, text.data(), id_text_bytes, 0);
  if (bytes == ssize_t(id_text_bytes)) {
    if (const auto known = NodeId::parse(std::string(text.data(), id_text_bytes))) return *known;
  }
  const auto fresh = NodeId::random();
  const auto line = fresh.to_string() + "\n";
  if (::ftruncate(file, 0) != 0 || ::pwrite(file, line.data(), line.size(), 0) != ssize_t(line.size()) ||
      ::fsync(file) != 0)
    throw std::runtime_error("cannot write " + path + ": " + std::strerror(errno));
  return fresh;
}

}  // namespace

NodeIdentity::NodeIdentity(const std::string& state_directory) {
  std::filesystem::create_directories(state_directory);
  const std::string path = state_directory + "/node";
  lock_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_ < 0) throw std::runtime_error("cannot open " + path + ": " + std::strerror(errno));
  if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock_);
    throw std::runtime_error("another rappeld runs on " + state_directory +
                             ": stop it, or give this one a state_directory of its own");
  }
  id_ = read_or_make(lock_, path);
}

NodeIdentity::~NodeIdentity() {
  if (lock_ >= 0) ::close(lock_);
}

}  // namespace rappel::app
