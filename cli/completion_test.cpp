#include "cli/completion.hpp"

#include <gmock/gmock.h>

namespace axon::cli {
namespace {

using testing::HasSubstr;

std::vector<CompletionCommand> some() {
  return {{"get",
           "Show",
           {{{"-o", "--output"}, "Form", true, {"json", "yaml"}, ""},
            {{"-n", "--namespace"}, "It's where", true, {}, "namespace"}},
           {"task", "tasks"},
           "@kind"},
          {"create workspace", "Make", {{{"--repo"}, "URL", true, {}, ""}}, {}, ""}};
}

TEST(Completion, OfBashKnowsWordsValuesAndWhoseNamesToAskFor) {
  const std::string script = completion_script("bash", some());
  EXPECT_THAT(script, HasSubstr("compgen -W 'get create' --"));
  EXPECT_THAT(script, HasSubstr("'get') options='-o --output -n --namespace' valued=' -o --output -n --namespace ' "
                                "first='task tasks' live='@kind' ;;"));
  EXPECT_THAT(script, HasSubstr("'get -o'|'get --output') COMPREPLY=($(compgen -W 'json yaml' -- \"$cur\")); return"));
  EXPECT_THAT(script, HasSubstr("'get --namespace') COMPREPLY=($(compgen -W \"$(_axon_names namespace)\" --"));
  EXPECT_THAT(script, HasSubstr("if [[ \"$cmd\" == create ]]; then"));
}

TEST(Completion, OfFishQuotesWhatItSays) {
  const std::string script = completion_script("fish", some());
  EXPECT_THAT(script, HasSubstr(R"(-s n -l namespace -r -f -a '(__axon_names namespace)' -d 'It'\''s where')"));
  EXPECT_THAT(script, HasSubstr("'__fish_seen_subcommand_from create; and __fish_seen_subcommand_from workspace'"));
}

TEST(Completion, OfAnUnknownShellIsEmpty) { EXPECT_EQ(completion_script("tcsh", some()), ""); }

}  // namespace
}  // namespace axon::cli
