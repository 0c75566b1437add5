# SPDX-License-Identifier: Apache-2.0
include(GNUInstallDirs)
install(DIRECTORY templates schema DESTINATION ${CMAKE_INSTALL_DATADIR}/rappel
        PATTERN CMakeLists.txt EXCLUDE)
