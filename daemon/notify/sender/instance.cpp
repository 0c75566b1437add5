// SPDX-License-Identifier: Apache-2.0
#include "notify/sender/instance.hpp"

#include <array>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "notify/sender/redactor.hpp"

namespace rappel::notify::sender {
namespace {

constexpr std::size_t detail_bytes_max = 200;
constexpr std::size_t provider_id_bytes_max = 200;
constexpr std::size_t log_bytes_max = 500;
constexpr std::size_t error_bytes_max = 500;

static_assert(RAPPEL_UNKNOWN == int(ResultClass::unknown) &&
              RAPPEL_PROVIDER_DOWN == int(ResultClass::provider_down) &&
              RAPPEL_REJECTED == int(ResultClass::rejected) &&
              RAPPEL_BAD_ADDRESS == int(ResultClass::bad_address) &&
              RAPPEL_THROTTLED == int(ResultClass::throttled) &&
              RAPPEL_TRY_LATER == int(ResultClass::try_later) &&
              RAPPEL_DELIVERED == int(ResultClass::delivered) &&
              RAPPEL_ACCEPTED == int(ResultClass::accepted));

/// A message with its C view, kept until its completion.
struct HeldMessage {
  OutgoingMessage message;
  std::string delivery_text;
  std::vector<rappel_header> headers;
  rappel_message view{};
};

struct HeldQuery {
  StatusQuery query;
  std::string delivery_text;
  rappel_query view{};
};

const char* text_or_null(const std::string& text) {
  return text.empty() ? nullptr : text.c_str();
}

std::int64_t microseconds(Instant instant) {
  return instant.time_since_epoch().count();
}

void fill_view(HeldMessage& held, std::uint64_t token) {
  const auto& message = held.message;
  held.delivery_text = message.delivery.to_string();
  for (const auto& [name, value] : message.headers)
    held.headers.push_back({name.c_str(), value.c_str()});
  held.view = {sizeof(rappel_message),
               message.attempt,
               token,
               held.delivery_text.c_str(),
               message.idempotency_key.c_str(),
               message.to.c_str(),
               message.to_name.c_str(),
               message.from_name.c_str(),
               message.language.c_str(),
               message.subject.c_str(),
               message.text.c_str(),
               text_or_null(message.html),
               text_or_null(message.private_body),
               held.headers.data(),
               held.headers.size(),
               microseconds(message.composed_at),
               message.expires_at ? microseconds(*message.expires_at) : 0,
               message.sms_segments,
               0};
}

bool holds_nul(const OutgoingMessage& message) {
  const auto has = [](const std::string& text) { return text.find('\0') != std::string::npos; };
  for (const auto& [name, value] : message.headers)
    if (has(name) || has(value)) return true;
  return has(message.idempotency_key) || has(message.to) || has(message.to_name) ||
         has(message.from_name) || has(message.language) || has(message.subject) ||
         has(message.text) || has(message.html) || has(message.private_body);
}

ResultClass class_of(std::int32_t number) {
  const bool known = number >= 0 && number <= RAPPEL_UNKNOWN;
  return known ? ResultClass(number) : ResultClass::unknown;
}

}  // namespace

struct Instance::State {
  State(const rappel_plugin_table& the_table, std::string the_name, const Secret& credential,
        Sinks the_sinks)
      : table(the_table),
        name(std::move(the_name)),
        redactor(credential),
        sinks(std::move(the_sinks)) {
    host = {sizeof(rappel_host), RAPPEL_PLUGIN_ABI_MAJOR, RAPPEL_PLUGIN_ABI_MINOR, this, &log};
    completion = {sizeof(rappel_completion), 0, this, &complete};
  }

  static void log(void* context, std::int32_t level, const char* text) {
    auto& self = *static_cast<State*>(context);
    self.sinks.log(level, self.redactor.clean(text == nullptr ? "" : text, self.personal_facts(),
                                              log_bytes_max));
  }

  /// Copies: a completion on another thread may drop the messages meanwhile.
  std::vector<std::string_view> personal_facts() {
    thread_local std::vector<std::string> facts;
    facts.clear();
    const std::lock_guard lock(mutex);
    for (const auto& [token, held] : messages) {
      const auto& message = held->message;
      facts.insert(facts.end(), {message.to, message.to_name, message.subject, message.text});
    }
    return {facts.begin(), facts.end()};
  }

  static void complete(void* context, std::uint64_t token, const rappel_result* result) {
    auto& self = *static_cast<State*>(context);
    if (result == nullptr || result->size < sizeof(rappel_result)) return self.stray(token);
    self.finish(token, *result);
  }

  void stray(std::uint64_t token) {
    sinks.log(RAPPEL_LOG_WARNING,
              "the plugin completed token " + std::to_string(token) + " wrongly or twice");
  }

  void finish(std::uint64_t token, const rappel_result& result) {
    std::unique_lock lock(mutex);
    auto message = messages.extract(token);
    auto query = message ? decltype(queries)::node_type{} : queries.extract(token);
    lock.unlock();
    if (message) {
      const auto& held = message.mapped()->message;
      answer(held.delivery, held.attempt, result, {held.to, held.to_name, held.subject, held.text},
             false);
    } else if (query) {
      const auto& held = query.mapped()->query;
      answer(held.delivery, held.attempt, result, {}, true);
    } else {
      stray(token);
    }
  }

