// SPDX-License-Identifier: Apache-2.0
#include "app/paths.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#ifndef RAPPEL_DATA_DIRECTORY
#define RAPPEL_DATA_DIRECTORY "/usr/share/rappel"
#endif
#ifndef RAPPEL_PLUGIN_DIRECTORY
#define RAPPEL_PLUGIN_DIRECTORY "/usr/lib/rappel/plugins"
#endif

namespace rappel::app {
namespace {

namespace fs = std::filesystem;

/// How many folders above the program a build tree's sources may lie.
constexpr int levels_up_max = 5;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

fs::path program_folder() {
  std::error_code error;
  const auto program = fs::read_symlink("/proc/self/exe", error);
  return error ? fs::path{} : program.parent_path();
}

}  // namespace

std::string default_state_directory() {
  // systemd's StateDirectory=
  if (const auto given = environment("STATE_DIRECTORY"); !given.empty()) return given;
  if (::geteuid() == 0) return "/var/lib/rappel";
  if (const auto home = environment("HOME"); !home.empty()) return home + "/.local/state/rappel";
  return "/var/lib/rappel";
}

std::string default_templates_directory() {
  fs::path folder = program_folder();
  std::error_code error;
  for (int level = 0; level < levels_up_max && !folder.empty(); ++level) {
    if (fs::is_directory(folder / "templates" / "messages", error)) return folder / "templates";
    folder = folder.parent_path();
  }
  return RAPPEL_DATA_DIRECTORY "/templates";
}

std::string default_sender_program() {
  std::error_code error;
  const auto beside = program_folder() / "rappel-sender";
  if (fs::exists(beside, error)) return beside;
  return "/usr/lib/rappel/rappel-sender";
}

std::string default_plugins_directory() {
  std::error_code error;
  const auto beside = program_folder().parent_path() / "plugins";
  if (fs::is_directory(beside, error)) return beside;
  return RAPPEL_PLUGIN_DIRECTORY;
}

std::string credential_path(const std::string& name) {
  const auto folder = environment("CREDENTIALS_DIRECTORY");
  if (folder.empty()) return {};
  std::error_code error;
  const auto path = fs::path(folder) / name;
  return fs::exists(path, error) ? path.string() : std::string();
}

}  // namespace rappel::app
