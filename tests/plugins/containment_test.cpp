// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <sys/wait.h>

#include <algorithm>

#include "plugins/pool_rig.hpp"

using namespace rappel;
using namespace rappel::notify;
using namespace rappel::notify::test;

namespace {

OutgoingMessage in_a_mood(const std::string& mood, const std::string& key) {
  auto message = a_message(key);
  message.subject = mood;
  return message;
}

NotifierOptions moody(const std::string& name = "moody") {
  return PoolRig::notifier(name, broken_plugin("moody"));
}

NotifierOptions impatient() {
  auto options = moody();
  options.send_timeout = std::chrono::milliseconds(300);
  return options;
}

}  // namespace

TEST_CASE("a plugin that crashes leaves what was in hand unknown and comes back") {
  PoolRig rig({moody()});
  REQUIRE(rig.send_and_wait(
      "moody", {in_a_mood("calm", "a"), in_a_mood("crash", "b"), in_a_mood("calm", "c")}));
  CHECK(rig.result_of("moody", "b").result == ResultClass::unknown);
  CHECK(rig.result_of("moody", "b").detail == "its sender died");
  CHECK(rig.result_of("moody", "c").result == ResultClass::unknown);
  REQUIRE(rig.wait_until([&] {
    return rig.status("moody").problem == "its sender was ended by signal 11 (Segmentation fault)";
  }));
  REQUIRE(rig.send_and_wait("moody", {in_a_mood("calm", "d")}));
  CHECK(rig.result_of("moody", "d").result == ResultClass::accepted);
  CHECK(rig.result_of("moody", "d").provider_id == "id-d");
  CHECK(rig.status("moody").deaths == 1);
  CHECK(rig.states["moody"] == std::vector<bool>{true, false, true});
}

TEST_CASE("a crash of one notifier does not touch another") {
  PoolRig rig({moody("one"), moody("two")});
  REQUIRE(rig.wait_ready("two"));
  const auto pid = rig.status("two").pid;
  REQUIRE(rig.send_and_wait("one", {in_a_mood("crash", "a")}));
  REQUIRE(rig.send_and_wait("two", {in_a_mood("calm", "b")}));
  CHECK(rig.result_of("two", "b").result == ResultClass::accepted);
  CHECK(rig.status("two").pid == pid);
  CHECK(rig.status("two").deaths == 0);
}

TEST_CASE("a plugin that exits leaves unknown and the status it exited with") {
  PoolRig rig({moody()});
  REQUIRE(rig.send_and_wait("moody", {in_a_mood("exit", "a")}));
  CHECK(rig.result_of("moody", "a").result == ResultClass::unknown);
  CHECK(rig.wait_until(
      [&] { return rig.status("moody").problem == "its sender exited with status 7"; }));
}

TEST_CASE("a plugin that hangs is ended after send_timeout") {
  PoolRig rig({impatient()});
  REQUIRE(rig.send_and_wait("moody", {in_a_mood("hang", "a")}));
  CHECK(rig.result_of("moody", "a").result == ResultClass::unknown);
  CHECK(rig.status("moody").problem == "its sender held a message for longer than send_timeout");
  REQUIRE(rig.send_and_wait("moody", {in_a_mood("calm", "b")}));
  CHECK(rig.result_of("moody", "b").result == ResultClass::accepted);
}

TEST_CASE("a sender that is frozen whole is ended for not answering pings") {
  auto options = PoolRig::quick_options();
  options.ping_interval = std::chrono::milliseconds(20);
  options.ping_timeout = std::chrono::milliseconds(300);
  PoolRig rig({moody()}, options);
  REQUIRE(rig.send_and_wait("moody", {in_a_mood("freeze", "a")}));
  CHECK(rig.result_of("moody", "a").result == ResultClass::unknown);
  CHECK(rig.status("moody").problem == "its sender does not answer pings");
}

