// task.json of arbitrary text: refused by name, or the same again after it was written and read once more.
#include "core/fuzz/fuzz.hpp"
#include "core/task_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace axon;
  const Result<TaskFile> task = parse_task_file(fuzz::text_of(data, size), "task.json");
  if (!task) {
    fuzz::require(task.error().message.starts_with("task.json"), "the error does not name the file");
    return 0;
  }
  const Result<TaskFile> again = parse_task_file(to_json(*task), "task.json");
  fuzz::require(again && *again == *task, "what was written is not read the same");
  return 0;
}
