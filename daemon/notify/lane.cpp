// SPDX-License-Identifier: Apache-2.0
#include "notify/lane.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <csignal>
#include <limits>
#include <system_error>

#include "base/log.hpp"

namespace rappel::notify {
namespace {

/// A sender that talks more than this per tick is cut short; its results are not.
constexpr int log_lines_per_tick_max = 20;

bool is_too_heavy(const OutgoingMessage& message) {
  const auto long_text = [](const std::string& text) {
    return text.size() > frame::text_bytes_max;
  };
  return frame::weight(message) > frame::message_bytes_max ||
         message.headers.size() > frame::header_count_max || long_text(message.text) ||
         long_text(message.html) || long_text(message.private_body) || long_text(message.subject);
}

}  // namespace

Lane::Lane(boost::asio::io_context& io, const PoolOptions& pool, NotifierOptions options,
           const SenderPool::Callbacks& callbacks)
    : io_(io),
      pool_(pool),
      options_(std::move(options)),
      callbacks_(callbacks),
      ledger_(options_.window_max),
      backoff_(pool.backoff_min) {}

Lane::~Lane() {
  if (connection_) connection_->close();
  if (!child_) return;
  child_->signal(SIGKILL);
  child_->reap();
}

Tick Lane::ticks(std::chrono::milliseconds time) const {
  return Tick(std::max<std::int64_t>(1, time / pool_.tick));
}

Tick Lane::before(std::chrono::milliseconds age) const {
  const Tick span = ticks(age);
  return now_ > span ? now_ - span : 0;
}

NotifierStatus Lane::status() const {
  return {options_.name,     is_ready(),        child_ ? child_->pid() : 0,
          ledger_.waiting(), ledger_.in_hand(), deaths_,
          plugin_,           problem_};
}

void Lane::set_phase(Phase phase) {
  const bool was_ready = is_ready();
  phase_ = phase;
  phase_since_ = now_;
  if (was_ready != is_ready() && callbacks_.on_state)
    callbacks_.on_state(options_.name, is_ready());
}

// ---- the sender's life

void Lane::start() {
  if (options_.managed == Managed::child)
    start_child();
  else
    set_phase(Phase::starting);
}

void Lane::start_child() {
  std::vector<std::string> arguments{
      "--name",   options_.name,        "--connect", pool_.socket_path,
      "--plugin", options_.plugin_path, "--parent",  std::to_string(getpid())};
  if (!options_.credential_path.empty())
    arguments.insert(arguments.end(), {"--credential", options_.credential_path});
  is_explained_ = false;
  set_phase(Phase::starting);
  try {
    child_.emplace(ChildProcess::start(pool_.sender_program, arguments));
    child_pid_ = child_->pid();
    watch_child();
  } catch (const std::system_error& failure) {
    problem_ = failure.what();
    log::error("RPL-5110", "notifier {}: {}", options_.name, problem_);
    plan_restart();
  }
}

void Lane::watch_child() {
  child_end_.emplace(io_, fcntl(child_->pidfd(), F_DUPFD_CLOEXEC, 0));
  child_end_->async_wait(boost::asio::posix::stream_descriptor::wait_read,
                         [weak = weak_from_this()](const boost::system::error_code& error) {
                           const auto self = weak.lock();
                           if (self && !error) self->child_ended();
                         });
}

/// The socket may still hold the child's last answers: the sender is lost when the socket says so.
void Lane::child_ended() {
  const std::string how = child_->reap();
  child_.reset();
  child_end_.reset();
  if (!is_explained_) problem_ = "its sender " + how;
  if (!is_stopping_) log::warning("RPL-5111", "notifier {}: {}", options_.name, problem_);
  if (phase_ == Phase::starting) plan_restart();
}

void Lane::plan_restart() {
  set_phase(Phase::idle);
  restart_at_ = now_ + ticks(backoff_);
  backoff_ = std::min(backoff_ * 2, pool_.backoff_max);
}

void Lane::sender_lost(const std::string& why) {
  connection_.reset();
  if (child_) child_->signal(SIGKILL);
  const bool was_drained = said_bye_ && ledger_.in_hand() == 0;
  if (!was_drained) ++deaths_;
  if (!is_explained_) problem_ = why;
  plan_restart();
  if (options_.managed == Managed::external) set_phase(Phase::starting);
  report(is_stopping_ ? ledger_.sender_stopped() : ledger_.sender_died());
  give_up_queries(std::numeric_limits<Tick>::max(), "its sender died");
}

void Lane::explain(const std::string& why) {
  problem_ = why;
  is_explained_ = true;
}

void Lane::kill(const std::string& why) {
  explain(why);
  log::error("RPL-5112", "notifier {}: {}; its sender is ended", options_.name, why);
  if (child_) child_->signal(SIGKILL);
  if (!connection_) return;
  connection_->close();
  sender_lost(why);
}

std::string Lane::refusal(const frame::Hello& hello, const ucred& peer) const {
  if (is_stopping_) return "the core is stopping";
  if (connection_) return fmt::format("notifier {} already has a living sender", hello.name);
  // The child may have said hello and ended before we looked: its words still count.
  if (options_.managed == Managed::child && child_pid_ != peer.pid)
    return fmt::format("notifier {} is served by the core's own child only", hello.name);
  return {};
}

void Lane::adopt(std::shared_ptr<Connection> connection, frame::Hello hello) {
  connection_ = std::move(connection);
  said_bye_ = is_explained_ = false;
  can_query_ = hello.can_query;
  plugin_ = hello.plugin + " " + hello.plugin_version;
  connection_->set_events({[weak = weak_from_this()](frame::Frame incoming) {
                             if (const auto self = weak.lock())
                               std::visit([&](auto& kind) { self->on(kind); }, incoming);
                           },
                           [weak = weak_from_this()](const std::string& why) {
                             if (const auto self = weak.lock()) self->sender_lost(why);
                           }});
  if (!hello.problem.empty()) {
    said_bye_ = true;
    explain(hello.problem);
    return;
  }
  set_phase(Phase::greeted);
  connection_->write(
      frame::encode(frame::Config{options_.channel, options_.config_json, options_.send_timeout}));
}

// ---- messages

Expected<void> Lane::send(std::vector<OutgoingMessage> messages) {
  if (!is_ready())
    return refuse(ProblemKind::unavailable, "not_ready", "the notifier's sender is not ready");
  if (messages.size() > room())
    return refuse(ProblemKind::too_many, "window_full",
                  "more messages than the window has room for");
  const auto heavy = std::stable_partition(
      messages.begin(), messages.end(), [](const auto& message) { return !is_too_heavy(message); });
  std::vector<SendResult> refused;
  for (auto message = heavy; message != messages.end(); ++message)
    refused.push_back({message->delivery,
                       message->attempt,
                       ResultClass::rejected,
                       {},
                       {},
                       "the message is too large"});
  messages.erase(heavy, messages.end());
  ledger_.accept(std::move(messages), now_);
  if (!refused.empty())
    boost::asio::post(io_, [weak = weak_from_this(), refused = std::move(refused)]() mutable {
      if (const auto self = weak.lock()) self->report(std::move(refused));
    });
  pump_soon();
  return {};
}

Expected<void> Lane::query(std::vector<StatusQuery> questions) {
  if (!is_ready())
    return refuse(ProblemKind::unavailable, "not_ready", "the notifier's sender is not ready");
  if (asked_.size() + questions.size() > SenderPool::queries_max)
    return refuse(ProblemKind::too_many, "queries_full", "too many questions are unanswered");
  for (std::size_t start = 0; start < questions.size(); start += frame::batch_count_max) {
    const auto end = std::min(start + frame::batch_count_max, questions.size());
    frame::Ask ask;
    for (auto i = start; i < end; ++i) {
      asked_[{questions[i].delivery, questions[i].attempt}] = now_;
      ask.queries.push_back(std::move(questions[i]));
    }
    connection_->write(frame::encode(std::move(ask)));
  }
  return {};
}

/// Later, so that several small sends leave in one frame and no callback runs inside send().
void Lane::pump_soon() {
  if (std::exchange(is_pumping_, true)) return;
  boost::asio::post(io_, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->pump();
  });
}

