// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "notify/sender_link.hpp"
#include "temporary_folder.hpp"

namespace rappel::notify::test {

inline std::string built_plugin(const std::string& name) {
  return std::string(RAPPEL_BINARY_DIR) + "/plugins/rappel-notifier-" + name + ".so";
}
inline std::string broken_plugin(const std::string& name) {
  return std::string(RAPPEL_BINARY_DIR) + "/plugins-broken/" + name + ".so";
}

using Folder = rappel::test::TemporaryFolder;

inline std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

inline void write_file(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

inline OutgoingMessage a_message(const std::string& key, Channel channel = Channel::email) {
  OutgoingMessage message;
  message.delivery = DeliveryId::derived(Shard{1}, key);
  message.idempotency_key = key;
  message.channel = channel;
  message.to = channel == Channel::sms ? "+33612345678" : "jeanne.martin@example.org";
  message.to_name = "Jeanne Martin";
  message.from_name = "Mairie de Sainte-Foy";
  message.language = "fr";
  message.subject = "Rappel";
  message.text = "Votre carte arrive à échéance.";
  message.composed_at = *parse_rfc3339("2026-11-24T08:00:00Z");
  return message;
}

/// A pool of real senders on a loop of the test's own. wait_until() runs the loop until its
/// condition holds, at most `patience`: a test that waits for what never comes fails, it does not
/// hang.
class PoolRig {
 public:
  static constexpr std::chrono::seconds patience{20};

  explicit PoolRig(std::vector<NotifierOptions> notifiers, PoolOptions options = quick_options()) {
    options.socket_path = folder / "senders.sock";
    options.sender_program = std::string(RAPPEL_BINARY_DIR) + "/bin/rappel-sender";
    pool = std::make_unique<SenderPool>(
        io, options, std::move(notifiers),
        SenderPool::Callbacks{
            [this](const std::string& name, std::vector<SendResult> some) {
              for (auto& result : some) results[name].push_back(std::move(result));
            },
            [this](const std::string&, std::vector<SendResult> some) {
              for (auto& answer : some) answers.push_back(std::move(answer));
            },
            [this](const std::string& name, bool is_ready) { states[name].push_back(is_ready); }});
    pool->start();
  }

  static PoolOptions quick_options() {
    PoolOptions options;
    options.tick = std::chrono::milliseconds(10);
    options.backoff_min = std::chrono::milliseconds(10);
    options.backoff_max = std::chrono::milliseconds(50);
    return options;
  }

  static NotifierOptions notifier(const std::string& name, const std::string& plugin_path,
                                  const std::string& config = "{}") {
    NotifierOptions options;
    options.name = name;
    options.plugin_path = plugin_path;
    options.config_json = config;
    return options;
  }

  bool wait_until(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > end) return false;
      io.restart();
      io.run_one_for(std::chrono::milliseconds(100));
    }
    return true;
  }

  bool wait_ready(const std::string& name) {
    return wait_until([&] { return pool->is_ready(name); });
  }

  /// Sends when ready and waits for as many more results.
  bool send_and_wait(const std::string& name, std::vector<OutgoingMessage> messages) {
    if (!wait_ready(name)) return false;
    const auto wanted = results[name].size() + messages.size();
    if (!pool->send(name, std::move(messages))) return false;
    return wait_until([&] { return results[name].size() >= wanted; });
  }

  [[nodiscard]] NotifierStatus status(const std::string& name) const {
    for (auto& status : pool->status())
      if (status.name == name) return status;
    return {};
  }

  /// The result of the message with this idempotency key, as a_message() makes it.
  [[nodiscard]] SendResult result_of(const std::string& name, const std::string& key) {
    for (const auto& result : results[name])
      if (result.delivery == DeliveryId::derived(Shard{1}, key)) return result;
    return {};
  }

  Folder folder;
  boost::asio::io_context io;
  std::map<std::string, std::vector<SendResult>> results;
  std::vector<SendResult> answers;
  std::map<std::string, std::vector<bool>> states;
  std::unique_ptr<SenderPool> pool;
};

}  // namespace rappel::notify::test
