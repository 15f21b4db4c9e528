// Text that grows up to a limit; what is beyond it is dropped and remembered as missing.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace axon::templates {

class Writer {
 public:
  explicit Writer(std::size_t limit) : limit_(limit) {}

  void put(std::string_view text) {
    if (text.size() > limit_ - text_.size()) {
      is_full_ = true;
      text = text.substr(0, limit_ - text_.size());
    }
    text_ += text;
  }
  void put(char c) { put(std::string_view(&c, 1)); }
  void fill(std::size_t count, char c) {
    const std::size_t fits = std::min(count, limit_ - text_.size());
    is_full_ |= fits < count;
    text_.append(fits, c);
  }

  bool is_full() const { return is_full_; }
  const std::string& text() const { return text_; }
  std::string take() && { return std::move(text_); }

 private:
  std::size_t limit_;
  std::string text_;
  bool is_full_ = false;
};

}  // namespace axon::templates
