// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/embedded_postgres.hpp"

#include <fcntl.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <pqxx/pqxx>
#include <stdexcept>

#include "schema/sql.hpp"
#include "store/embedded/process.hpp"

namespace rappel::store {

namespace fs = std::filesystem;
using embedded::Account;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds answer_interval{20};
constexpr milliseconds initdb_wait_max{120'000};
constexpr milliseconds immediate_stop_wait_max{10'000};

Account choose_account(const std::string& wanted) {
  if (geteuid() != 0) return {};
  for (const std::string& name : {wanted, std::string("rappel"), std::string("postgres")}) {
    if (name.empty()) continue;
    if (const passwd* entry = getpwnam(name.c_str()))
      return {name, entry->pw_uid, entry->pw_gid};
    if (name == wanted) break;
  }
  throw std::runtime_error(
      "PostgreSQL does not run as root and neither the account rappel nor postgres exists: create "
      "one, or start the daemon as an ordinary user");
}

std::string first_line(const fs::path& file) {
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  return line;
}

std::string find_programs(const EmbeddedPostgres::Options& options, const fs::path& data) {
  if (!options.programs.empty()) return options.programs;
  const std::string made_with = first_line(data / "PG_VERSION");
  std::error_code ignored;
  std::string found;
  int newest = 0;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", ignored)) {
    const std::string version = entry.path().filename();
    if (!fs::exists(entry.path() / "bin/postgres")) continue;
    if (!made_with.empty() && version != made_with) continue;
    const int number = std::atoi(version.c_str());
    if (number > newest) {
      newest = number;
      found = entry.path() / "bin";
    }
  }
  if (found.empty())
    throw std::runtime_error("PostgreSQL " + (made_with.empty() ? "15" : made_with) +
                             " is not installed under /usr/lib/postgresql: install the package "
                             "postgresql, or set database.dsn to a server of your own");
  return found;
}

/// The end of the log: what the server said before it gave up.
std::string last_words(const fs::path& log) {
  std::ifstream stream(log);
  std::string line;
  std::string last;
  while (std::getline(stream, line)) {
    if (line.find("FATAL") != std::string::npos || line.find("error") != std::string::npos ||
        line.find("HINT") != std::string::npos || last.empty())
      last = line;
  }
  return last.empty() ? "nothing in " + log.string() : last;
}

/// One holder at a time; let go by the kernel when the process ends in any way.
class FolderLock {
 public:
  explicit FolderLock(const fs::path& file)
      : descriptor_(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (descriptor_ < 0) throw std::runtime_error("cannot write to " + file.string());
    if (flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
    close(descriptor_);
    throw std::runtime_error("another daemon uses " + file.parent_path().string());
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock() { close(descriptor_); }

 private:
  int descriptor_;
};

}  // namespace

struct EmbeddedPostgres::State {
  Options options;
  fs::path root;
  fs::path data;
  fs::path socket_folder;
  fs::path log;
  Account account;
  std::unique_ptr<FolderLock> lock;
  pid_t pid = 0;

  void make_folders();
  void make_data();
  void adopt();
  void launch();
  void wait_for_answer(const std::string& dsn);
  void make_database(const std::string& dsn) const;
  void end(milliseconds grace);
};

EmbeddedPostgres::EmbeddedPostgres(Options options) : state_(std::make_unique<State>()) {
  auto& s = *state_;
  s.root = options.directory;
  if (!s.root.is_absolute())
    throw std::runtime_error("the directory of the embedded PostgreSQL must be absolute");
  s.data = s.root / "data";
  s.socket_folder = s.root / "socket";
  s.log = s.root / "log";
  s.account = choose_account(options.account);
  s.options = std::move(options);
  const auto socket = (s.socket_folder / ".s.PGSQL.5432.lock").string();
  if (socket.size() >= sizeof(sockaddr_un::sun_path))
    throw std::runtime_error("the path " + socket + " is longer than a unix socket's may be (" +
                             std::to_string(sizeof(sockaddr_un::sun_path) - 1) +
                             " bytes): choose a shorter state directory");
}

EmbeddedPostgres::~EmbeddedPostgres() { stop(milliseconds{5'000}); }

void EmbeddedPostgres::State::make_folders() {
  fs::create_directories(root);
  fs::create_directories(socket_folder);
  for (const auto& folder : {root, socket_folder}) {
    if (!account.name.empty() && chown(folder.c_str(), account.uid, account.gid) != 0)
      throw std::runtime_error("cannot give " + folder.string() + " to " + account.name);
    fs::permissions(folder, fs::perms::owner_all);
  }
}

/// Made aside and renamed: an interrupted initdb leaves nothing that looks like a database.
void EmbeddedPostgres::State::make_data() {
  if (fs::exists(data / "PG_VERSION")) return;
  const fs::path fresh = root / "data.new";
  fs::remove_all(fresh);
  std::vector<std::string> command{find_programs(options, data) + "/initdb",
                                   "-D",
                                   fresh,
                                   "-U",
                                   "rappel",
                                   "-A",
                                   "trust",
                                   "-E",
                                   "UTF8",
                                   "--locale=C.UTF-8",
                                   "--no-instructions"};
  if (!options.fsync) command.insert(command.end(), {"--no-sync", "--wal-segsize=1"});
  const pid_t child = embedded::spawn(account, root, log, command);
  const bool ended = embedded::ended_within(child, initdb_wait_max);
  if (!ended) kill(child, SIGKILL);
  if (!ended || embedded::collect(child) != 0 || !fs::exists(fresh / "PG_VERSION"))
    throw std::runtime_error("initdb failed in " + root.string() + ": " + last_words(log) +
                             (account.name.empty() ? ""
                                                   : " (the account " + account.name +
                                                         " must be able to enter every folder of "
                                                         "this path)"));
  fs::rename(fresh, data);
}

/// A server that outlived its daemon goes on serving; a pid file that names anything else is stale.
void EmbeddedPostgres::State::adopt() {
  const fs::path pid_file = data / "postmaster.pid";
  const pid_t known = std::atoi(first_line(pid_file).c_str());
  if (!embedded::alive(known)) return;
  std::error_code error;
  const auto folder = fs::read_symlink(fs::path("/proc") / std::to_string(known) / "cwd", error);
  if (!error && folder == fs::weakly_canonical(data)) {
    pid = known;
  } else {
    fs::remove(pid_file, error);
  }
}

void EmbeddedPostgres::State::launch() {
  // Statements on partitioned tables lock every month: the default of 64 is for fewer.
  std::vector<std::string> settings{"listen_addresses=",
                                    "unix_socket_directories=" + socket_folder.string(),
                                    "unix_socket_permissions=0700",
                                    "port=5432",
                                    "max_locks_per_transaction=512",
                                    "logging_collector=off",
                                    "log_statement=none",
                                    "log_min_error_statement=panic",
                                    "log_parameter_max_length=0",
                                    "log_parameter_max_length_on_error=0"};
  if (!options.fsync)
    settings.insert(settings.end(), {"fsync=off", "full_page_writes=off"});
  std::vector<std::string> command{find_programs(options, data) + "/postgres", "-D", data};
  for (auto& setting : settings) command.insert(command.end(), {"-c", std::move(setting)});
  pid = embedded::spawn(account, root, log, std::move(command));
}

void EmbeddedPostgres::State::wait_for_answer(const std::string& dsn) {
  for (milliseconds waited{0}; waited < options.start_wait_max; waited += answer_interval) {
    if (PQping(dsn.c_str()) == PQPING_OK) return;
    if (embedded::ended_within(pid, answer_interval)) {
      embedded::collect(pid);
      pid = 0;
      throw std::runtime_error("PostgreSQL did not start: " + last_words(log));
    }
  }
  throw std::runtime_error("PostgreSQL does not answer: " + last_words(log));
}

void EmbeddedPostgres::State::make_database(const std::string& dsn) const {
  pqxx::connection connection(dsn);
  pqxx::nontransaction work(connection);
  if (work.exec(sql::database_exists).at(0)[0].as<int>() == 0) work.exec(sql::create_database);
}

void EmbeddedPostgres::State::end(milliseconds grace) {
  if (pid == 0) return;
  kill(pid, SIGINT);
  if (!embedded::ended_within(pid, grace)) {
    kill(pid, SIGQUIT);
    embedded::ended_within(pid, immediate_stop_wait_max);
  }
  embedded::collect(pid);
  pid = 0;
}

void EmbeddedPostgres::start() {
  auto& s = *state_;
  s.make_folders();
  s.lock = std::make_unique<FolderLock>(s.root / "lock");
  s.make_data();
  s.adopt();
  if (s.pid == 0) s.launch();
  s.wait_for_answer(dsn("postgres"));
  s.make_database(dsn("postgres"));
}

bool EmbeddedPostgres::revive() {
  auto& s = *state_;
  if (!s.lock || (s.pid != 0 && !embedded::ended_within(s.pid, milliseconds{0}))) return false;
  if (s.pid != 0) embedded::collect(s.pid);
  s.pid = 0;
  s.adopt();
  if (s.pid == 0) s.launch();
  s.wait_for_answer(dsn("postgres"));
  return true;
}

void EmbeddedPostgres::stop(milliseconds grace) {
  state_->end(grace);
  state_->lock.reset();
}

std::string EmbeddedPostgres::dsn(const std::string& database) const {
  return "host='" + state_->socket_folder.string() + "' port=5432 user=rappel dbname=" + database;
}

int EmbeddedPostgres::pid() const { return state_->pid; }

}  // namespace rappel::store
