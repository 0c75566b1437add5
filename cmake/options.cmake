# SPDX-License-Identifier: Apache-2.0
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1")

option(RAPPEL_TESTS "Build the tests" ON)
option(RAPPEL_BENCH "Build the benchmarks" OFF)
option(RAPPEL_SIMULATION "Build the simulation and have ctest play its seeds" OFF)
option(RAPPEL_FUZZ "Build the fuzz targets (clang)" OFF)
option(RAPPEL_HARDENING "Hardened flags" ON)
option(RAPPEL_COVERAGE "Instrument for coverage" OFF)
set(RAPPEL_SANITIZE "" CACHE STRING "Sanitizers, as for -fsanitize=")

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()

# Every target of ours links this; outside headers are system headers and stay silent.
add_library(rappel_flags INTERFACE)
target_include_directories(rappel_flags INTERFACE ${CMAKE_SOURCE_DIR}/daemon)
target_compile_options(rappel_flags INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wnon-virtual-dtor -Wcast-align -Woverloaded-virtual
  -Wno-missing-field-initializers
  # g++ 12 reports mismatched new/delete in coroutine frames where there is none.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete>
  # In a unity build every .cpp is an included file, so g++ takes a pimpl's local types for a header's.
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<BOOL:${CMAKE_UNITY_BUILD}>>:-Wno-subobject-linkage>)
target_compile_definitions(rappel_flags INTERFACE
  RAPPEL_VERSION="${PROJECT_VERSION}" BOOST_ASIO_NO_DEPRECATED)
if(RAPPEL_SANITIZE STREQUAL "thread")
  target_compile_definitions(rappel_flags INTERFACE BOOST_ASIO_DISABLE_FENCED_BLOCK)
endif()

if(RAPPEL_SANITIZE)
  add_compile_options(-fsanitize=${RAPPEL_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${RAPPEL_SANITIZE})
elseif(RAPPEL_HARDENING)
  target_compile_options(rappel_flags INTERFACE
    -fstack-protector-strong -fstack-clash-protection -fcf-protection=full
    $<$<CXX_COMPILER_ID:GNU>:-ftrivial-auto-var-init=zero>)
  target_compile_definitions(rappel_flags INTERFACE
    _GLIBCXX_ASSERTIONS $<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=3>)
  add_link_options(-Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code,--as-needed)
  set(CMAKE_EXE_LINKER_FLAGS "${CMAKE_EXE_LINKER_FLAGS} -pie")
endif()
if(RAPPEL_COVERAGE)
  add_compile_options(--coverage)
  add_link_options(--coverage)
endif()
