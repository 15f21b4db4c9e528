// The heads of skill and agent files. Gemini CLI leaves out without a word what does not have exactly the fields that
// it knows; files are often written for agents that are less strict.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace axon::gemini {

struct Converted {
  std::string name;                   // as Gemini CLI will know it
  std::string content;                // byte for byte the same where Gemini CLI takes it as it is
  std::vector<std::string> left_out;  // fields and tools that it does not know
};

/// A SKILL.md with a name (else that of its directory) and a description (else its first line).
Converted convert_skill(std::string_view content, std::string_view directory);

/// An agent with a name of a-z, 0-9, "-" and "_" (else made from that of its file), a description, and no field or tool
/// that Gemini CLI does not know. Tools that Claude Code has under another name are renamed, its models left out: the
/// agent has the model of the Task.
Converted convert_agent(std::string_view content, std::string_view file_name);

}  // namespace axon::gemini
