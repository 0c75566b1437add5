// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <httplib.h>

#include <atomic>
#include <future>
#include <mutex>
#include <thread>

#include "plugins/pool_rig.hpp"

using namespace rappel;
using namespace rappel::notify;
using namespace rappel::notify::test;

namespace {

/// A gateway on this machine that answers as told and remembers what it was asked.
class FakeGateway {
 public:
  using Handler = httplib::Server::Handler;

  explicit FakeGateway(Handler answer) {
    const auto remember = [this, answer](const httplib::Request& request,
                                         httplib::Response& response) {
      {
        const std::lock_guard lock(mutex_);
        requests_.push_back(request);
      }
      answer(request, response);
    };
    server_.Get(".*", remember);
    server_.Post(".*", remember);
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
  }
  ~FakeGateway() {
    server_.stop();
    thread_.join();
  }

  [[nodiscard]] std::string url() const { return fmt::format("http://127.0.0.1:{}", port_); }
  [[nodiscard]] std::vector<httplib::Request> requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  httplib::Server server_;
  int port_ = 0;
  std::mutex mutex_;
  std::vector<httplib::Request> requests_;
  std::thread thread_;
};

FakeGateway::Handler saying(int status, const std::string& body) {
  return [=](const httplib::Request&, httplib::Response& response) {
    response.status = status;
    response.set_content(body, "text/plain");
  };
}

NotifierOptions sms(const std::string& config) {
  auto options = PoolRig::notifier("sms", built_plugin("sms-http"), config);
  options.channel = Channel::sms;
  return options;
}

NotifierOptions kannel(const FakeGateway& gateway, const std::string& more = "") {
  return sms(
      fmt::format(R"({{"preset":"kannel","url":"{}","user":"rappel"{}}})", gateway.url(), more));
}

/// The one result of sending one message to a gateway that answers so.
SendResult result_of(const FakeGateway::Handler& answer, const std::string& more = "") {
  FakeGateway gateway(answer);
  PoolRig rig(
      {sms(fmt::format(R"({{"url":"{}/send","form":{{"to":"{{to}}"}}{}}})", gateway.url(), more))});
  REQUIRE(rig.send_and_wait("sms", {a_message("k", Channel::sms)}));
  return rig.results["sms"][0];
}

}  // namespace

TEST_CASE("the Kannel preset asks as Kannel wants and takes its acceptance") {
  FakeGateway gateway(saying(202, "0: Accepted for delivery"));
  auto options = kannel(gateway, R"(,"dlr_url":"http://127.0.0.1:9/dlr")");
  Folder folder;
  options.credential_path = folder / "credential";
  write_file(options.credential_path, "secret12\n");
  PoolRig rig({options});
  auto message = a_message("k", Channel::sms);
  message.text = "100 % sûr & vérifié ?";
  REQUIRE(rig.send_and_wait("sms", {message}));
  CHECK(rig.results["sms"][0].result == ResultClass::accepted);
  const auto asked = gateway.requests().at(0);
  CHECK(asked.path == "/cgi-bin/sendsms");
  CHECK(asked.get_param_value("username") == "rappel");
  CHECK(asked.get_param_value("password") == "secret12");
  CHECK(asked.get_param_value("to") == "+33612345678");
  CHECK(asked.get_param_value("text") == message.text);
  CHECK(asked.get_param_value("coding") == "2");
  CHECK(asked.get_param_value("dlr-mask") == "31");
  CHECK(asked.get_param_value("dlr-url") ==
        "http://127.0.0.1:9/dlr?id=" + message.delivery.to_string() + "&type=%d&reply=%A");
}

TEST_CASE("a text of the GSM alphabet is sent as such and queued is accepted too") {
  FakeGateway gateway(saying(202, "3: Queued for later delivery"));
  PoolRig rig({kannel(gateway)});
  auto message = a_message("k", Channel::sms);
  message.text = "Déposé à 10 €";
  REQUIRE(rig.send_and_wait("sms", {message}));
  CHECK(rig.results["sms"][0].result == ResultClass::accepted);
  CHECK(gateway.requests().at(0).get_param_value("coding") == "0");
}

TEST_CASE("the refusals of Kannel become their classes") {
  const std::vector<std::pair<int, ResultClass>> expected{{400, ResultClass::bad_address},
                                                          {403, ResultClass::provider_down},
                                                          {503, ResultClass::provider_down},
                                                          {500, ResultClass::unknown},
                                                          {202, ResultClass::unknown}};
  for (const auto& [status, result] : expected) {
    CAPTURE(status);
    FakeGateway gateway(saying(status, "who knows"));
    PoolRig rig({kannel(gateway)});
    REQUIRE(rig.send_and_wait("sms", {a_message("k", Channel::sms)}));
    CHECK(to_string(rig.results["sms"][0].result) == to_string(result));
  }
}

TEST_CASE("a gateway that throttles says when to come back") {
  const auto result = result_of([](const httplib::Request&, httplib::Response& response) {
    response.status = 429;
    response.set_header("Retry-After", "17");
  });
  CHECK(result.result == ResultClass::throttled);
  CHECK(result.retry_after == std::chrono::seconds(17));
}

TEST_CASE("a JSON gateway gets one string per member and its id is read") {
  FakeGateway gateway(saying(200, R"({"messages":[{"id":"abc-1"}]})"));
  PoolRig rig({sms(fmt::format(
      R"({{"url":"{}/v1","json":{{"number":"{{to}}","body":"{{text}}","key":"{{idempotency_key}}"}},
           "headers":{{"Authorization":"Bearer {{password}}"}},
           "provider_id":{{"json":"/messages/0/id"}}}})",
      gateway.url()))});
  auto message = a_message("k", Channel::sms);
  message.text = R"(","admin":"true {password})";
  REQUIRE(rig.send_and_wait("sms", {message}));
  CHECK(rig.results["sms"][0].provider_id == "abc-1");
  const auto asked = gateway.requests().at(0);
  CHECK(asked.body ==
        R"({"number":"+33612345678","body":"\",\"admin\":\"true {password}","key":"k"})");
}