void Lane::pump() {
  is_pumping_ = false;
  if (!is_ready()) return;
  for (auto batch = ledger_.next_batch(now_); !batch.empty(); batch = ledger_.next_batch(now_))
    connection_->write(frame::encode(frame::Send{std::move(batch)}));
}

void Lane::report(std::vector<SendResult> results) {
  if (!results.empty() && callbacks_.on_results)
    callbacks_.on_results(options_.name, std::move(results));
}

void Lane::report_answers(std::vector<SendResult> answers) {
  if (!answers.empty() && callbacks_.on_answers)
    callbacks_.on_answers(options_.name, std::move(answers));
}

void Lane::give_up_queries(Tick oldest, const char* detail) {
  std::vector<SendResult> answers;
  std::erase_if(asked_, [&](const auto& entry) {
    if (entry.second >= oldest) return false;
    answers.push_back(
        {entry.first.first, entry.first.second, ResultClass::unknown, {}, {}, detail});
    return true;
  });
  report_answers(std::move(answers));
}

// ---- frames

void Lane::on(frame::Ready&) {
  if (phase_ != Phase::greeted) return kill("its sender said ready out of turn");
  last_pong_ = now_;
  log::info("RPL-5113", "notifier {} is ready ({})", options_.name, plugin_);
  set_phase(Phase::ready);
  pump_soon();
}

