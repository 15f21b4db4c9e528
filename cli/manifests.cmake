# axon_manifests(OUTPUT FILE…): a source file with the text of each FILE, a path below the project's root.
function(axon_manifests OUTPUT)
  set(entries "")
  foreach(file ${ARGN})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${file})
    file(READ ${CMAKE_SOURCE_DIR}/${file} text)
    string(APPEND entries "    {\"${file}\", R\"~~~(${text})~~~\"},\n")
  endforeach()
  string(CONCAT source
    "#include <array>\n\n#include \"cli/manifests.hpp\"\n\nnamespace axon::cli {\n\n"
    "std::span<const Manifest> manifests() {\n"
    "  static constexpr auto kManifests = std::to_array<Manifest>({\n${entries}  });\n"
    "  return kManifests;\n}\n\n}  // namespace axon::cli\n")
  file(GENERATE OUTPUT ${OUTPUT} CONTENT "${source}")
  # A CustomResourceDefinition is longer than the length that every compiler has to take.
  set_source_files_properties(${OUTPUT} PROPERTIES COMPILE_OPTIONS -Wno-overlength-strings)
endfunction()
