#include "adapters/config/marked_block.hpp"

#include <optional>

namespace axon::config {
namespace {

bool is_line(std::string_view text, std::size_t at, std::size_t size) {
  const bool starts = at == 0 || text[at - 1] == '\n';
  const std::string_view rest = text.substr(at + size);
  return starts && (rest.empty() || rest.starts_with('\n') || rest.starts_with("\r\n"));
}

std::size_t find_first(std::string_view text, std::string_view mark) {
  std::size_t at = text.find(mark);
  while (at != std::string_view::npos && !is_line(text, at, mark.size())) at = text.find(mark, at + 1);
  return at;
}

// The last one: the content may itself show such a line.
std::size_t find_last(std::string_view text, std::string_view mark) {
  std::size_t at = text.rfind(mark);
  while (at != std::string_view::npos && !is_line(text, at, mark.size())) {
    at = at == 0 ? std::string_view::npos : text.rfind(mark, at - 1);
  }
  return at;
}

std::string block(std::string_view content, const Marks& marks) {
  if (content.empty()) return {};
  std::string text(marks.begin);
  text += '\n';
  text += content;
  if (!content.ends_with('\n')) text += '\n';
  text += marks.end;
  return text + '\n';
}

std::string appended(std::string_view existing, std::string_view content, const Marks& marks) {
  std::string text(existing);
  if (content.empty()) return text;
  if (!text.empty()) text += text.ends_with('\n') ? "\n" : "\n\n";
  return text + block(content, marks);
}

}  // namespace

Result<std::string> with_block(std::string_view existing, std::string_view content, const std::string& path,
                               const Marks& marks) {
  const std::size_t begin = find_first(existing, marks.begin);
  const std::size_t end = find_last(existing, marks.end);
  if (begin == std::string_view::npos && end == std::string_view::npos) return appended(existing, content, marks);
  const bool is_pair = begin != std::string_view::npos && end != std::string_view::npos &&
                       begin < find_first(existing, marks.end) &&
                       find_first(existing.substr(end), marks.begin) == std::string_view::npos;
  if (!is_pair) {
    return fail(Errc::InvalidInput, path + ": has only one of the lines \"" + std::string(marks.begin) + "\" and \"" +
                                        std::string(marks.end) + "\"; restore the missing one or remove both");
  }
  std::string_view after = existing.substr(end + marks.end.size());
  if (after.starts_with("\r\n")) {
    after.remove_prefix(2);
  } else if (after.starts_with('\n')) {
    after.remove_prefix(1);
  }
  return std::string(existing.substr(0, begin)) + block(content, marks) + std::string(after);
}

}  // namespace axon::config
