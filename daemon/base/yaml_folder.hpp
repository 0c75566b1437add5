// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "base/problem.hpp"

namespace rappel {

/// The .yaml files below a folder, in the order of their names, so that problems come in the same
/// order everywhere. What cannot be read, what is misnamed .yml and what is more than `files_max` is a
/// problem. Throws nothing of the file system's.
std::vector<std::filesystem::path> yaml_files_below(const std::filesystem::path& folder,
                                                    std::size_t files_max,
                                                    std::vector<Problem>& problems);
/// The same of a folder that need not exist.
std::vector<std::filesystem::path> yaml_files_if_any(const std::filesystem::path& folder,
                                                     std::size_t files_max,
                                                     std::vector<Problem>& problems);

}  // namespace rappel
