# SPDX-License-Identifier: Apache-2.0
include(GNUInstallDirs)
install(TARGETS rappeld RUNTIME DESTINATION ${CMAKE_INSTALL_SBINDIR})
install(TARGETS rappelctl RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS rappel-sender RUNTIME DESTINATION lib/rappel)
install(FILES packaging/rappel.example.yaml DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES systemd/rappeld.service systemd/rappeld.socket systemd/rappel-sender@.service
        DESTINATION lib/systemd/system)
install(FILES systemd/rappel.sysusers DESTINATION lib/sysusers.d RENAME rappel.conf)
install(DIRECTORY templates schema DESTINATION ${CMAKE_INSTALL_DATADIR}/rappel
        PATTERN CMakeLists.txt EXCLUDE)