  void answer(const DeliveryId& delivery, std::uint32_t attempt, const rappel_result& result,
              const std::vector<std::string_view>& personal, bool is_query) {
    SendResult out{delivery, attempt, class_of(result.result_class), {}, {}, {}};
    if (result.provider_id != nullptr)
      out.provider_id = redactor.clean(result.provider_id, personal, provider_id_bytes_max);
    if (result.detail != nullptr)
      out.detail = redactor.clean(result.detail, personal, detail_bytes_max);
    if (result.retry_after_s >= 0) out.retry_after = std::chrono::seconds(result.retry_after_s);
    sinks.answer(std::move(out), is_query);
  }

  void answer_ourselves(std::uint64_t token, ResultClass result, const char* detail) {
    const rappel_result out{sizeof(rappel_result), std::int32_t(result), nullptr, detail, -1};
    finish(token, out);
  }

  /// The C views of messages fit to be sent; the others are answered here.
  std::vector<const rappel_message*> hold(std::vector<OutgoingMessage> batch) {
    std::vector<const rappel_message*> views;
    for (auto& message : batch) {
      auto held = std::make_unique<HeldMessage>();
      held->message = std::move(message);
      const auto token = next_token++;
      fill_view(*held, token);
      const bool has_nul = holds_nul(held->message);
      if (!has_nul) views.push_back(&held->view);
      {
        const std::lock_guard lock(mutex);
        messages.emplace(token, std::move(held));
      }
      if (has_nul)
        answer_ourselves(token, ResultClass::rejected, "the message holds a NUL character");
    }
    return views;
  }

  const rappel_plugin_table& table;
  std::string name;
  Redactor redactor;
  Sinks sinks;
  rappel_host host{};
  rappel_completion completion{};
  void* plugin = nullptr;
  std::uint64_t next_token = 1;
  mutable std::mutex mutex;
  std::unordered_map<std::uint64_t, std::unique_ptr<HeldMessage>> messages;
  std::unordered_map<std::uint64_t, std::unique_ptr<HeldQuery>> queries;
};

Instance::Instance(std::unique_ptr<State> state) : state_(std::move(state)) {}

Instance::~Instance() {
  if (state_->plugin == nullptr) return;
  try {
    state_->table.destroy(state_->plugin);
  } catch (...) {  // the process ends; nothing is left to do for this plugin
  }
}

Expected<std::unique_ptr<Instance>> Instance::create(const PluginLibrary& library,
                                                     const std::string& name,
                                                     const frame::Config& config,
                                                     const Secret& credential, Sinks sinks) {
  auto state = std::make_unique<State>(library.table(), name, credential, std::move(sinks));
  const std::string channel(to_string(config.channel));
  const auto& bytes = credential.reveal();
  const rappel_create_args args{sizeof(rappel_create_args),
                                std::uint32_t(config.send_timeout.count()),
                                &state->host,
                                channel.c_str(),
                                config.config_json.c_str(),
                                reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                bytes.size(),
                                state->name.c_str()};
  std::array<char, error_bytes_max> error{};
  std::string why;
  try {
    state->plugin = library.table().create(&args, error.data(), error.size());
    error.back() = '\0';
    why = state->redactor.clean(error.data(), {}, error_bytes_max);
  } catch (...) {
    why = "it threw an exception";
  }
  if (state->plugin != nullptr) return std::unique_ptr<Instance>(new Instance(std::move(state)));
  return refuse(ProblemKind::invalid, "plugin_refused",
                "the plugin could not be created: " + (why.empty() ? "it gave no reason" : why));
}

void Instance::send(std::vector<OutgoingMessage> messages) {
  const auto views = state_->hold(std::move(messages));
  if (views.empty()) return;
  // A message may be gone the moment the plugin answers it: keep tokens, not views.
  std::vector<std::uint64_t> tokens;
  for (const auto* view : views) tokens.push_back(view->token);
  try {
    state_->table.send(state_->plugin, views.data(), views.size(), &state_->completion);
    return;
  } catch (...) {  // a C++ plugin without the wrapper: what it did not answer is unknown
    state_->sinks.log(RAPPEL_LOG_ERROR, "the plugin threw out of send");
  }
  for (const auto token : tokens) {
    const bool is_open = [&] {
      const std::lock_guard lock(state_->mutex);
      return state_->messages.contains(token);
    }();
    if (is_open)
      state_->answer_ourselves(token, ResultClass::unknown, "the plugin threw out of send");
  }
}

void Instance::ask(std::vector<StatusQuery> queries) {
  for (auto& query : queries) {
    auto held = std::make_unique<HeldQuery>();
    held->query = std::move(query);
    held->delivery_text = held->query.delivery.to_string();
    const auto token = state_->next_token++;
    held->view = {sizeof(rappel_query),
                  0,
                  token,
                  held->delivery_text.c_str(),
                  held->query.idempotency_key.c_str(),
                  held->query.provider_id.c_str()};
    const rappel_query* view = &held->view;
    {
      const std::lock_guard lock(state_->mutex);
      state_->queries.emplace(token, std::move(held));
    }
    if (state_->table.query == nullptr) {
      state_->answer_ourselves(token, ResultClass::unknown, "the plugin cannot ask its provider");
      continue;
    }
    try {
      state_->table.query(state_->plugin, view, &state_->completion);
    } catch (...) {
      state_->answer_ourselves(token, ResultClass::unknown, "the plugin threw out of query");
    }
  }
}

std::size_t Instance::in_hand() const {
  const std::lock_guard lock(state_->mutex);
  return state_->messages.size() + state_->queries.size();
}

}  // namespace rappel::notify::sender
