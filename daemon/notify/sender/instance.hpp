// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rappel/plugin.h>

#include <functional>
#include <memory>
#include <vector>

#include "base/problem.hpp"
#include "base/secret.hpp"
#include "notify/frame.hpp"
#include "notify/sender/plugin_library.hpp"

namespace rappel::notify::sender {

/// One created notifier: turns frames into plugin calls and completions into results. Keeps each
/// message alive until its completion. send() and ask() on one thread; `answer` and `log` are
/// called from any thread of the plugin. The mutex inside guards the table of messages in hand:
/// this is the sender process, where foreign threads come and go, not the core.
class Instance {
 public:
  struct Sinks {
    std::function<void(SendResult, bool is_query)> answer;
    std::function<void(int level, std::string text)> log;
  };

  static Expected<std::unique_ptr<Instance>> create(const PluginLibrary& library,
                                                    const std::string& name,
                                                    const frame::Config& config,
                                                    const Secret& credential, Sinks sinks);
  ~Instance();

  void send(std::vector<OutgoingMessage> messages);
  void ask(std::vector<StatusQuery> queries);
  [[nodiscard]] std::size_t in_hand() const;

 private:
  struct State;
  explicit Instance(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace rappel::notify::sender
