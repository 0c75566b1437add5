// SPDX-License-Identifier: Apache-2.0
// C++ wrapper of rappel/plugin.h: write a class, name it in RAPPEL_NOTIFIER, build a MODULE
// library.
//
//   class Pigeon final : public rappel::plugin::Notifier {
//    public:
//     explicit Pigeon(const rappel::plugin::Setup& setup);   // throw to refuse the configuration
//     void send(std::vector<rappel::plugin::Job> jobs) override {
//       for (auto& job : jobs) job.ticket.finish(rappel::plugin::accepted("coop-7"));
//     }
//   };
//   RAPPEL_NOTIFIER(Pigeon, "pigeon", "1.0.0", "letter", R"({"type":"object"})")
//
// Exceptions never cross the C boundary: one thrown by the constructor refuses the plugin with its
// text; one thrown by send() leaves every job without an answer, and a job destroyed without an
// answer is reported `unknown`, the only honest word for it.
// Thread rule: as in plugin.h; a Ticket may be finished from any thread.
#pragma once

#include <rappel/plugin.h>

#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rappel::plugin {

enum class ResultClass : std::int32_t {
  accepted = RAPPEL_ACCEPTED,
  delivered = RAPPEL_DELIVERED,
  try_later = RAPPEL_TRY_LATER,
  throttled = RAPPEL_THROTTLED,
  bad_address = RAPPEL_BAD_ADDRESS,
  rejected = RAPPEL_REJECTED,
  provider_down = RAPPEL_PROVIDER_DOWN,
  unknown = RAPPEL_UNKNOWN
};

struct Result {
  ResultClass result = ResultClass::unknown;
  std::string detail;       ///< never an address, content or a secret
  std::string provider_id;  ///< empty when there is none
  std::int64_t retry_after_s = -1;
};

inline Result accepted(std::string provider_id) {
  return {ResultClass::accepted, {}, std::move(provider_id), -1};
}

/// The duty to answer for one message or query, exactly once. Movable; destroyed without an answer
/// it answers `unknown`.
class Ticket {
 public:
  Ticket(const rappel_completion& completion, std::uint64_t token)
      : completion_(completion), token_(token) {}
  Ticket(Ticket&& other) noexcept
      : completion_(other.completion_),
        token_(other.token_),
        open_(std::exchange(other.open_, false)) {}
  Ticket& operator=(Ticket&& other) noexcept {
    if (this == &other) return *this;
    abandon();
    completion_ = other.completion_;
    token_ = other.token_;
    open_ = std::exchange(other.open_, false);
    return *this;
  }
  ~Ticket() { abandon(); }

  /// The message this ticket belongs to is gone after this call.
  void finish(const Result& result) {
    if (!std::exchange(open_, false)) return;
    const rappel_result out{sizeof(rappel_result), static_cast<std::int32_t>(result.result),
                            result.provider_id.c_str(), result.detail.c_str(),
                            result.retry_after_s};
    completion_.complete(completion_.context, token_, &out);
  }

 private:
  void abandon() noexcept {
    if (!std::exchange(open_, false)) return;
    const rappel_result out{sizeof(rappel_result), RAPPEL_UNKNOWN, nullptr,
                            "the notifier gave no answer", -1};
    completion_.complete(completion_.context, token_, &out);
  }

  rappel_completion completion_;
  std::uint64_t token_;
  bool open_ = true;
};

/// One message and the duty to answer for it. `message` is valid until the ticket is finished.
struct Job {
  const rappel_message* message;
  Ticket ticket;
};

struct Question {
  const rappel_query* query;
  Ticket ticket;
};

/// What a notifier is made from. Views and pointers are valid inside the constructor only, but for
/// `log`, which may be copied and used as long as the notifier lives.
struct Setup {
  class Log {
   public:
    explicit Log(const rappel_host* host) : host_(host) {}
    void write(rappel_log_level level, const std::string& text) const {
      host_->log(host_->context, level, text.c_str());
    }

   private:
    const rappel_host* host_;
  };

