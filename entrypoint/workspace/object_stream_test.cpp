#include "entrypoint/workspace/object_stream.hpp"

#include <fcntl.h>

#include "entrypoint/descriptor.hpp"
#include "entrypoint/workspace/git_fixture.hpp"

namespace axon {
namespace {

class ObjectStream : public GitTest {
 protected:
  Result<bool> stream(const std::string& oid, std::uint64_t size) {
    const Descriptor output(open((root + "/out").c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    return stream_blob(root + "/source/.git/objects", oid, size, output.get());
  }
};

TEST_F(ObjectStream, WritesLooseAndPackedBlobs) {
  make_source();
  run("cd source && seq 100000 >big && : >empty && git add . && git commit -qm big");
  for (const char* state : {"loose", "packed"}) {
    if (std::string_view(state) == "packed") run("cd source && git gc -q --prune=now");
    for (const char* name : {"big", "empty", "f1"}) {
      const std::string oid = run(std::string("git -C source rev-parse HEAD:") + name);
      const Result<bool> done = stream(oid, std::filesystem::file_size(root + "/source/" + name));
      ASSERT_TRUE(done) << state << " " << name << ": " << done.error().message;
      EXPECT_TRUE(*done) << state << " " << name;
      EXPECT_EQ(read("out"), read(std::string("source/") + name)) << state << " " << name;
    }
  }
}

TEST_F(ObjectStream, LeavesDifferencesAndWhatIsNotThere) {
  make_source();
  run("cd source && seq 100000 >big && git add . && git commit -qm big && echo more >>big && git commit -qam more && "
      "git gc -q --prune=now");
  const std::string older = run("git -C source rev-parse HEAD~1:big");
  const Result<bool> difference = stream(older, 588895);
  ASSERT_TRUE(difference) << difference.error().message;
  EXPECT_FALSE(*difference);
  EXPECT_EQ(read("out"), "");
  EXPECT_EQ(stream(std::string(40, '1'), 1), Result<bool>(false));
}

TEST_F(ObjectStream, SaysWhatIsDamaged) {
  make_source();
  const std::string oid = run("git -C source rev-parse HEAD:f1");
  const std::string path = "source/.git/objects/" + oid.substr(0, 2) + "/" + oid.substr(2);
  run("chmod u+w " + path);
  write(path, "no zlib");
  EXPECT_FALSE(stream(oid, 2));
  write(path, "");
  EXPECT_FALSE(stream(oid, 2));
}

}  // namespace
}  // namespace axon
