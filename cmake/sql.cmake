# SPDX-License-Identifier: Apache-2.0
# Placeholder-free: schema/CMakeLists.txt turns migrations and named queries into C++ constants.
if(EXISTS ${CMAKE_SOURCE_DIR}/schema/CMakeLists.txt)
  add_subdirectory(schema)
endif()
