# Debian's packages, and libgit2 as scripts/libgit2 builds it.
set(OPENSSL_USE_STATIC_LIBS ${AXON_STATIC})
set(ZLIB_USE_STATIC_LIBS ${AXON_STATIC})
if(AXON_STATIC)
  set(CMAKE_FIND_LIBRARY_SUFFIXES .a)
endif()

find_package(Threads REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(CLI11 REQUIRED)
find_package(GTest REQUIRED)

# axon_lean_archive(VARIABLE FILE): VARIABLE names FILE, or in a static build a copy of it without .eh_frame: 7 % of the
# entrypoint's size in all. No exception passes through C: what libgit2 and OpenSSL call back returns its errors.
function(axon_lean_archive VARIABLE FILE)
  set(${VARIABLE} ${FILE} PARENT_SCOPE)
  if(NOT AXON_STATIC)
    return()
  endif()
  get_filename_component(name ${FILE} NAME)
  set(copy ${CMAKE_BINARY_DIR}/lean/${name})
  if(NOT EXISTS ${copy} OR ${FILE} IS_NEWER_THAN ${copy})
    file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/lean)
    execute_process(
      COMMAND ${CMAKE_OBJCOPY} --remove-section .eh_frame --remove-section .rela.eh_frame ${FILE} ${copy}
      COMMAND_ERROR_IS_FATAL ANY)
  endif()
  set(${VARIABLE} ${copy} PARENT_SCOPE)
endfunction()

foreach(target OpenSSL::SSL OpenSSL::Crypto)
  get_target_property(location ${target} IMPORTED_LOCATION)
  axon_lean_archive(location ${location})
  set_target_properties(${target} PROPERTIES IMPORTED_LOCATION ${location})
endforeach()

# Debian's yaml-cpp package describes the shared library only; the static one lies beside it.
find_library(AXON_YAML_CPP_LIBRARY NAMES libyaml-cpp.a REQUIRED)
add_library(axon::yaml INTERFACE IMPORTED)
target_link_libraries(axon::yaml INTERFACE ${AXON_YAML_CPP_LIBRARY})

execute_process(
  COMMAND ${CMAKE_SOURCE_DIR}/scripts/libgit2
  OUTPUT_VARIABLE AXON_LIBGIT2_PREFIX OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
find_library(AXON_HTTP_PARSER_LIBRARY NAMES libhttp_parser.a REQUIRED)
axon_lean_archive(AXON_LIBGIT2 ${AXON_LIBGIT2_PREFIX}/lib/libgit2.a)
axon_lean_archive(AXON_HTTP_PARSER ${AXON_HTTP_PARSER_LIBRARY})
add_library(axon::git2 INTERFACE IMPORTED)
target_include_directories(axon::git2 SYSTEM INTERFACE ${AXON_LIBGIT2_PREFIX}/include)
target_link_libraries(axon::git2 INTERFACE
  ${AXON_LIBGIT2} ${AXON_HTTP_PARSER} OpenSSL::SSL OpenSSL::Crypto ZLIB::ZLIB Threads::Threads)
