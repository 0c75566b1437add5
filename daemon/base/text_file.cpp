// SPDX-License-Identifier: Apache-2.0
#include "base/text_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace rappel {
namespace {

constexpr std::size_t chunk_bytes = 65'536;

struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

std::string failed() { return fmt::format("cannot be read: {}", std::strerror(errno)); }

}  // namespace

tl::expected<std::string, std::string> read_text_file(const std::string& path,
                                                      std::size_t bytes_max) {
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  struct stat facts {};
  if (file.number < 0 || ::fstat(file.number, &facts) != 0) return tl::unexpected(failed());
  if (!S_ISREG(facts.st_mode))
    return tl::unexpected(std::string(S_ISDIR(facts.st_mode) ? "is a folder, not a file"
                                                             : "is not a regular file"));
  std::string text;
  std::array<char, chunk_bytes> chunk;
  for (;;) {
    const auto count = ::read(file.number, chunk.data(), chunk.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return tl::unexpected(failed());
    if (count == 0) return text;
    text.append(chunk.data(), std::size_t(count));
    if (text.size() > bytes_max)
      return tl::unexpected(fmt::format("is larger than {} bytes", bytes_max));
  }
}

}  // namespace rappel
