// Reads single values out of git's configuration files, without libgit2.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/launch.hpp"

namespace axon {

/// The last value of `key` in the section `[section "subsection"]`, or `[section]` if the subsection is empty, of a
/// configuration file's text. Names are compared as git does; includes are not followed.
std::optional<std::string> config_value(std::string_view config, std::string_view section, std::string_view subsection,
                                        std::string_view key);

/// What lets `git commit` work in REPOSITORY where nobody has said who commits: GIT_AUTHOR_NAME and its three sisters,
/// each only if neither the environment nor any configuration that git would read here has it. For the container that
/// the agent runs in: only there one can see what its image configures. So nothing is written to the clone, where it
/// would outrank the image's own configuration.
Environment missing_identity(const std::string& repository, const Environment& environment);

/// The value of GIT_CONFIG_PARAMETERS, which git reads after all else, that gives an agent's git back what some agents
/// take away by GIT_CONFIG_GLOBAL and GIT_CONFIG_COUNT: the configuration of user and machine, and of REPOSITORY the
/// credential helper and the ssh command. No secret is in it, and nothing that other repositories must not have.
std::string settings_read_last(const std::string& repository, const Environment& environment);

}  // namespace axon
