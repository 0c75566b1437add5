// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <csignal>

#include "notify/child_process.hpp"
#include "plugins/pool_rig.hpp"

using namespace rappel;
using namespace rappel::notify;
using namespace rappel::notify::test;

namespace {

/// smtp_sink.py, a real SMTP server.
class SmtpSink {
 public:
  explicit SmtpSink(std::vector<std::string> options = {})
      : process_(ChildProcess::start("/usr/bin/python3", arguments(std::move(options)))) {
    const auto end = std::chrono::steady_clock::now() + PoolRig::patience;
    while (!std::filesystem::exists(folder / "port")) {
      pollfd death{process_.pidfd(), POLLIN, 0};
      REQUIRE(poll(&death, 1, 20) == 0);
      REQUIRE(std::chrono::steady_clock::now() < end);
    }
  }
  ~SmtpSink() {
    process_.signal(SIGKILL);
    process_.reap();
  }

  [[nodiscard]] std::string mail(int number) const {
    return content_of(folder / fmt::format("mail-{}.eml", number));
  }
  [[nodiscard]] bool has_mail(int number) const { return !mail(number).empty(); }

  /// The notifier's configuration for this sink; `more` are further members.
  [[nodiscard]] NotifierOptions notifier(const std::string& more) const {
    return PoolRig::notifier(
        "mail", built_plugin("email"),
        fmt::format(R"({{"host":"localhost","port":{},"from":"rappel@ville.example"{}}})",
                    content_of(folder / "port"), more));
  }
  [[nodiscard]] std::string verified() const {
    return fmt::format(R"(,"ca_file":"{}")", folder / "cert.pem");
  }

  Folder folder;

 private:
  std::vector<std::string> arguments(std::vector<std::string> options) const {
    std::vector<std::string> all{RAPPEL_SOURCE_DIR "/tests/plugins/smtp_sink.py", folder / ""};
    all.insert(all.end(), options.begin(), options.end());
    return all;
  }
  ChildProcess process_;
};

OutgoingMessage to(const std::string& address) {
  auto message = a_message(address);
  message.to = address;
  return message;
}

std::string header_of(const std::string& mail, const std::string& name) {
  const auto at = mail.find("\n" + name + ": ");
  if (at == std::string::npos) return {};
  const auto start = at + name.size() + 3;
  return mail.substr(start, mail.find("\r\n", start) - start);
}

}  // namespace

TEST_CASE("a mail goes over STARTTLS with both parts and the same message id at each attempt") {
  SmtpSink sink;
  PoolRig rig({sink.notifier(sink.verified())});
  auto message = to("jeanne.martin@example.org");
  message.idempotency_key = "r1.0";
  message.subject = "Carte d'identité";
  message.html = "<p>Votre carte arrive à échéance.</p>";
  message.headers = {{"List-Unsubscribe", "<https://ville.example/u/1>"}};
  REQUIRE(rig.send_and_wait("mail", {message}));
  CHECK(rig.results["mail"][0].result == ResultClass::accepted);
  CHECK(rig.results["mail"][0].provider_id == "Q1");
  const auto mail = sink.mail(1);
  CAPTURE(mail);
  CHECK(contains(mail, "X-Tls: True\r\n"));
  CHECK(contains(mail, "X-To: jeanne.martin@example.org\r\n"));
  CHECK(header_of(mail, "Message-ID") == "<r1.0@ville.example>");
  CHECK(header_of(mail, "Date") == "Tue, 24 Nov 2026 08:00:00 +0000");
  CHECK(header_of(mail, "Subject") == "=?UTF-8?B?Q2FydGUgZCdpZGVudGl0w6k=?=");
  CHECK(header_of(mail, "Auto-Submitted") == "auto-generated");
  CHECK(header_of(mail, "List-Unsubscribe") == "<https://ville.example/u/1>");
  CHECK(contains(mail, "Content-Type: multipart/alternative"));
  CHECK(contains(mail, "arrive =C3=A0 =C3=A9ch=C3=A9ance."));
  message.attempt = 2;
  REQUIRE(rig.send_and_wait("mail", {message}));
  CHECK(header_of(sink.mail(2), "Message-ID") == "<r1.0@ville.example>");
}

TEST_CASE("several mails share one connection") {
  SmtpSink sink;
  PoolRig rig({sink.notifier(sink.verified() + R"(,"connections":1)")});
  REQUIRE(rig.send_and_wait("mail", {to("a@example.org"), to("b@example.org")}));
  CHECK(header_of("\n" + sink.mail(1), "X-Peer-Port") ==
        header_of("\n" + sink.mail(2), "X-Peer-Port"));
}

TEST_CASE("a certificate that does not verify means that nothing is sent") {
  SmtpSink sink;
  PoolRig rig({sink.notifier("")});
  REQUIRE(rig.send_and_wait("mail", {to("a@example.org")}));
  CHECK(rig.results["mail"][0].result == ResultClass::provider_down);
  CHECK_FALSE(sink.has_mail(1));
}

TEST_CASE("a relay without TLS gets nothing when TLS is required and a mail when it is not") {
  SmtpSink sink({"--no-tls"});
  {
    PoolRig strict({sink.notifier("")});
    REQUIRE(strict.send_and_wait("mail", {to("a@example.org")}));
    CHECK(strict.results["mail"][0].result == ResultClass::provider_down);
    CHECK_FALSE(sink.has_mail(1));
  }
  PoolRig lax({sink.notifier(R"(,"tls":"opportunistic")")});
  REQUIRE(lax.send_and_wait("mail", {to("a@example.org")}));
  CHECK(lax.results["mail"][0].result == ResultClass::accepted);
  CHECK(contains(sink.mail(1), "X-Tls: False"));
}