TEST_CASE("a message that kills its sender three times is parked and its neighbours are not") {
  PoolRig rig({moody()});
  std::vector<OutgoingMessage> round{in_a_mood("crash", "poison")};
  for (int i = 0; i < 5; ++i) round.push_back(in_a_mood("calm", "n" + std::to_string(i)));
  // Dispatch sends again what came back unknown, as it may for an email.
  for (std::uint32_t attempt = 1; !round.empty(); ++attempt) {
    REQUIRE(attempt <= 3);
    for (auto& message : round) message.attempt = attempt;
    rig.results.clear();
    REQUIRE(rig.send_and_wait("moody", round));
    std::erase_if(round, [&](const OutgoingMessage& message) {
      return rig.result_of("moody", message.idempotency_key).result != ResultClass::unknown;
    });
    // Sent alone, the neighbours are cleared: only the first death was theirs too.
    CHECK(round.size() == (attempt == 1 ? 6 : attempt == 2 ? 1 : 0));
  }
  CHECK(rig.result_of("moody", "poison").result == ResultClass::rejected);
  CHECK(rig.result_of("moody", "poison").detail == "parked: killed its sender three times");
  CHECK(rig.status("moody").deaths == 3);
}

TEST_CASE("what waits when a sender dies goes to the next one") {
  auto options = moody();
  PoolRig rig({options});
  REQUIRE(rig.send_and_wait("moody", {in_a_mood("crash", "a")}));
  REQUIRE(rig.wait_ready("moody"));
  // The suspect goes alone and kills its sender while the others wait.
  auto again = in_a_mood("crash", "a");
  again.attempt = 2;
  rig.results.clear();
  REQUIRE(rig.send_and_wait("moody", {again, in_a_mood("calm", "b"), in_a_mood("calm", "c")}));
  CHECK(rig.result_of("moody", "a").result == ResultClass::unknown);
  CHECK(rig.result_of("moody", "b").result == ResultClass::accepted);
  CHECK(rig.result_of("moody", "c").result == ResultClass::accepted);
}

TEST_CASE("a notifier that throws in send answers unknown and stays alive") {
  PoolRig rig({moody()});
  REQUIRE(rig.send_and_wait("moody", {in_a_mood("calm", "a"), in_a_mood("throw", "b")}));
  CHECK(rig.result_of("moody", "a").result == ResultClass::accepted);
  CHECK(rig.result_of("moody", "b").result == ResultClass::unknown);
  CHECK(rig.result_of("moody", "b").detail == "the notifier gave no answer");
  CHECK(rig.status("moody").deaths == 0);
}

TEST_CASE("an exception through the bare C function answers unknown for what was not answered") {
  PoolRig rig({PoolRig::notifier("raw", broken_plugin("throws_raw"))});
  REQUIRE(rig.send_and_wait("raw", {a_message("a"), a_message("b")}));
  CHECK(rig.result_of("raw", "a").result == ResultClass::accepted);
  CHECK(rig.result_of("raw", "b").result == ResultClass::unknown);
  CHECK(rig.result_of("raw", "b").detail == "the plugin threw out of send");
  CHECK(rig.status("raw").deaths == 0);
}

TEST_CASE("a message forgotten by its notifier is unknown and not lost") {
  PoolRig rig({moody()});
  REQUIRE(rig.send_and_wait("moody", {in_a_mood("forget", "a")}));
  CHECK(rig.result_of("moody", "a").result == ResultClass::unknown);
}

TEST_CASE("a completion given twice counts once and one from a thread counts") {
  PoolRig rig({moody()});
  REQUIRE(rig.send_and_wait("moody", {in_a_mood("twice", "a"), in_a_mood("thread", "b")}));
  REQUIRE(rig.send_and_wait("moody", {in_a_mood("calm", "c")}));
  CHECK(rig.results["moody"].size() == 3);
  CHECK(rig.result_of("moody", "a").provider_id == "once");
  CHECK(rig.result_of("moody", "b").provider_id == "elsewhere");
}

TEST_CASE("a status query is answered by the provider or unknown") {
  PoolRig rig({moody()});
  REQUIRE(rig.wait_ready("moody"));
  CHECK(rig.pool->can_query("moody"));
  const auto known = DeliveryId::derived(Shard{1}, "known");
  const auto lost = DeliveryId::derived(Shard{1}, "lost");
  REQUIRE(rig.pool->query("moody", {{known, 1, "known", "known"}, {lost, 1, "lost", ""}}));
  REQUIRE(rig.wait_until([&] { return rig.answers.size() == 2; }));
  for (const auto& answer : rig.answers)
    CHECK(answer.result ==
          (answer.delivery == known ? ResultClass::delivered : ResultClass::unknown));
}