void Lane::on(frame::Results& results) {
  // An answer to what is not in hand is an echo of a message already answered for.
  std::erase_if(results.results, [this](const SendResult& result) {
    return !ledger_.settle(result.delivery, result.attempt);
  });
  if (!results.results.empty()) backoff_ = pool_.backoff_min;
  report(std::move(results.results));
  pump_soon();
}

void Lane::on(frame::Answers& answers) {
  std::erase_if(answers.results, [this](const SendResult& result) {
    return asked_.erase({result.delivery, result.attempt}) == 0;
  });
  report_answers(std::move(answers.results));
}

void Lane::on(frame::Pong& pong) {
  if (pong.number == ping_number_) last_pong_ = now_;
}

void Lane::on(frame::Log& line) {
  if (++log_lines_ > log_lines_per_tick_max) return;
  const auto level = log::Level(std::clamp<int>(line.level, 3, 7));
  log::write(level, "RPL-5114", fmt::format("notifier {}: {}", options_.name, line.text));
}

/// The sender was asked by its own manager to stop: nothing more for it, our Drain says so.
void Lane::on(frame::Drain&) {
  if (phase_ != Phase::ready) return;
  set_phase(Phase::draining);
  connection_->write(frame::encode(frame::Drain{}));
}

void Lane::on(frame::Bye& bye) {
  said_bye_ = true;
  explain(bye.reason);
  if (phase_ == Phase::greeted)
    log::error("RPL-5115", "notifier {}: {}", options_.name, bye.reason);
}

template <typename Other>
void Lane::on(Other&) {
  kill("its sender sent a frame that only the core sends");
}

// ---- time

void Lane::tick(Tick now) {
  now_ = now;
  log_lines_ = 0;
  if (phase_ == Phase::ready || phase_ == Phase::draining) {
    watch_over();
  } else if (phase_ == Phase::idle) {
    if (!is_stopping_ && is_stopped() && now_ >= restart_at_) start();
  } else if (options_.managed == Managed::child || phase_ == Phase::greeted) {
    if (phase_since_ < before(pool_.start_timeout)) kill("its sender did not become ready in time");
  }
  if (!is_ready())
    report(ledger_.give_up_waiting(before(options_.send_timeout), ResultClass::provider_down,
                                   "the notifier has no sender"));
  give_up_queries(before(options_.send_timeout), "the provider did not answer in time");
}

void Lane::watch_over() {
  if (ledger_.overdue(before(options_.send_timeout)))
    return kill("its sender held a message for longer than send_timeout");
  if (last_pong_ < before(pool_.ping_timeout)) return kill("its sender does not answer pings");
  if (now_ % ticks(pool_.ping_interval) == 0)
    connection_->write(frame::encode(frame::Ping{++ping_number_}));
}

void Lane::drain() {
  is_stopping_ = true;
  report(ledger_.give_up_waiting(std::numeric_limits<Tick>::max(), ResultClass::try_later,
                                 "the core is stopping"));
  if (phase_ == Phase::ready) {
    set_phase(Phase::draining);
    connection_->write(frame::encode(frame::Drain{}));
  } else if (phase_ != Phase::draining) {
    end(SIGKILL);
  }
}

void Lane::end(int signal) {
  if (child_) child_->signal(signal);
  if (signal != SIGKILL) {
    if (connection_) connection_->write(frame::encode(frame::Bye{"the core is stopping"}));
    return;
  }
  if (!connection_) return;
  connection_->close();
  sender_lost("the core stopped it");
}

}  // namespace rappel::notify
