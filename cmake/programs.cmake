# SPDX-License-Identifier: Apache-2.0
# rappel_program(NAME MAIN LINK...): one program in the build's bin folder.
function(rappel_program name main)
  if(NOT EXISTS ${CMAKE_SOURCE_DIR}/${main})
    return()
  endif()
  add_executable(${name} ${main})
  target_link_libraries(${name} PRIVATE rappel_flags ${ARGN})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
endfunction()
rappel_program(rappeld       daemon/app/main.cpp           rappel_app)
rappel_program(rappelctl     daemon/app/ctl/main.cpp       rappel_app)
rappel_program(rappel-sender daemon/notify/sender/main.cpp rappel_notify)
# The installed places, for when nothing lies beside the program.
include(GNUInstallDirs)
target_compile_definitions(rappel_app PRIVATE
  RAPPEL_DATA_DIRECTORY="${CMAKE_INSTALL_FULL_DATADIR}/rappel"
  RAPPEL_PLUGIN_DIRECTORY="${CMAKE_INSTALL_FULL_LIBDIR}/rappel/plugins")
