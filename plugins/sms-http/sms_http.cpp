// SPDX-License-Identifier: Apache-2.0
#include <curl/curl.h>

#include <memory>
#include <rappel/plugin.hpp>
#include <rappel/worker_pool.hpp>

#include "config_schema.inc"
#include "gateway.hpp"
#include "settings.hpp"

namespace {

namespace plugin = rappel::plugin;
namespace sms_http = rappel::sms_http;

/// SMS through any HTTP gateway that a configuration can describe.
class SmsHttp final : public plugin::Notifier {
 public:
  explicit SmsHttp(const plugin::Setup& setup)
      : settings_(sms_http::read_settings(setup)),
        gateways_({settings_.connections, setup.send_timeout_ms}, setup.log,
                  [this] { return gateway(); }) {}

  void send(std::vector<plugin::Job> jobs) override { gateways_.put(std::move(jobs)); }

 private:
  plugin::WorkerPool::Send gateway() const {
    // Shared because std::function wants a copyable callable; there is one copy.
    auto gateway = std::make_shared<sms_http::Gateway>(settings_);
    return [gateway](const rappel_message& message, std::chrono::milliseconds left) {
      return gateway->send(message, left);
    };
  }

  struct Curl {
    Curl() { curl_global_init(CURL_GLOBAL_DEFAULT); }
    ~Curl() { curl_global_cleanup(); }
  };

  Curl curl_;
  sms_http::Settings settings_;
  plugin::WorkerPool gateways_;
};

}  // namespace

RAPPEL_NOTIFIER(SmsHttp, "sms-http", RAPPEL_NOTIFIER_VERSION, "sms", config_schema)