TEST_CASE("an opportunistic notifier takes the TLS it is offered") {
  SmtpSink sink;
  PoolRig rig({sink.notifier(R"(,"tls":"opportunistic")")});
  REQUIRE(rig.send_and_wait("mail", {to("a@example.org")}));
  CHECK(contains(sink.mail(1), "X-Tls: True"));
}

TEST_CASE("each answer of the relay becomes its class without the relay's words") {
  SmtpSink sink;
  PoolRig rig({sink.notifier(sink.verified())});
  const std::vector<std::pair<std::string, ResultClass>> expected{
      {"unknown-1@example.org", ResultClass::bad_address},
      {"full-1@example.org", ResultClass::rejected},
      {"spam-1@example.org", ResultClass::rejected},
      {"later-1@example.org", ResultClass::try_later},
      {"busy-1@example.org", ResultClass::provider_down},
      {"refused-1@example.org", ResultClass::rejected},
      {"drop-1@example.org", ResultClass::unknown},
      {"fine-1@example.org", ResultClass::accepted}};
  std::vector<OutgoingMessage> all;
  for (const auto& [address, result] : expected) all.push_back(to(address));
  REQUIRE(rig.send_and_wait("mail", all));
  for (const auto& [address, result] : expected) {
    CAPTURE(address);
    const auto got = rig.result_of("mail", address);
    CHECK(to_string(got.result) == to_string(result));
    CHECK_FALSE(contains(got.detail, "example.org"));
  }
  CHECK(rig.result_of("mail", "unknown-1@example.org").detail == "the relay said 550 5.1.1");
}

TEST_CASE("an address or a header that would forge a line never reaches the relay") {
  SmtpSink sink;
  PoolRig rig({sink.notifier(sink.verified())});
  std::vector<OutgoingMessage> all;
  for (const std::string address :
       {"", "nobody", "a@b@c", "<evil@x>\r\nRCPT TO:<b@x>", "a b@example.org", "a@example.org,b@x"})
    all.push_back(to(address));
  auto subject = to("s@example.org");
  subject.subject = "x\r\nBcc: evil@example.org";
  auto name = to("n@example.org");
  name.to_name = "x\nBcc: evil@example.org";
  auto header = to("h@example.org");
  header.headers = {{"X-Good", "1\r\nBcc: evil@example.org"}};
  auto forged = to("f@example.org");
  forged.headers = {{"bcc", "evil@example.org"}};
  auto endless = to("e@example.org");
  endless.headers = {{"X-Long", std::string(1200, 'x')}};
  const auto bad_addresses = all.size();
  for (const auto& one : {subject, name, header, forged, endless}) all.push_back(one);
  REQUIRE(rig.send_and_wait("mail", all));
  const auto count = [&](ResultClass result) {
    return std::size_t(std::ranges::count(rig.results["mail"], result, &SendResult::result));
  };
  CHECK(count(ResultClass::bad_address) == bad_addresses);
  CHECK(count(ResultClass::rejected) == 5);
  CHECK_FALSE(sink.has_mail(1));
}

TEST_CASE("bare line ends of a body leave as line ends and a lone dot stays a dot") {
  SmtpSink sink;
  PoolRig rig({sink.notifier(sink.verified())});
  auto message = to("a@example.org");
  message.text = "one\ntwo\rthree\r\n.\r\nMAIL FROM:<x>\n" + std::string(2000, 'y');
  REQUIRE(rig.send_and_wait("mail", {message}));
  const auto mail = sink.mail(1);
  CHECK(contains(mail, "one\r\ntwo\r\nthree\r\n"));
  CHECK(contains(mail, "MAIL FROM:<x>"));
  CHECK_FALSE(sink.has_mail(2));
  std::size_t longest = 0;
  for (std::size_t start = 0; start < mail.size();) {
    const auto end = std::min(mail.find("\r\n", start), mail.size());
    longest = std::max(longest, end - start);
    start = end + 2;
  }
  CHECK(longest <= 998);
}

TEST_CASE("a login is sent over TLS only and a wrong password shows nowhere") {
  SmtpSink sink({"--auth"});
  auto options = sink.notifier(sink.verified() + R"(,"user":"rappel")");
  options.credential_path = sink.folder / "credential";
  {
    write_file(options.credential_path, "hunter2-secret\n");
    PoolRig right({options});
    REQUIRE(right.send_and_wait("mail", {to("a@example.org")}));
    CHECK(right.results["mail"][0].result == ResultClass::accepted);
  }
  write_file(options.credential_path, "wrong-secret\n");
  PoolRig wrong({options});
  REQUIRE(wrong.send_and_wait("mail", {to("a@example.org")}));
  CHECK(wrong.results["mail"][0].result == ResultClass::provider_down);
  CHECK_FALSE(contains(wrong.results["mail"][0].detail, "wrong-secret"));
}

TEST_CASE("a password without required TLS is refused at the start") {
  auto options = PoolRig::notifier(
      "mail", built_plugin("email"),
      R"({"host":"localhost","from":"a@b.example","user":"rappel","tls":"opportunistic"})");
  PoolRig rig({options});
  CHECK(rig.wait_until([&] {
    return contains(rig.status("mail").problem, "a password is only sent with `tls: required`");
  }));
}

TEST_CASE("a relay that is not there is a provider that is down") {
  PoolRig rig({PoolRig::notifier("mail", built_plugin("email"),
                                 R"({"host":"127.0.0.1","port":1,"from":"a@b.example"})")});
  REQUIRE(rig.send_and_wait("mail", {to("a@example.org")}));
  CHECK(rig.results["mail"][0].result == ResultClass::provider_down);
}
