// SPDX-License-Identifier: Apache-2.0
// Does what the subject of each message tells it to.
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <rappel/plugin.hpp>
#include <stdexcept>
#include <string>
#include <thread>

namespace {

namespace plugin = rappel::plugin;

class Moody final : public plugin::Notifier {
 public:
  explicit Moody(const plugin::Setup& setup) : credential_(setup.credential), log_(setup.log) {}

  void send(std::vector<plugin::Job> jobs) override {
    for (auto& job : jobs) act(job, job.message->subject);
  }

  void query(plugin::Question question) override {
    const bool is_known = std::string(question.query->provider_id) == "known";
    question.ticket.finish(
        {is_known ? plugin::ResultClass::delivered : plugin::ResultClass::unknown,
         {},
         question.query->provider_id});
  }

 private:
  void act(plugin::Job& job, const std::string& mood) {
    if (mood == "crash") crash();
    if (mood == "exit") std::_Exit(7);
    if (mood == "hang")
      for (;;) pause();
    if (mood == "freeze") std::raise(SIGSTOP);
    if (mood == "throw") throw std::runtime_error("thrown with " + credential_);
    if (mood == "forget") return;
    if (mood == "twice") return finish_twice(job);
    if (mood == "thread") return finish_elsewhere(job);
    if (mood == "leak") return leak(job);
    job.ticket.finish(plugin::accepted(std::string("id-") + job.message->idempotency_key));
  }

  static void crash() {
    std::signal(SIGSEGV, SIG_DFL);  // a sanitizer's handler would make an exit of it
    std::raise(SIGSEGV);
  }

  void finish_twice(plugin::Job& job) {
    plugin::Ticket second = std::move(job.ticket);
    plugin::Job copy{job.message, std::move(second)};
    copy.ticket.finish(plugin::accepted("once"));
    copy.ticket.finish(plugin::accepted("twice"));
  }

  void finish_elsewhere(plugin::Job& job) {
    std::thread([ticket = std::move(job.ticket)]() mutable {
      ticket.finish(plugin::accepted("elsewhere"));
    }).detach();
  }

  void leak(plugin::Job& job) {
    const std::string text = std::string("refused ") + job.message->to + " with " + credential_;
    log_.write(RAPPEL_LOG_ERROR, text);
    job.ticket.finish({plugin::ResultClass::rejected, text, text});
  }

  std::string credential_;
  plugin::Setup::Log log_;
};

}  // namespace

RAPPEL_NOTIFIER_WITH_QUERY(Moody, "moody", "0.0.1", "email sms",
                           R"({"type":"object","additionalProperties":false,"properties":
                               {"patience":{"type":"integer","minimum":1,"maximum":9},
                                "colour":{"type":"string","enum":["red","green"]}}})")
