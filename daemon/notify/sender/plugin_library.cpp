// SPDX-License-Identifier: Apache-2.0
#include "notify/sender/plugin_library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <optional>

namespace rappel::notify::sender {
namespace {

/// The table as version 1.0 defined it; a later minor version moves this only for its new fields.
constexpr std::size_t table_bytes_min = sizeof(rappel_plugin_table);

tl::unexpected<Problem> bad(const std::string& path, std::string why, std::string mend = {}) {
  return refuse(ProblemKind::invalid, "bad_plugin", std::move(why), path, std::move(mend));
}

bool is_text(const char* text) {
  return text != nullptr && *text != '\0';
}

std::optional<std::string> version_problem(const rappel_plugin_table& table) {
  if (table.magic != RAPPEL_PLUGIN_MAGIC) return "its table does not start with the right magic";
  const bool other_major = table.abi_major != RAPPEL_PLUGIN_ABI_MAJOR;
  if (!other_major && table.abi_minor <= RAPPEL_PLUGIN_ABI_MINOR) return std::nullopt;
  return fmt::format("it was built for plugin ABI {}.{} and this host speaks {}.{}",
                     table.abi_major, table.abi_minor, RAPPEL_PLUGIN_ABI_MAJOR,
                     RAPPEL_PLUGIN_ABI_MINOR);
}

std::optional<std::string> content_problem(const rappel_plugin_table& table) {
  if (table.size < table_bytes_min)
    return fmt::format("its table is too short: {} bytes of {}", table.size, table_bytes_min);
  if (!is_text(table.name) || !is_text(table.version) || !is_text(table.channels))
    return "its table names no plugin, version or channel";
  if (!is_text(table.config_schema)) return "its table has no configuration schema";
  if (table.create == nullptr || table.destroy == nullptr || table.send == nullptr)
    return "its table lacks create, destroy or send";
  return std::nullopt;
}

const rappel_plugin_table* call_entry(void* symbol) {
  try {
    return reinterpret_cast<rappel_plugin_function>(symbol)();
  } catch (...) {  // a plugin written in C++ without the wrapper
    return nullptr;
  }
}

}  // namespace

Expected<PluginLibrary> PluginLibrary::open(const std::string& path) {
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return bad(path, fmt::format("cannot be loaded: {}", dlerror()));
  void* symbol = dlsym(library, RAPPEL_PLUGIN_SYMBOL);
  if (symbol == nullptr)
    return bad(path, "it exports no symbol `" RAPPEL_PLUGIN_SYMBOL "`: it is not a notifier",
               "declare it with RAPPEL_NOTIFIER, or export the function by hand");
  const auto* table = call_entry(symbol);
  if (table == nullptr) return bad(path, "its entry function gives no table");
  if (auto why = version_problem(*table))
    return bad(path, std::move(*why), "rebuild it against the installed rappel/plugin.h");
  if (auto why = content_problem(*table)) return bad(path, std::move(*why));
  return PluginLibrary{table};
}

bool PluginLibrary::serves(std::string_view channel) const {
  const std::string padded = fmt::format(" {} ", table_->channels);
  return padded.find(fmt::format(" {} ", channel)) != std::string::npos;
}

}  // namespace rappel::notify::sender
