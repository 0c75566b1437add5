// SPDX-License-Identifier: Apache-2.0
#include <rappel/plugin.hpp>
#include <string_view>

#include "config_schema.inc"

namespace {

namespace plugin = rappel::plugin;

/// The inbox has no provider: the core writes the inbox row itself, in the very transaction that
/// records the outcome, so that a message is in the inbox exactly when its delivery says so. This
/// plugin only judges the message; `delivered` is its promise that the row may be written. It
/// exists so that the inbox is one channel among others for dispatch, lanes and statistics.
class InApp final : public plugin::Notifier {
 public:
  explicit InApp(const plugin::Setup&) {}

  void send(std::vector<plugin::Job> jobs) override {
    for (auto& job : jobs) job.ticket.finish(judge(*job.message));
  }

  void query(plugin::Question question) override {
    question.ticket.finish({plugin::ResultClass::delivered, {}, question.query->idempotency_key});
  }

 private:
  static plugin::Result judge(const rappel_message& message) {
    if (std::string_view(message.subject).empty())
      return {plugin::ResultClass::rejected, "an inbox message needs a title"};
    if (std::string_view(message.text).empty())
      return {plugin::ResultClass::rejected, "an inbox message needs a text"};
    return {plugin::ResultClass::delivered, {}, message.idempotency_key};
  }
};

}  // namespace

RAPPEL_NOTIFIER_WITH_QUERY(InApp, "inapp", RAPPEL_NOTIFIER_VERSION, "inapp", config_schema)
