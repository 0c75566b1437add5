# SPDX-License-Identifier: Apache-2.0

# rappel_module(NAME LINK ...): the static library rappel_NAME of all of daemon/NAME/**.cpp,
# or an interface library while the folder holds only headers.
function(rappel_module name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/daemon/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  if(sources)
    add_library(rappel_${name} STATIC ${sources})
    target_link_libraries(rappel_${name} PUBLIC rappel_flags ${ARG_LINK} Threads::Threads)
  else()
    add_library(rappel_${name} INTERFACE)
    target_link_libraries(rappel_${name} INTERFACE rappel_flags ${ARG_LINK})
  endif()
endfunction()

# rappel_tests(NAME LINK ...): one doctest program of all of tests/NAME/*_test.cpp; every test case is
# a ctest entry "NAME: sentence". Does nothing while the folder has no test.
function(rappel_tests name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${name}/*_test.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${name}_tests ${sources})
  target_link_libraries(${name}_tests PRIVATE rappel_flags rappel_doctest_main ${ARG_LINK})
  target_include_directories(${name}_tests PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_compile_definitions(${name}_tests PRIVATE RAPPEL_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                                                   RAPPEL_BINARY_DIR="${CMAKE_BINARY_DIR}")
  doctest_discover_tests(${name}_tests TEST_PREFIX "${name}: " ADD_LABELS 1
                         PROPERTIES TIMEOUT 300)
endfunction()
