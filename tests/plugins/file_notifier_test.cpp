// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "plugins/pool_rig.hpp"

using namespace rappel;
using namespace rappel::notify;
using namespace rappel::notify::test;

namespace {

NotifierOptions file_notifier_in(const std::string& directory, Channel channel) {
  auto options =
      PoolRig::notifier("file", built_plugin("file"),
                        R"({"directory":")" + directory + R"(","domain":"ville.example"})");
  options.channel = channel;
  return options;
}

std::size_t count_files(const std::string& path) {
  using Iterator = std::filesystem::directory_iterator;
  return std::size_t(std::distance(Iterator(path), Iterator()));
}

}  // namespace

TEST_CASE("an email becomes a file of a Maildir with both parts and a stable message id") {
  Folder out;
  PoolRig rig({file_notifier_in(out / "mail", Channel::email)});
  auto message = a_message("k1");
  message.subject = "Carte d'identité";
  message.html = "<p>Bonjour</p>";
  message.headers = {{"List-Unsubscribe", "<https://ville.example/u/1>"}};
  REQUIRE(rig.send_and_wait("file", {message}));
  CHECK(rig.results["file"][0].result == ResultClass::delivered);
  CHECK(rig.results["file"][0].provider_id == "k1.1.eml");
  const auto eml = content_of(out / "mail/new/k1.1.eml");
  CHECK(eml.find("Message-ID: <k1@ville.example>\r\n") != std::string::npos);
  CHECK(eml.find("Date: Tue, 24 Nov 2026 08:00:00 +0000\r\n") != std::string::npos);
  CHECK(eml.find("To: \"Jeanne Martin\" <jeanne.martin@example.org>\r\n") != std::string::npos);
  CHECK(eml.find("Subject: =?UTF-8?B?Q2FydGUgZCdpZGVudGl0w6k=?=\r\n") != std::string::npos);
  CHECK(eml.find("List-Unsubscribe: <https://ville.example/u/1>\r\n") != std::string::npos);
  CHECK(eml.find("Auto-Submitted: auto-generated\r\n") != std::string::npos);
  CHECK(eml.find("text/html; charset=utf-8\r\n") != std::string::npos);
  CHECK(eml.find("Votre carte arrive à échéance.") != std::string::npos);
  CHECK(count_files(out / "mail/tmp") == 0);
}

TEST_CASE("a message sent twice overwrites nothing and is seen twice") {
  Folder out;
  PoolRig rig({file_notifier_in(out / "mail", Channel::email)});
  auto again = a_message("k1");
  again.attempt = 2;
  REQUIRE(rig.send_and_wait("file", {a_message("k1"), again}));
  CHECK(std::filesystem::exists(out / "mail/new/k1.1.eml"));
  CHECK(std::filesystem::exists(out / "mail/new/k1.2.eml"));
  REQUIRE(rig.send_and_wait("file", {a_message("k1")}));
  CHECK(std::filesystem::exists(out / "mail/new/k1.1-again2.eml"));
  CHECK(count_files(out / "mail/new") == 3);
}

TEST_CASE("an SMS becomes a text file") {
  Folder out;
  PoolRig rig({file_notifier_in(out / "sms", Channel::sms)});
  auto message = a_message("k2", Channel::sms);
  message.subject.clear();
  message.sms_segments = 2;
  REQUIRE(rig.send_and_wait("file", {message}));
  CHECK(content_of(out / "sms/new/k2.1.txt") ==
        "To: +33612345678\nFrom: Mairie de Sainte-Foy\nId: k2\nSegments: 2\n\n"
        "Votre carte arrive à échéance.\n");
}

TEST_CASE("a key with a path in it stays inside the folder") {
  Folder out;
  PoolRig rig({file_notifier_in(out / "mail", Channel::email)});
  REQUIRE(rig.send_and_wait("file", {a_message("../../escape")}));
  CHECK(std::filesystem::exists(out / "mail/new/______escape.1.eml"));
}

TEST_CASE("a line break in an address or a header never reaches a file") {
  Folder out;
  PoolRig rig({file_notifier_in(out / "mail", Channel::email)});
  auto address = a_message("address");
  address.to = "a@example.org\r\nBcc: b@example.org";
  auto subject = a_message("subject");
  subject.subject = "x\nBcc: b@example.org";
  auto header = a_message("header");
  header.headers = {{"X-One", "1\r\nBcc: b@example.org"}};
  auto nul = a_message("nul");
  nul.subject = std::string("a\0b", 3);
  REQUIRE(rig.send_and_wait("file", {address, subject, header, nul}));
  CHECK(rig.result_of("file", "address").result == ResultClass::bad_address);
  CHECK(rig.result_of("file", "subject").result == ResultClass::rejected);
  CHECK(rig.result_of("file", "header").result == ResultClass::rejected);
  CHECK(rig.result_of("file", "nul").detail == "the message holds a NUL character");
  CHECK(count_files(out / "mail/new") == 0);
}

TEST_CASE("a folder that cannot be written is a provider that is down") {
  Folder out;
  PoolRig rig({file_notifier_in(out / "mail", Channel::email)});
  REQUIRE(rig.wait_ready("file"));
  std::filesystem::remove_all(out / "mail/tmp");
  REQUIRE(rig.send_and_wait("file", {a_message("k")}));
  CHECK(rig.results["file"][0].result == ResultClass::provider_down);
}
