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

# Debian's yaml-cpp package describes the shared library only; the static one lies beside it.
find_library(AXON_YAML_CPP_LIBRARY NAMES libyaml-cpp.a REQUIRED)
add_library(axon::yaml INTERFACE IMPORTED)
target_link_libraries(axon::yaml INTERFACE ${AXON_YAML_CPP_LIBRARY})

execute_process(
  COMMAND ${CMAKE_SOURCE_DIR}/scripts/libgit2
  OUTPUT_VARIABLE AXON_LIBGIT2_PREFIX OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
find_library(AXON_HTTP_PARSER_LIBRARY NAMES libhttp_parser.a REQUIRED)
add_library(axon::git2 INTERFACE IMPORTED)
target_include_directories(axon::git2 SYSTEM INTERFACE ${AXON_LIBGIT2_PREFIX}/include)
target_link_libraries(axon::git2 INTERFACE
  ${AXON_LIBGIT2_PREFIX}/lib/libgit2.a ${AXON_HTTP_PARSER_LIBRARY} OpenSSL::SSL OpenSSL::Crypto ZLIB::ZLIB Threads::Threads)
