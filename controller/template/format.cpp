#include "controller/template/format.hpp"

#include "controller/template/format_spec.hpp"
#include "controller/template/unicode.hpp"

namespace axon::templates {
namespace {

constexpr std::int64_t kLargest = 1'000'000;  // of a width, a precision or the number of an operand

bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Printf {
 public:
  Printf(Writer& out, std::string_view format, std::span<const Value> operands)
      : out_(out), format_(format), operands_(operands) {}

  void run() {
    while (pos_ < format_.size() && !out_.is_full()) {
      const std::size_t percent = std::min(format_.find('%', pos_), format_.size());
      out_.put(format_.substr(pos_, percent - pos_));
      pos_ = percent;
      if (pos_ == format_.size()) break;
      ++pos_;
      verb();
    }
    if (!reordered_ && next_ < operands_.size()) extra();
  }

 private:
  bool at(char c) const { return pos_ < format_.size() && format_[pos_] == c; }

  void flags() {
    for (; pos_ < format_.size(); ++pos_) {
      switch (format_[pos_]) {
        case '#':
          spec_.sharp = true;
          break;
        case '0':
          spec_.zero = true;
          break;
        case '+':
          spec_.plus = true;
          break;
        case '-':
          spec_.minus = true;
          break;
        case ' ':
          spec_.space = true;
          break;
        default:
          return;
      }
    }
  }

  std::optional<std::size_t> number() {
    if (pos_ >= format_.size() || !is_digit(format_[pos_])) return std::nullopt;
    std::int64_t number = 0;
    for (; pos_ < format_.size() && is_digit(format_[pos_]); ++pos_) {
      if (number > kLargest) {
        pos_ = format_.size();
        return std::nullopt;
      }
      number = number * 10 + (format_[pos_] - '0');
    }
    return static_cast<std::size_t>(number);
  }

  /// "[3]": the operand to use next. True if there was one that can be read.
  bool index() {
    if (!at('[')) return false;
    reordered_ = true;
    const std::string_view rest = format_.substr(pos_);
    const std::size_t close = rest.find(']');
    if (rest.size() < 3 || close == rest.npos) {
      ++pos_;
      good_index_ = false;
      return false;
    }
    std::int64_t number = 0;
    bool is_number = close > 1;
    for (const char c : rest.substr(1, close - 1)) {
      is_number = is_number && is_digit(c) && number <= kLargest;
      if (is_number) number = number * 10 + (c - '0');
    }
    pos_ += close + 1;
    const bool exists = is_number && number >= 1 && static_cast<std::size_t>(number) <= operands_.size();
    if (exists) next_ = static_cast<std::size_t>(number) - 1;
    good_index_ &= exists;
    return is_number;
  }

  /// The operand of a "*".
  std::optional<std::int64_t> star() {
    if (next_ >= operands_.size()) return std::nullopt;
    const Integer* number = operands_[next_++].get<Integer>();
    if (!number || number->number > kLargest || number->number < -kLargest) return std::nullopt;
    return number->number;
  }

  void width(bool after_index) {
    if (!at('*')) {
      spec_.width = number();
      if (after_index && spec_.width) good_index_ = false;
      return;
    }
    ++pos_;
    const std::optional<std::int64_t> given = star();
    if (!given) return out_.put("%!(BADWIDTH)");
    if (*given < 0) {
      spec_.minus = true;
      spec_.zero = false;
    }
    spec_.width = static_cast<std::size_t>(*given < 0 ? -*given : *given);
  }

  void precision(bool& after_index) {
    if (after_index) good_index_ = false;
    after_index = index();
    if (!at('*')) {
      spec_.precision = number().value_or(0);
      return;
    }
    ++pos_;
    after_index = false;
    const std::optional<std::int64_t> given = star();
    if (given && *given >= 0) {
      spec_.precision = static_cast<std::size_t>(*given);
    } else {
      out_.put("%!(BADPREC)");
    }
  }

  /// Behind a "%".
  void verb() {
    spec_ = Spec();
    good_index_ = true;
    flags();
    bool after_index = index();
    const bool is_star = at('*');
    width(after_index);
    if (is_star) after_index = false;
    if (at('.') && pos_ + 1 < format_.size()) {
      ++pos_;
      precision(after_index);
    }
    if (!after_index) index();
    if (pos_ >= format_.size()) return out_.put("%!(NOVERB)");
    const Rune rune = decode_rune(format_.substr(pos_));
    pos_ += rune.size;
    print(rune.value);
  }

  void print(char32_t verb) {
    if (verb == '%') return out_.put('%');
    std::string name;
    append_rune(name, verb);
    if (!good_index_) return out_.put("%!" + name + "(BADINDEX)");
    if (next_ >= operands_.size()) return out_.put("%!" + name + "(MISSING)");
    if (verb == 'v' || verb == 'w') {
      spec_.go_syntax = std::exchange(spec_.sharp, false);
      spec_.plus = false;
    }
    Formatter(out_, spec_).print(operands_[next_++], verb);
  }

  void extra() {
    out_.put("%!(EXTRA ");
    for (std::size_t i = next_; i < operands_.size(); ++i) {
      if (i > next_) out_.put(", ");
      if (!operands_[i].is_nil()) out_.put(std::string(operands_[i].type()) + "=");
      print_value(out_, operands_[i]);
    }
    out_.put(')');
  }

  Writer& out_;
  std::string_view format_;
  std::span<const Value> operands_;
  std::size_t pos_ = 0;
  std::size_t next_ = 0;
  bool reordered_ = false;
  bool good_index_ = true;
  Spec spec_;
};

}  // namespace

void print_value(Writer& out, const Value& value) { Formatter(out, Spec()).print(value, 'v'); }

void print(Writer& out, std::span<const Value> operands) {
  bool was_string = true;
  for (const Value& operand : operands) {
    const bool is_string = operand.get<Text>() != nullptr;
    if (&operand != operands.data() && !is_string && !was_string) out.put(' ');
    was_string = is_string;
    print_value(out, operand);
  }
}

void println(Writer& out, std::span<const Value> operands) {
  for (const Value& operand : operands) {
    if (&operand != operands.data()) out.put(' ');
    print_value(out, operand);
  }
  out.put('\n');
}

void printf(Writer& out, std::string_view format, std::span<const Value> operands) {
  Printf(out, format, operands).run();
}

}  // namespace axon::templates
