// Instructions as they must be written to reach the model whole.
#pragma once

#include <string>
#include <string_view>

namespace axon::gemini {

/// In GEMINI.md a word that begins with "@" is a file to import, and lost if there is none: "@octocat", "@types/node".
/// Markdown's "\@" is the same character to a reader and no import. Code between backticks is left alone, by both.
std::string without_imports(std::string_view markdown);

}  // namespace axon::gemini
