# One static library per folder; what a folder may include is what it links here.

add_library(axon_options INTERFACE)
target_compile_options(axon_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual -Werror)
target_include_directories(axon_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_definitions(axon_options INTERFACE AXON_VERSION="${PROJECT_VERSION}")
if(AXON_SANITIZE)
  target_compile_options(axon_options INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(axon_options INTERFACE -fsanitize=address,undefined)
else()
  target_compile_options(axon_options INTERFACE -ffunction-sections -fdata-sections)
  target_link_options(axon_options INTERFACE -Wl,--gc-sections -Wl,--icf=all)
endif()
if(AXON_FUZZ)
  target_compile_options(axon_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
target_link_options(axon_options INTERFACE -fuse-ld=lld)

# axon_library(NAME [SMALL] SOURCES file… [HOT file…] DEPS target…): the folder's library, target axon::NAME.
# SMALL: what axon-entrypoint is made of is compiled for size, but for the HOT files, through which every byte passes.
function(axon_library NAME)
  cmake_parse_arguments(ARG "SMALL" "" "SOURCES;HOT;DEPS" ${ARGN})
  add_library(axon_${NAME} STATIC ${ARG_SOURCES} ${ARG_HOT})
  if(ARG_SMALL)
    target_compile_options(axon_${NAME} PRIVATE $<$<CONFIG:Release>:-Os>)
    set_source_files_properties(${ARG_HOT} PROPERTIES COMPILE_OPTIONS $<$<CONFIG:Release>:-O2>)
  endif()
  add_library(axon::${NAME} ALIAS axon_${NAME})
  target_link_libraries(axon_${NAME} PUBLIC axon_options ${ARG_DEPS})
endfunction()

# axon_program(NAME SOURCES file… DEPS target…): an executable, static in the release preset.
function(axon_program NAME)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${NAME} ${ARG_SOURCES})
  target_link_libraries(${NAME} PRIVATE axon_options ${ARG_DEPS})
  # Side by side, as they are installed: axon looks for axon-entrypoint there.
  set_target_properties(${NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
  if(AXON_STATIC)
    # glibc warns that getaddrinfo in a static program wants the same glibc at run time; main() guards against it.
    target_link_options(${NAME} PRIVATE -static -Wl,--strip-all -Wl,--no-warnings)
  endif()
endfunction()

# axon_test(NAME SOURCES file… DEPS target…): unit tests; each case is a test of its own for ctest.
include(GoogleTest)
function(axon_test NAME)
  if(NOT AXON_UNIT_TESTS)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${NAME} ${ARG_SOURCES})
  target_link_libraries(${NAME} PRIVATE axon_options ${ARG_DEPS} GTest::gtest_main GTest::gmock)
  target_compile_definitions(${NAME} PRIVATE AXON_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  gtest_discover_tests(${NAME} PROPERTIES LABELS unit)
endfunction()

# axon_fuzzer(NAME SOURCES file… DEPS target…): a libFuzzer target, built with AXON_FUZZ only. What it once found, and
# what it starts from, lies in fuzz/testdata/NAME and is run as a unit test. scripts/fuzz reads the list of targets.
set_property(GLOBAL PROPERTY AXON_FUZZERS)
function(axon_fuzzer NAME)
  if(NOT AXON_FUZZ)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${NAME} ${ARG_SOURCES})
  target_link_libraries(${NAME} PRIVATE axon_options ${ARG_DEPS})
  target_link_options(${NAME} PRIVATE -fsanitize=fuzzer)
  set_target_properties(${NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
  string(REGEX REPLACE "_fuzzer$" "" target ${NAME})
  set(corpus ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/testdata/${target})
  add_test(NAME fuzz.${target} COMMAND ${NAME} -runs=0 ${corpus})
  set_tests_properties(fuzz.${target} PROPERTIES LABELS unit)
  set_property(GLOBAL APPEND_STRING PROPERTY AXON_FUZZERS "${target} ${corpus}\n")
endfunction()