  std::string_view channel;
  std::string_view config_json;
  std::string_view credential;
  std::string_view work_id;
  std::uint32_t send_timeout_ms;
  Log log;
};

class Notifier {
 public:
  virtual ~Notifier() = default;
  virtual void send(std::vector<Job> jobs) = 0;
  /// Only called when the class is registered with RAPPEL_NOTIFIER_WITH_QUERY.
  virtual void query(Question question) { question.ticket.finish({}); }
};

namespace boundary {

struct Instance {
  Setup::Log log;
  std::unique_ptr<Notifier> notifier;
};

template <typename NotifierType>
void* create(const rappel_create_args* args, char* error, std::size_t error_size) {
  try {
    const Setup::Log log{args->host};
    const Setup setup{args->channel,
                      args->config_json,
                      {reinterpret_cast<const char*>(args->credential), args->credential_size},
                      args->work_id,
                      args->send_timeout_ms,
                      log};
    return new Instance{log, std::make_unique<NotifierType>(setup)};
  } catch (const std::exception& failure) {
    std::snprintf(error, error_size, "%s", failure.what());
  } catch (...) {
    std::snprintf(error, error_size, "the notifier threw something that is not an exception");
  }
  return nullptr;
}

inline void destroy(void* instance) {
  try {
    delete static_cast<Instance*>(instance);
  } catch (...) {  // a throwing destructor must not end the host while it says goodbye
  }
}

template <typename Work>
void guarded(const Setup::Log& log, Work&& work) {
  try {
    work();
  } catch (const std::exception& failure) {
    log.write(RAPPEL_LOG_ERROR, std::string("the notifier threw: ") + failure.what());
  } catch (...) {
    log.write(RAPPEL_LOG_ERROR, "the notifier threw something that is not an exception");
  }
}

inline void send(void* raw, const rappel_message* const* messages, std::size_t count,
                 const rappel_completion* completion) {
  auto* instance = static_cast<Instance*>(raw);
  guarded(instance->log, [&] {
    std::vector<Job> jobs;
    jobs.reserve(count);
    for (std::size_t i = 0; i < count; ++i)
      jobs.push_back(Job{messages[i], Ticket{*completion, messages[i]->token}});
    instance->notifier->send(std::move(jobs));
  });
}

inline void query(void* raw, const rappel_query* question, const rappel_completion* completion) {
  auto* instance = static_cast<Instance*>(raw);
  guarded(instance->log, [&] {
    instance->notifier->query(Question{question, Ticket{*completion, question->token}});
  });
}

template <typename NotifierType>
rappel_plugin_table table(const char* name, const char* version, const char* channels,
                          const char* schema, bool with_query) {
  return {RAPPEL_PLUGIN_MAGIC,
          sizeof(rappel_plugin_table),
          RAPPEL_PLUGIN_ABI_MAJOR,
          RAPPEL_PLUGIN_ABI_MINOR,
          0,
          name,
          version,
          channels,
          schema,
          &create<NotifierType>,
          &destroy,
          &send,
          with_query ? &query : nullptr,
          nullptr};
}

}  // namespace boundary
}  // namespace rappel::plugin

#define RAPPEL_NOTIFIER_TABLE(Type, Name, Version, Channels, Schema, WithQuery)              \
  extern "C" RAPPEL_PLUGIN_EXPORT const rappel_plugin_table* rappel_plugin(void) {           \
    static const rappel_plugin_table table =                                                 \
        ::rappel::plugin::boundary::table<Type>(Name, Version, Channels, Schema, WithQuery); \
    return &table;                                                                           \
  }
#define RAPPEL_NOTIFIER(Type, Name, Version, Channels, Schema) \
  RAPPEL_NOTIFIER_TABLE(Type, Name, Version, Channels, Schema, false)
#define RAPPEL_NOTIFIER_WITH_QUERY(Type, Name, Version, Channels, Schema) \
  RAPPEL_NOTIFIER_TABLE(Type, Name, Version, Channels, Schema, true)
