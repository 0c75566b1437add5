// SPDX-License-Identifier: Apache-2.0
#include "app/world_check.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include "api/http/listener.hpp"
#include "app/paths.hpp"
#include "base/text_file.hpp"
#include "seal/blind_index.hpp"

namespace rappel::app {
namespace {

constexpr std::size_t secret_bytes_max = 64 * 1024;

Problem problem(std::string where, std::string code, std::string detail, std::string mend) {
  return {ProblemKind::invalid, std::move(code), std::move(detail), std::move(where), std::move(mend)};
}

class World {
 public:
  explicit World(const Config& config) : config_(config) {}

  WorldCheck look() {
    address();
    keys();
    if (!config_.database.dsn_file.empty()) secret("database.dsn_file", config_.database.dsn_file);
    for (const auto& notifier : config_.notifiers) look_at(notifier);
    return std::move(found_);
  }

 private:
  void address() {
    const auto where = api::parse_listen(config_.api.listen);
    if (!where)
      found_.problems.push_back(problem(
          "api.listen", "not_an_address", fmt::format("\"{}\" is not an address to listen on", config_.api.listen),
          "write 127.0.0.1:8080, [::1]:8080 or unix:/run/rappel/api.sock"));
    else if (where->address == "0.0.0.0" || where->address == "::")
      found_.warnings.push_back(problem(
          "api.listen", "open_address", "the API speaks plain HTTP to every network of this machine",
          "listen on 127.0.0.1 or a unix socket, behind a proxy that speaks TLS"));
  }

  /// Given as files, or by systemd; else the daemon makes them.
  void keys() {
    const auto place = [](const std::string& file, const char* credential) {
      return file.empty() ? credential_path(credential) : file;
    };
    const auto master = place(config_.keys.master_key_file, "master-key");
    const auto index = place(config_.keys.index_key_file, "index-key");
    if (master.empty() && index.empty()) return;
    if (master.empty() || index.empty()) {
      found_.problems.push_back(problem("keys", "one_key", "only one of the two keys is given",
                                        "name master_key_file and index_key_file, or neither"));
      return;
    }
    const auto master_text = secret("keys.master_key_file", master);
    const auto index_text = secret("keys.index_key_file", index);
    if (!master_text || !index_text) return;
    if (auto ring = seal::Keyring::from(Secret{*master_text}, Secret{*index_text}); !ring)
      found_.problems.push_back(ring.error());
  }

  std::optional<std::string> secret(const std::string& key, const std::string& path) {
    auto text = read_text_file(path, secret_bytes_max);
    if (!text) {
      found_.problems.push_back(problem(key, "unreadable", fmt::format("{} {}", path, text.error()),
                                        "make the file readable to the daemon's account"));
      return std::nullopt;
    }
    struct stat facts {};
    if (::stat(path.c_str(), &facts) == 0 && (facts.st_mode & 077) != 0)
      found_.warnings.push_back(problem(key, "open_secret",
                                        fmt::format("{} can be read by other accounts", path),
                                        "chmod 0400"));
    if (!text->empty() && text->back() == '\n') text->pop_back();
    return std::move(*text);
  }

  void look_at(const NotifierConfig& notifier) {
    const auto key = fmt::format("notifiers.{}", notifier.name);
    const auto path = plugin_path(config_, notifier);
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0)
      found_.problems.push_back(problem(key + ".plugin", "no_plugin",
                                        fmt::format("there is no plugin {}", path),
                                        "write email, sms-http, inapp or file, or the path of another"));
    if (!notifier.credential_file.empty()) secret(key + ".credential_file", notifier.credential_file);
  }

  const Config& config_;
  WorldCheck found_;
};

}  // namespace

WorldCheck check_world(const Config& config) { return World(config).look(); }

std::string plugin_path(const Config& config, const NotifierConfig& notifier) {
  if (notifier.plugin.find('/') != std::string::npos) return notifier.plugin;
  return config.senders.plugins + "/rappel-notifier-" + notifier.plugin + ".so";
}

}  // namespace rappel::app
