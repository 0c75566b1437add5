// SPDX-License-Identifier: Apache-2.0
// Mails into an SMTP server, as fast as they go; prints the seconds from the first to the last answer.
// email_bench sender FOLDER SENDER PLUGIN CONFIG COUNT: through a sender process with the real plugin, as
// the daemon drives it. CONFIG is the plugin's own, in JSON.
// email_bench curl PORT CONNECTIONS COUNT FILE: FILE again and again by libcurl alone, one thread and one
// kept connection each.
#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/log.hpp"
#include "notify/sender_link.hpp"

namespace {

using namespace rappel;
using Clock = std::chrono::steady_clock;

constexpr std::size_t window = 512;  // a notifier's own by default
constexpr std::size_t batch = 200;   // as dispatch hands messages over
constexpr std::chrono::seconds stop_grace{10};
/// About as much as a reminder says in plain text, and with its layout.
constexpr std::size_t text_bytes = 900;
constexpr std::size_t html_bytes = 3'000;

std::string filled(std::string text, const char* sentence, std::size_t bytes) {
  while (text.size() < bytes) text += sentence;
  return text;
}

notify::OutgoingMessage message_of(std::size_t number) {
  static const auto text = filled("", "Votre rendez-vous à la mairie est fixé au lundi 7 décembre à 10 h.\n",
                                  text_bytes);
  static const auto html = filled(
      "<!doctype html><html lang=\"fr\"><title>Rendez-vous</title>",
      "<p>Votre rendez-vous à la mairie est fixé au <b>lundi 7 décembre</b> à 10 h.</p>\n", html_bytes);
  notify::OutgoingMessage message;
  message.delivery = DeliveryId::random();
  message.idempotency_key = message.delivery.to_string();
  message.to = fmt::format("c{}@example.org", number);
  message.from_name = "Mairie de Lorient";
  message.language = "fr";
  message.subject = "Rendez-vous avec votre conseillère";
  message.text = text;
  message.html = html;
  message.composed_at = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  return message;
}

/// Keeps the window of one sender full until all have been answered.
class Feeder {
 public:
  Feeder(std::string folder, std::string program, std::string plugin, std::string config,
         std::size_t count)
      : count_(count),
        pool_(io_, {.socket_path = std::move(folder) + "/sender.sock", .sender_program = std::move(program)},
              {{.name = "mail", .plugin_path = std::move(plugin), .config_json = std::move(config),
                .window_max = window}},
              {.on_results = [this](const std::string&, const auto& results) { take(results); },
               .on_answers = [](const std::string&, const auto&) {},
               .on_state = [this](const std::string&, bool ready) { if (ready) start(); }}) {}

  double run() {
    pool_.start();
    io_.run();
    if (refused_ > 0) throw std::runtime_error(fmt::format("{} mails were not accepted: {}", refused_, why_));
    return std::chrono::duration<double>(end_ - begin_).count();
  }

 private:
  void start() {
    begin_ = Clock::now();
    feed();
  }

  void feed() {
    for (;;) {
      const auto room = std::min({pool_.room("mail"), batch, count_ - sent_});
      if (room == 0) return;
      std::vector<notify::OutgoingMessage> messages;
      for (std::size_t i = 0; i < room; ++i) messages.push_back(message_of(sent_++));
      if (!pool_.send("mail", std::move(messages))) throw std::runtime_error("the sender took nothing");
    }
  }

  void take(const std::vector<notify::SendResult>& results) {
    for (const auto& result : results) {
      if (result.result == notify::ResultClass::accepted) continue;
      ++refused_;
      why_ = result.detail;
    }
    answered_ += results.size();
    if (answered_ < count_) return feed();
    end_ = Clock::now();
    pool_.stop(stop_grace, [this] { io_.stop(); });
  }

  boost::asio::io_context io_;
  std::size_t count_;
  std::size_t sent_ = 0;
  std::size_t answered_ = 0;
  std::size_t refused_ = 0;
  std::string why_;
  Clock::time_point begin_;
  Clock::time_point end_;
  notify::SenderPool pool_;
};

/// One connection of libcurl's, kept between mails.
class Connection {
 public:
  Connection(const std::string& port, const std::string& mail) : mail_(mail) {
    curl_easy_setopt(curl_.get(), CURLOPT_URL, ("smtp://127.0.0.1:" + port + "/bench").c_str());
    curl_easy_setopt(curl_.get(), CURLOPT_MAIL_FROM, "<mairie@example.org>");
    curl_easy_setopt(curl_.get(), CURLOPT_MAIL_RCPT, to_.get());
    curl_easy_setopt(curl_.get(), CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl_.get(), CURLOPT_READFUNCTION, &Connection::read);
    curl_easy_setopt(curl_.get(), CURLOPT_READDATA, this);
    curl_easy_setopt(curl_.get(), CURLOPT_NOSIGNAL, 1L);
  }
  void send() {
    offset_ = 0;
    if (const auto code = curl_easy_perform(curl_.get()); code != CURLE_OK)
      throw std::runtime_error(curl_easy_strerror(code));
  }

 private:
  static std::size_t read(char* buffer, std::size_t size, std::size_t items, void* context) {
    auto& self = *static_cast<Connection*>(context);
    const auto bytes = std::min(size * items, self.mail_.size() - self.offset_);
    std::memcpy(buffer, self.mail_.data() + self.offset_, bytes);
    self.offset_ += bytes;
    return bytes;
  }

  const std::string& mail_;
  std::size_t offset_ = 0;
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> to_{
      curl_slist_append(nullptr, "<citizen@example.org>"), &curl_slist_free_all};
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl_{curl_easy_init(), &curl_easy_cleanup};
};

double curl_alone(const std::string& port, std::size_t connections, std::size_t count,
                  const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string mail(std::istreambuf_iterator<char>(stream), {});
  if (mail.empty()) throw std::runtime_error("there is no mail to send in " + file);
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  std::vector<std::thread> threads;
  const auto begin = Clock::now();
  for (std::size_t i = 0; i < connections; ++i) {
    threads.emplace_back([&] {
      try {
        Connection connection(port, mail);
        while (next++ < count) connection.send();
      } catch (const std::exception& e) {
        std::fprintf(stderr, "libcurl: %s\n", e.what());
        failed = true;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  if (failed) throw std::runtime_error("libcurl could not send every mail");
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

double run(const std::vector<std::string>& words) {
  if (words.size() == 6 && words[0] == "sender")
    return Feeder(words[1], words[2], words[3], words[4], std::stoul(words[5])).run();
  if (words.size() == 5 && words[0] == "curl")
    return curl_alone(words[1], std::stoul(words[2]), std::stoul(words[3]), words[4]);
  throw std::runtime_error(
      "usage: email_bench sender FOLDER SENDER PLUGIN CONFIG COUNT | curl PORT CONNECTIONS COUNT FILE");
}

}  // namespace

int main(int count, char** words) {
  log::set_level(log::Level::warning);
  curl_global_init(CURL_GLOBAL_ALL);
  try {
    fmt::print("{:.6f}\n", run({words + 1, words + count}));
    return EXIT_SUCCESS;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "email_bench: %s\n", e.what());
    return EXIT_FAILURE;
  }
}
