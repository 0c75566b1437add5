// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/ctl/options.hpp"

namespace rappel::app::ctl {

/// rappelctl rules diff FOLDER: what the rules of another templates folder would change for the
/// people who are stored, counted, with samples; writes nothing. Exit code 0 whatever it finds.
int rules_diff(const Call& call, const Options& options);

}  // namespace rappel::app::ctl
