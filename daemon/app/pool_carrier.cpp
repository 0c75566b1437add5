// SPDX-License-Identifier: Apache-2.0
#include "app/pool_carrier.hpp"

#include <boost/json/serialize.hpp>

#include "app/world_check.hpp"

namespace rappel::app {
namespace {

notify::PoolOptions pool_options(const Config& config) {
  notify::PoolOptions options;
  options.socket_path = config.senders.socket;
  options.sender_program = config.senders.program;
  return options;
}

std::vector<notify::NotifierOptions> notifier_options(const Config& config) {
  std::vector<notify::NotifierOptions> all;
  for (const auto& notifier : config.notifiers) {
    notify::NotifierOptions options;
    options.name = notifier.name;
    options.channel = notifier.channel;
    options.managed = notifier.external ? notify::Managed::external : notify::Managed::child;
    options.plugin_path = plugin_path(config, notifier);
    options.config_json = boost::json::serialize(notifier.config);
    options.credential_path = notifier.credential_file;
    options.window_max = std::size_t(notifier.window_max);
    options.send_timeout = notifier.send_timeout;
    all.push_back(std::move(options));
  }
  return all;
}

notify::SendResult refused(DeliveryId delivery, std::uint32_t attempt, notify::ResultClass result,
                           std::string detail) {
  notify::SendResult answer;
  answer.delivery = delivery;
  answer.attempt = attempt;
  answer.result = result;
  answer.detail = std::move(detail);
  return answer;
}

}  // namespace

PoolCarrier::PoolCarrier(boost::asio::io_context& io, const Config& config,
                         std::function<void(const std::string&, bool)> on_state)
    : pool_(io, pool_options(config), notifier_options(config),
            {.on_results = [this](const std::string&, std::vector<notify::SendResult> results) {
               on_results_(std::move(results));
             },
             .on_answers = [this](const std::string&, std::vector<notify::SendResult> answers) {
               on_results_(std::move(answers));
             },
             .on_state = std::move(on_state)}) {}

void PoolCarrier::send(const std::string& notifier,
                       std::vector<notify::OutgoingMessage> messages) {
  std::vector<notify::SendResult> back;
  for (const auto& message : messages) {
    back.push_back(refused(message.delivery, message.attempt, notify::ResultClass::provider_down,
                           "the sender was not ready; nothing left"));
  }
  // All or nothing: a refusal means that nothing left.
  if (!pool_.send(notifier, std::move(messages))) on_results_(std::move(back));
}

void PoolCarrier::query(const std::string& notifier, std::vector<notify::StatusQuery> queries) {
  std::vector<notify::SendResult> back;
  for (const auto& query : queries) {
    back.push_back(refused(query.delivery, query.attempt, notify::ResultClass::unknown,
                           "the provider could not be asked"));
  }
  if (!pool_.query(notifier, std::move(queries))) on_results_(std::move(back));
}

}  // namespace rappel::app
