#include "entrypoint/workspace/submodules.hpp"

#include <gtest/gtest.h>

namespace axon {
namespace {

bool takes_token(const char* parent, const char* submodule) {
  CloneRequest request;
  request.repo = *parse_repo_url(parent);
  request.token = Token{Secret("t"), "GITHUB_TOKEN"};
  const Result<CloneRequest> own = submodule_request(request, submodule, "lib");
  return own && own->token.has_value();
}

TEST(SubmoduleRequest, TakesTheTokenToTheServerOfItsParentOnly) {
  EXPECT_TRUE(takes_token("https://git.corp/o/r", "https://git.corp/o/lib"));
  EXPECT_TRUE(takes_token("https://git.corp:8443/o/r", "https://git.corp:8443/o/lib"));
  EXPECT_TRUE(takes_token("http://127.0.0.1:3000/o/r", "http://127.0.0.1:3000/o/lib"));
  EXPECT_FALSE(takes_token("https://git.corp/o/r", "https://git.example/o/lib"));
  EXPECT_FALSE(takes_token("https://git.corp/o/r", "https://git.corp:9999/o/lib"));
  EXPECT_FALSE(takes_token("https://git.corp/o/r", "http://git.corp/o/lib"));
}

TEST(SubmoduleRequest, KnowsTheServerOfAParentByItsHostWhereThatIsReachedBySsh) {
  EXPECT_TRUE(takes_token("git@git.corp:o/r", "https://git.corp/o/lib"));
  EXPECT_TRUE(takes_token("https://git.corp/o/r", "git@git.corp:o/lib"));
  EXPECT_FALSE(takes_token("git@git.corp:o/r", "https://git.corp:9999/o/lib"));
  EXPECT_FALSE(takes_token("git@git.corp:o/r", "http://git.corp/o/lib"));
}

TEST(SubmoduleRequest, TakesAPathOfThisMachineOnlyIfItsParentIsFromHere) {
  CloneRequest request;
  request.repo = *parse_repo_url("https://git.corp/o/r");
  EXPECT_FALSE(submodule_request(request, "/srv/git/lib", "lib"));
  request.repo = *parse_repo_url("/srv/git/r");
  EXPECT_TRUE(submodule_request(request, "/srv/git/lib", "lib"));
}

}  // namespace
}  // namespace axon