TEST_CASE("a rule of the configuration decides before the status") {
  const std::string rules =
      R"(,"errors":[{"body_contains":"blacklist","result":"bad_address"},
                    {"status":200,"result":"rejected"}],
          "success":{"status":[200],"body_prefix":["OK"]})";
  CHECK(result_of(saying(200, "OK 12"), rules).result == ResultClass::accepted);
  CHECK(result_of(saying(200, "ERR blacklist"), rules).result == ResultClass::bad_address);
  CHECK(result_of(saying(200, "ERR other"), rules).result == ResultClass::rejected);
}

TEST_CASE("a redirection is not followed") {
  FakeGateway other(saying(200, "OK"));
  const auto result = result_of([&](const httplib::Request&, httplib::Response& response) {
    response.set_redirect(other.url() + "/stolen");
  });
  CHECK(result.result == ResultClass::provider_down);
  CHECK(other.requests().empty());
}

TEST_CASE("a body without end is cut and the status decides") {
  const auto result = result_of([](const httplib::Request&, httplib::Response& response) {
    response.set_chunked_content_provider("text/plain", [](size_t, httplib::DataSink& sink) {
      static const std::string block(65'536, 'x');
      return sink.write(block.data(), block.size());
    });
  });
  CHECK(result.result == ResultClass::accepted);
}

TEST_CASE("a gateway that never answers leaves unknown after the timeout") {
  std::promise<void> end;
  const auto ended = end.get_future().share();
  FakeGateway gateway([ended](const httplib::Request&, httplib::Response&) { ended.wait(); });
  PoolRig rig({sms(fmt::format(R"({{"url":"{}","timeout_ms":200}})", gateway.url()))});
  REQUIRE(rig.send_and_wait("sms", {a_message("k", Channel::sms)}));
  CHECK(rig.results["sms"][0].result == ResultClass::unknown);
  CHECK(rig.status("sms").deaths == 0);
  CHECK(gateway.requests().size() == 1);
  end.set_value();
}

TEST_CASE("a gateway that is not there is down and nothing is unknown") {
  PoolRig rig({sms(R"({"url":"http://127.0.0.1:1/"})")});
  REQUIRE(rig.send_and_wait("sms", {a_message("k", Channel::sms)}));
  CHECK(rig.results["sms"][0].result == ResultClass::provider_down);
}

TEST_CASE("what is not a phone number never reaches the gateway") {
  FakeGateway gateway(saying(200, "OK"));
  PoolRig rig({kannel(gateway)});
  std::vector<OutgoingMessage> all;
  for (const std::string number :
       {"", "+", "12", "+336 12", "0612345678&to=+1", "+3361234567890123"}) {
    all.push_back(a_message("n" + number, Channel::sms));
    all.back().to = number;
  }
  REQUIRE(rig.send_and_wait("sms", all));
  for (const auto& result : rig.results["sms"]) CHECK(result.result == ResultClass::bad_address);
  CHECK(gateway.requests().empty());
}

TEST_CASE("a gateway in clear on another machine must be allowed") {
  PoolRig rig({sms(R"({"url":"http://192.0.2.1/send"})")});
  CHECK(rig.wait_until([&] {
    return rig.status("sms").problem.find("is http:// to another machine") != std::string::npos;
  }));
}

TEST_CASE("a slow gateway holds no message until the sender is ended") {
  std::promise<void> end;
  const auto ended = end.get_future().share();
  FakeGateway gateway([ended](const httplib::Request&, httplib::Response&) { ended.wait(); });
  auto options = sms(fmt::format(R"({{"url":"{}","connections":1}})", gateway.url()));
  options.send_timeout = std::chrono::milliseconds(1500);
  PoolRig rig({options});
  REQUIRE(rig.send_and_wait("sms", {a_message("a", Channel::sms), a_message("b", Channel::sms)}));
  CHECK(rig.result_of("sms", "a").result == ResultClass::unknown);
  CHECK(rig.result_of("sms", "b").result == ResultClass::try_later);
  CHECK(rig.status("sms").deaths == 0);
  end.set_value();
}
