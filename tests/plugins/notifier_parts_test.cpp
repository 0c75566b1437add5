// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <stdexcept>

#include "common/mail_text.hpp"
#include "email/reply.hpp"
#include "plugins/pool_rig.hpp"
#include "sms-http/gsm_alphabet.hpp"

using namespace rappel;
using namespace rappel::notify;
using namespace rappel::notify::test;

TEST_CASE(
    "long text of a header is encoded in words of at most 75 characters cut between letters") {
  std::string text;
  for (int i = 0; i < 60; ++i) text += "é";
  const auto encoded = mail::encoded(text);
  for (std::size_t start = 0; start < encoded.size();) {
    const auto end = std::min(encoded.find("\r\n ", start), encoded.size());
    CHECK(end - start <= 75);
    // 22 letters of two bytes: 44 bytes, which is no multiple of three, hence the padding.
    CHECK(encoded.substr(start, 10) == "=?UTF-8?B?");
    start = end + 3;
  }
  CHECK(mail::encoded("plain") == "plain");
  CHECK(mail::encoded("=?UTF-8?B?forged?=") != "=?UTF-8?B?forged?=");
}

TEST_CASE("a display name is quoted or encoded so that it cannot become an address") {
  CHECK(mail::mailbox("", "a@b") == "<a@b>");
  CHECK(mail::mailbox("A, \"B\" <x@y>", "a@b") == "\"A, \\\"B\\\" <x@y>\" <a@b>");
  CHECK(mail::mailbox("Élu", "a@b") == "=?UTF-8?B?w4lsdQ==?= <a@b>");
}

TEST_CASE("only one plain mailbox is an address") {
  CHECK(mail::is_address("zoé@exämple.fr"));
  for (const char* wrong :
       {"a", "@b", "a@", "a@b@c", "a b@c", "<a@b>", "a@b\r\n", "-a@b", "a@b,c@d"}) {
    CAPTURE(wrong);
    CHECK_FALSE(mail::is_address(wrong));
  }
  CHECK_FALSE(mail::is_address(std::string(250, 'a') + "@b.fr"));
}

TEST_CASE("every line end becomes CR LF once") {
  CHECK(mail::with_crlf("a\nb\rc\r\nd\r\r\ne") == "a\r\nb\r\nc\r\nd\r\n\r\ne");
}

TEST_CASE("a header line is bounded per folded line") {
  CHECK_NOTHROW(mail::header_line("A", std::string(995, 'x')));
  CHECK_THROWS_AS(mail::header_line("A", std::string(996, 'x')), std::invalid_argument);
  CHECK_NOTHROW(mail::header_line("A", std::string(900, 'x') + "\r\n " + std::string(900, 'x')));
}

TEST_CASE("a reply of a relay is read with its enhanced code and queue id") {
  const auto ok = email::parse_reply("250 2.0.0 Ok: queued as 4Fx1\r\n");
  CHECK(ok.code == 250);
  CHECK(ok.enhanced == "2.0.0");
  CHECK(ok.queue_id == "4Fx1");
  CHECK(email::parse_reply("550 No such user").enhanced.empty());
  CHECK(email::parse_reply("junk").code == 0);
  CHECK(email::parse_reply("").code == 0);
}

TEST_CASE("the stage and the code together decide what a refusal means") {
  using email::Stage;
  using email::Transport;
  using plugin::ResultClass;
  const auto judged = [](Stage stage, const char* line) {
    return email::judge(Transport::broken, stage, email::parse_reply(line), "broken").result;
  };
  CHECK(judged(Stage::recipient, "550 no such user") == ResultClass::bad_address);
  CHECK(judged(Stage::recipient, "554 no") == ResultClass::rejected);
  CHECK(judged(Stage::recipient, "550 5.7.1 policy") == ResultClass::rejected);
  CHECK(judged(Stage::content, "550 spam") == ResultClass::rejected);
  CHECK(judged(Stage::sender, "550 who are you") == ResultClass::provider_down);
  CHECK(judged(Stage::greeting, "535 5.7.8 login") == ResultClass::provider_down);
  CHECK(judged(Stage::recipient, "450 later") == ResultClass::try_later);
  CHECK(judged(Stage::content, "452 full") == ResultClass::try_later);
  CHECK(judged(Stage::recipient, "451 4.7.1 greylisted") == ResultClass::try_later);
  CHECK(judged(Stage::content, "451 4.3.0 queue is full") == ResultClass::provider_down);
  CHECK(judged(Stage::sender, "451 not now") == ResultClass::provider_down);
  CHECK(judged(Stage::recipient, "421 closing") == ResultClass::provider_down);
  CHECK(judged(Stage::content, "354 go on") == ResultClass::unknown);
  CHECK(judged(Stage::content, "") == ResultClass::unknown);
  CHECK(judged(Stage::recipient, "") == ResultClass::try_later);
  CHECK(judged(Stage::connecting, "") == ResultClass::provider_down);
}

TEST_CASE("nonsense from a relay leaves doubt only after the content") {
  using email::Stage;
  using email::Transport;
  using plugin::ResultClass;
  const auto judged = [](Stage stage) {
    return email::judge(Transport::unreachable, stage, email::parse_reply("ni hao"), "weird").result;
  };
  CHECK(judged(Stage::content) == ResultClass::unknown);
  CHECK(judged(Stage::recipient) == ResultClass::provider_down);
  CHECK(judged(Stage::connecting) == ResultClass::provider_down);
}

TEST_CASE("the GSM alphabet holds what phones show and nothing else") {
  CHECK(sms_http::fits_gsm_alphabet("Déposé à 10 € {[~]} ÉÇ"));
  for (const char* text : {"ç", "ê", "û", "œ", "’", "«", "…", "`", "\t", "😀"}) {
    CAPTURE(text);
    CHECK_FALSE(sms_http::fits_gsm_alphabet(text));
  }
}

TEST_CASE("an inbox message is delivered when it has a title and a text") {
  auto options = PoolRig::notifier("inbox", built_plugin("inapp"));
  options.channel = Channel::inapp;
  PoolRig rig({options});
  auto untitled = a_message("untitled", Channel::inapp);
  untitled.subject.clear();
  auto empty = a_message("empty", Channel::inapp);
  empty.text.clear();
  REQUIRE(rig.send_and_wait("inbox", {a_message("good", Channel::inapp), untitled, empty}));
  CHECK(rig.result_of("inbox", "good").result == ResultClass::delivered);
  CHECK(rig.result_of("inbox", "untitled").result == ResultClass::rejected);
  CHECK(rig.result_of("inbox", "empty").result == ResultClass::rejected);
}
