// SPDX-License-Identifier: Apache-2.0
#include <rappel/plugin.hpp>
#include <stdexcept>

namespace {

struct Thrower final : rappel::plugin::Notifier {
  explicit Thrower(const rappel::plugin::Setup& setup) {
    throw std::runtime_error("cannot log in with " + std::string(setup.credential));
  }
  void send(std::vector<rappel::plugin::Job>) override {}
};

}  // namespace

RAPPEL_NOTIFIER(Thrower, "thrower", "0.0.1", "email", R"({"type":"object"})")
