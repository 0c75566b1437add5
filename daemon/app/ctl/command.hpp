// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "app/config.hpp"

namespace rappel::app::ctl {

/// What every command gets.
struct Call {
  Config config;
  std::vector<std::string> words;  ///< after the command's own name
  bool json = false;               ///< for programs: one JSON value on stdout
};

/// A refused call: what is wrong and how to mend it; rappelctl prints it and exits with 2.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Command {
  std::string name;
  std::string usage;    ///< the words after the name
  std::string summary;  ///< one line
  int (*run)(const Call&);
  bool needs_config = true;  ///< false: read only when --config names it
};

int migrate(const Call& call);
int tenant(const Call& call);
int key(const Call& call);
int citizen(const Call& call);
int timeline(const Call& call);
int simulate(const Call& call);
int rules(const Call& call);
int send_test(const Call& call);
int status(const Call& call);
int calendar(const Call& call);
int silence(const Call& call);

}  // namespace rappel::app::ctl
