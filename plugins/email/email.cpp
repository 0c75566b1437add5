// SPDX-License-Identifier: Apache-2.0
#include <curl/curl.h>

#include <memory>
#include <rappel/plugin.hpp>
#include <rappel/worker_pool.hpp>

#include "config_schema.inc"
#include "relay.hpp"
#include "settings.hpp"

namespace {

namespace plugin = rappel::plugin;
namespace email = rappel::email;

/// SMTP to the administration's relay. What the relay accepts is `accepted`; a bounce comes later.
class Email final : public plugin::Notifier {
 public:
  explicit Email(const plugin::Setup& setup)
      : settings_(email::read_settings(setup)),
        relays_({settings_.connections, setup.send_timeout_ms}, setup.log,
                [this] { return relay(); }) {}

  void send(std::vector<plugin::Job> jobs) override { relays_.put(std::move(jobs)); }

 private:
  plugin::WorkerPool::Send relay() const {
    // Shared because std::function wants a copyable callable; there is one copy.
    auto relay = std::make_shared<email::Relay>(settings_);
    return [relay](const rappel_message& message, std::chrono::milliseconds left) {
      return relay->send(message, left);
    };
  }

  struct Curl {
    Curl() { curl_global_init(CURL_GLOBAL_DEFAULT); }
    ~Curl() { curl_global_cleanup(); }
  };

  Curl curl_;
  email::Settings settings_;
  plugin::WorkerPool relays_;
};

}  // namespace

RAPPEL_NOTIFIER(Email, "email", RAPPEL_NOTIFIER_VERSION, "email", config_schema)
