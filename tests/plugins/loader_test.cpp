// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "plugins/pool_rig.hpp"

using namespace rappel;
using namespace rappel::notify;
using namespace rappel::notify::test;

namespace {

/// Whether the operator reads `part` once the pool has tried this notifier. It is never ready.
bool is_told(NotifierOptions notifier, const std::string& part) {
  const std::string name = notifier.name;
  PoolRig rig({std::move(notifier)});
  const bool told = rig.wait_until([&] { return contains(rig.status(name).problem, part); });
  CAPTURE(rig.status(name).problem);
  CHECK(told);
  return told && rig.states[name].empty();
}

bool is_told_of_plugin(const std::string& path, const std::string& part) {
  return is_told(PoolRig::notifier("lame", path), part);
}

bool is_told_of_config(const std::string& config, const std::string& part) {
  return is_told(PoolRig::notifier("lame", broken_plugin("moody"), config), part);
}

}  // namespace

TEST_CASE("a plugin that does not exist is named with the linker's reason") {
  CHECK(is_told_of_plugin("/nowhere/x.so", "/nowhere/x.so: cannot be loaded: "));
}

TEST_CASE("a library without the entry symbol is said not to be a notifier") {
  CHECK(is_told_of_plugin(broken_plugin("no_symbol"),
                          "it exports no symbol `rappel_plugin`: it is not a notifier"));
}

TEST_CASE("a plugin of another major version is refused with both versions") {
  CHECK(is_told_of_plugin(broken_plugin("wrong_version"),
                          "it was built for plugin ABI 2.0 and this host speaks 1.0"));
}

TEST_CASE("a table that is too short is refused before its functions are read") {
  CHECK(is_told_of_plugin(broken_plugin("short_table"), "its table is too short: 40 bytes"));
}

TEST_CASE("a plugin that refuses to be created gives its reason") {
  CHECK(is_told_of_plugin(broken_plugin("fails_in_create"),
                          "the plugin could not be created: the moon is not full"));
}

TEST_CASE("a plugin that throws in create gives its reason without the credential") {
  Folder folder;
  write_file(folder / "credential", "hunter2-secret\n");
  auto notifier = PoolRig::notifier("lame", broken_plugin("throws_in_create"));
  notifier.credential_path = folder / "credential";
  CHECK(is_told(notifier, "the plugin could not be created: cannot log in with ***"));
}

TEST_CASE("a plugin that does not serve the configured channel is refused") {
  auto notifier = PoolRig::notifier("lame", broken_plugin("moody"));
  notifier.channel = Channel::letter;
  CHECK(is_told(notifier, "the plugin serves `email sms`, not `letter`"));
}

TEST_CASE("a mistyped configuration key is refused with the nearest name") {
  CHECK(is_told_of_config(R"({"pateince":2})",
                          "/pateince: unknown key `pateince` (did you mean `patience`?)"));
}

TEST_CASE("every configuration mistake is told at once") {
  CHECK(is_told_of_config(R"({"patience":12,"colour":"gren"})",
                          "/patience: must be at most 9; /colour: is not one of the allowed values "
                          "(did you mean `green`?)"));
}

TEST_CASE("a sender program that does not exist is told") {
  PoolRig rig({});
  Folder folder;
  PoolOptions options = PoolRig::quick_options();
  options.socket_path = folder / "s.sock";
  options.sender_program = "/nowhere/rappel-sender";
  SenderPool pool(rig.io, options, {PoolRig::notifier("lame", "x")}, {});
  pool.start();
  CHECK(contains(pool.status()[0].problem, "cannot start /nowhere/rappel-sender"));
}

TEST_CASE("a credential that cannot be read ends the sender and is retried") {
  auto notifier = PoolRig::notifier("lame", broken_plugin("moody"));
  Folder folder;
  notifier.credential_path = folder / "credential";
  PoolRig rig({notifier});
  REQUIRE(rig.wait_until(
      [&] { return rig.status("lame").problem == "its sender exited with status 1"; }));
  write_file(folder / "credential", "secret-now");
  CHECK(rig.wait_ready("lame"));
}
