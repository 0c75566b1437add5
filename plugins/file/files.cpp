// SPDX-License-Identifier: Apache-2.0
#include "files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace rappel::file_notifier {
namespace {

constexpr std::size_t name_bytes_max = 100;
constexpr int repetitions_max = 1000;

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

class Descriptor {
 public:
  Descriptor(const std::string& path, int flags)
      : fd_(open(path.c_str(), flags | O_CLOEXEC, 0600)) {
    if (fd_ < 0) fail("cannot open a message file");
  }
  ~Descriptor() { close(fd_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  void write(std::string_view content) const {
    while (!content.empty()) {
      const auto size = ::write(fd_, content.data(), content.size());
      if (size < 0 && errno == EINTR) continue;
      if (size < 0) fail("cannot write a message file");
      content.remove_prefix(std::size_t(size));
    }
  }
  void sync() const {
    if (fsync(fd_) != 0) fail("cannot sync a message file");
  }

 private:
  int fd_;
};

bool is_safe(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

}  // namespace

void prepare(const std::string& folder) {
  namespace fs = std::filesystem;
  for (const char* part : {"tmp", "new", "cur"}) {
    const fs::path path = fs::path(folder) / part;
    fs::create_directories(path);
    fs::permissions(path, fs::perms::owner_all);
  }
}

std::string deliver(const std::string& folder, const std::string& name, const std::string& suffix,
                    const std::string& content) {
  const std::string draft = folder + "/tmp/" + name + "." + std::to_string(getpid());
  {
    const Descriptor file{draft, O_WRONLY | O_CREAT | O_TRUNC};
    file.write(content);
    file.sync();
  }
  // link() and not rename(): it refuses a name that exists.
  std::string taken = name + suffix;
  for (int copy = 2; link(draft.c_str(), (folder + "/new/" + taken).c_str()) != 0; ++copy) {
    if (errno != EEXIST || copy > repetitions_max) fail("cannot publish a message file");
    taken = name + "-again" + std::to_string(copy) + suffix;
  }
  unlink(draft.c_str());
  Descriptor{folder + "/new", O_RDONLY | O_DIRECTORY}.sync();
  return taken;
}

std::string safe_name(const std::string& text) {
  std::string name = text.substr(0, name_bytes_max);
  for (char& c : name)
    if (!is_safe(c)) c = '_';
  return name;
}

}  // namespace rappel::file_notifier
