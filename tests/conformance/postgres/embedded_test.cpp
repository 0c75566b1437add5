// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <pqxx/pqxx>

#include "conformance/samples.hpp"
#include "store/embedded/embedded_postgres.hpp"
#include "store/embedded/process.hpp"

using namespace conformance;
using store::EmbeddedPostgres;

namespace {

struct Folder {
  Folder() {
    path = (std::filesystem::temp_directory_path() / "rappel-XXXXXX").string();
    REQUIRE(mkdtemp(path.data()) != nullptr);
    chmod(path.c_str(), 0711);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string path;

  [[nodiscard]] EmbeddedPostgres::Options options() const {
    EmbeddedPostgres::Options options;
    options.directory = path + "/pg";
    options.fsync = false;
    return options;
  }
};

std::string ask(const EmbeddedPostgres& postgres, const std::string& sql) {
  pqxx::connection connection(postgres.dsn());
  pqxx::nontransaction work(connection);
  const auto rows = work.exec(sql);
  return rows.empty() ? "" : rows[0][0].c_str();
}

}  // namespace

TEST_CASE("an embedded server keeps its data from one life to the next and ends with us") {
  const Folder folder;
  {
    EmbeddedPostgres postgres(folder.options());
    postgres.start();
    ask(postgres, "create table kept as select 42 as answer");
    CHECK(ask(postgres, "show listen_addresses").empty());
    const auto mode = std::filesystem::status(folder.path + "/pg").permissions();
    CHECK(mode == std::filesystem::perms::owner_all);
    const int pid = postgres.pid();
    postgres.stop(std::chrono::seconds{20});
    postgres.stop(std::chrono::seconds{20});
    CHECK(store::embedded::ended_within(pid, std::chrono::milliseconds{0}));
  }
  EmbeddedPostgres postgres(folder.options());
  postgres.start();
  CHECK(ask(postgres, "select answer from kept") == "42");
}

TEST_CASE("a server that outlived its daemon is adopted and a pid file that lies is not believed") {
  const Folder folder;
  int orphan = 0;
  // A process that ends without any goodbye, as the daemon does on kill -9.
  const pid_t daemon = fork();
  if (daemon == 0) {
    auto* postgres = new EmbeddedPostgres(folder.options());
    postgres->start();
    _exit(0);
  }
  int status = -1;
  REQUIRE(waitpid(daemon, &status, 0) == daemon);
  REQUIRE(status == 0);
  {
    std::ifstream(folder.path + "/pg/data/postmaster.pid") >> orphan;
    REQUIRE(orphan > 0);
    EmbeddedPostgres postgres(folder.options());
    postgres.start();
    CHECK(postgres.pid() == orphan);
    CHECK(ask(postgres, "select 1") == "1");
  }
  CHECK(store::embedded::ended_within(orphan, std::chrono::milliseconds{0}));
  std::ofstream(folder.path + "/pg/data/postmaster.pid") << getpid() << "\n";
  EmbeddedPostgres postgres(folder.options());
  postgres.start();
  CHECK(postgres.pid() != getpid());
  CHECK(ask(postgres, "select 1") == "1");
}

TEST_CASE("a server that was killed is started again and one that lives is left alone") {
  const Folder folder;
  EmbeddedPostgres postgres(folder.options());
  CHECK_FALSE(postgres.revive());  // never started
  postgres.start();
  ask(postgres, "create table kept as select 42 as answer");
  CHECK_FALSE(postgres.revive());
  const int pid = postgres.pid();
  kill(pid, SIGKILL);
  REQUIRE(store::embedded::ended_within(pid, std::chrono::seconds{10}));
  CHECK(postgres.revive());
  CHECK(postgres.pid() != pid);
  CHECK(ask(postgres, "select answer from kept") == "42");
}

TEST_CASE("a second daemon on the same folder is refused") {
  const Folder folder;
  EmbeddedPostgres first(folder.options());
  first.start();
  EmbeddedPostgres second(folder.options());
  CHECK_THROWS_WITH_AS(second.start(), doctest::Contains("another daemon uses"),
                       std::runtime_error);
  CHECK(ask(first, "select 1") == "1");
}

TEST_CASE("an initdb that was interrupted is done again") {
  const Folder folder;
  std::filesystem::create_directories(folder.path + "/pg/data.new/base");
  EmbeddedPostgres postgres(folder.options());
  postgres.start();
  CHECK(ask(postgres, "select 1") == "1");
}

TEST_CASE("a folder that cannot work is refused with the way to mend it") {
  EmbeddedPostgres::Options options;
  options.directory = "relative";
  CHECK_THROWS_WITH_AS(EmbeddedPostgres{options}, doctest::Contains("must be absolute"),
                       std::runtime_error);
  options.directory = "/" + std::string(120, 'x');
  CHECK_THROWS_WITH_AS(EmbeddedPostgres{options},
                       doctest::Contains("choose a shorter state directory"), std::runtime_error);
}

TEST_CASE("a server that does not start says why") {
  const Folder folder;
  auto options = folder.options();
  options.programs = "/nonexistent";
  EmbeddedPostgres postgres(options);
  CHECK_THROWS_AS(postgres.start(), std::runtime_error);
}
