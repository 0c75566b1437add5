// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/instant.hpp"

namespace rappel::calendar {

/// Easter Sunday of the Gregorian calendar (the anonymous computus of 1876), from 1583 on.
CivilDate easter_sunday(int year);

}  // namespace rappel::calendar
