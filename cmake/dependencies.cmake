# SPDX-License-Identifier: Apache-2.0
# Debian 12 packages only; packaging/setup installs them.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(Boost 1.81 CONFIG REQUIRED COMPONENTS headers json program_options)
find_package(fmt REQUIRED)

# name = our alias; the rest = pkg-config modules
function(rappel_pkg name)
  pkg_check_modules(PC_${name} REQUIRED IMPORTED_TARGET ${ARGN})
  add_library(rappel::${name} ALIAS PkgConfig::PC_${name})
endfunction()
rappel_pkg(systemd libsystemd)
rappel_pkg(yaml yaml-cpp)
rappel_pkg(sodium libsodium)
rappel_pkg(icu icu-i18n icu-uc)
rappel_pkg(curl libcurl)
rappel_pkg(libpq libpq)

# cctz ships no pkg-config file on Debian 12.
add_library(rappel_cctz INTERFACE)
target_link_libraries(rappel_cctz INTERFACE cctz)
add_library(rappel::cctz ALIAS rappel_cctz)

# Debian builds libpqxx without std::optional conversions; the macro turns the header-only ones on.
pkg_check_modules(PC_pqxx REQUIRED IMPORTED_TARGET libpqxx)
add_library(rappel_pqxx INTERFACE)
target_link_libraries(rappel_pqxx INTERFACE PkgConfig::PC_pqxx rappel::libpq)
target_compile_definitions(rappel_pqxx INTERFACE PQXX_HAVE_OPTIONAL)
add_library(rappel::pqxx ALIAS rappel_pqxx)

# The compiled library of Debian must be used with the macros it was built with.
pkg_check_modules(PC_httplib REQUIRED IMPORTED_TARGET cpp-httplib)
add_library(rappel_httplib INTERFACE)
target_link_libraries(rappel_httplib INTERFACE PkgConfig::PC_httplib Threads::Threads)
add_library(rappel::httplib ALIAS rappel_httplib)