TEST_CASE("the window bounds what is accepted and an unknown name is told") {
  auto options = moody();
  options.window_max = 2;
  PoolRig rig({options});
  CHECK(rig.pool->room("moody") == 0);
  CHECK(rig.pool->send("moody", {a_message("a")}).error().code == "not_ready");
  REQUIRE(rig.wait_ready("moody"));
  CHECK(rig.pool->room("moody") == 2);
  CHECK(rig.pool->send("moody", {a_message("a"), a_message("b"), a_message("c")}).error().code ==
        "window_full");
  CHECK(rig.pool->send("nobody", {a_message("a")}).error().code == "no_notifier");
  CHECK(rig.results["moody"].empty());
}

TEST_CASE("a message too heavy for the link comes back rejected") {
  PoolRig rig({moody()});
  auto heavy = a_message("a");
  heavy.html = std::string(3 * 1024 * 1024, 'x');
  REQUIRE(rig.send_and_wait("moody", {heavy, a_message("b")}));
  CHECK(rig.result_of("moody", "a").detail == "the message is too large");
  CHECK(rig.result_of("moody", "b").result == ResultClass::accepted);
}

TEST_CASE("a thousand messages in large batches all come back once") {
  auto options = moody();
  options.window_max = 1000;
  PoolRig rig({options});
  std::vector<OutgoingMessage> many;
  for (int i = 0; i < 1000; ++i) {
    many.push_back(a_message("m" + std::to_string(i)));
    many.back().html = std::string(20'000, 'x');
  }
  REQUIRE(rig.send_and_wait("moody", many));
  CHECK(rig.results["moody"].size() == 1000);
  CHECK(std::ranges::all_of(rig.results["moody"], [](const SendResult& result) {
    return result.result == ResultClass::accepted;
  }));
  CHECK(rig.pool->room("moody") == 1000);
}

TEST_CASE("a stop lets the sender finish and leaves no process") {
  PoolRig rig({moody()});
  REQUIRE(rig.wait_ready("moody"));
  REQUIRE(rig.pool->send("moody", {a_message("a")}));
  rig.io.restart();
  rig.io.poll();  // the message is on its way
  bool is_stopped = false;
  rig.pool->stop(std::chrono::seconds(5), [&] { is_stopped = true; });
  REQUIRE(rig.wait_until([&] { return is_stopped; }));
  CHECK(rig.result_of("moody", "a").result == ResultClass::accepted);
  CHECK(rig.status("moody").deaths == 0);
  CHECK(waitpid(-1, nullptr, WNOHANG) == -1);
}

TEST_CASE("a stop ends a sender that hangs once its grace is over") {
  PoolRig rig({moody()});
  REQUIRE(rig.wait_ready("moody"));
  REQUIRE(rig.pool->send("moody", {in_a_mood("hang", "a")}));
  rig.io.restart();
  rig.io.poll();
  bool is_stopped = false;
  rig.pool->stop(std::chrono::milliseconds(50), [&] { is_stopped = true; });
  REQUIRE(rig.wait_until([&] { return is_stopped; }));
  CHECK(rig.result_of("moody", "a").detail == "its sender was stopped");
  CHECK(waitpid(-1, nullptr, WNOHANG) == -1);
}

TEST_CASE("a failure never shows a secret nor an address") {
  Folder folder;
  write_file(folder / "credential", "hunter2-secret\n");
  auto options = moody();
  options.credential_path = folder / "credential";
  PoolRig rig({options});
  REQUIRE(rig.send_and_wait("moody", {in_a_mood("leak", "a"), in_a_mood("throw", "b")}));
  const auto leaked = rig.result_of("moody", "a");
  CHECK(leaked.detail == "refused *** with ***");
  CHECK(leaked.provider_id == "refused *** with ***");
}
