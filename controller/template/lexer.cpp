#include "controller/template/lexer.hpp"

#include <algorithm>
#include <array>

#include "controller/template/quote.hpp"
#include "controller/template/unicode.hpp"

namespace axon::templates {
namespace {

constexpr std::string_view kLeft = "{{";
constexpr std::string_view kRight = "}}";
constexpr std::string_view kSpaces = " \t\r\n";
constexpr std::array<std::string_view, 11> kKeywords = {"block", "break", "continue", "define",   "else", "end",
                                                        "if",    "range", "nil",      "template", "with"};

bool is_space(char c) { return kSpaces.contains(c); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Token> run() && {
    while (!done_) inside_ ? action() : outside();
    return std::move(tokens_);
  }

 private:
  std::string_view rest(std::size_t offset = 0) const { return text_.substr(std::min(pos_ + offset, text_.size())); }
  char peek() const { return pos_ < text_.size() ? text_[pos_] : '\0'; }
  bool at_end() const { return pos_ >= text_.size(); }

  void emit(TokenKind kind, std::size_t start) {
    tokens_.push_back({kind, start, text_.substr(start, pos_ - start), {}});
  }

  void error(std::size_t at, std::string message) {
    tokens_.push_back({TokenKind::Error, at, {}, std::move(message)});
    done_ = true;
  }

  /// Text up to the next action or the end; spaces before "{{- " are not part of it.
  void outside() {
    const std::size_t start = pos_;
    const std::size_t found = text_.find(kLeft, pos_);
    pos_ = std::min(found, text_.size());
    std::string_view plain = text_.substr(start, pos_ - start);
    const bool trims = has_left_trim(rest(kLeft.size()));
    if (found != text_.npos && trims) plain = plain.substr(0, plain.find_last_not_of(kSpaces) + 1);
    if (!plain.empty()) tokens_.push_back({TokenKind::Text, start, plain, {}});
    if (found == text_.npos) {
      tokens_.push_back({TokenKind::End, pos_, {}, {}});
      done_ = true;
      return;
    }
    if (rest(kLeft.size() + (trims ? 2 : 0)).starts_with("/*")) return comment(trims);
    pos_ += kLeft.size();
    emit(TokenKind::LeftDelim, pos_ - kLeft.size());
    if (trims) pos_ += 2;
    inside_ = true;
    parens_ = 0;
  }

  static bool has_left_trim(std::string_view text) { return text.size() >= 2 && text[0] == '-' && is_space(text[1]); }

  void comment(bool trims) {
    const std::size_t start = pos_;
    pos_ += kLeft.size() + (trims ? 2 : 0) + 2;
    const std::size_t close = text_.find("*/", pos_);
    if (close == text_.npos) return error(start, "unclosed comment");
    pos_ = close + 2;
    if (!at_right()) return error(start, "comment ends before closing delimiter");
    skip_right();
  }

  bool at_trimming_right() const {
    const std::string_view text = rest();
    return text.size() >= 2 && is_space(text[0]) && text[1] == '-' && text.substr(2).starts_with(kRight);
  }
  bool at_right() const { return at_trimming_right() || rest().starts_with(kRight); }

  void skip_right() {
    const bool trims = at_trimming_right();
    pos_ += kRight.size() + (trims ? 2 : 0);
    if (trims) pos_ = std::min(text_.find_first_not_of(kSpaces, pos_), text_.size());
  }

  void right() {
    if (parens_ > 0) return error(pos_, "unclosed left paren");
    const std::size_t start = pos_;
    skip_right();
    tokens_.push_back({TokenKind::RightDelim, start, text_.substr(start, kRight.size()), {}});
    inside_ = false;
  }

  /// One token of an action.
  void action() {
    if (at_right()) return right();
    const std::size_t start = pos_;
    if (at_end()) return error(start, "unclosed action");
    const char c = peek();
    if (is_space(c)) return space();
    if (c == '"' || c == '\'') return quoted(c);
    if (c == '`') return raw();
    if (c == '+' || c == '-' || is_digit(c) || (c == '.' && is_digit(rest(1).empty() ? '0' : rest(1)[0])))
      return number();
    if (c == '.' || c == '$') return field_or_variable(c);
    const Rune rune = decode_rune(rest());
    if (is_name_rune(rune.value)) return identifier();
    if (rune.value >= 0x80 || !is_printable(rune.value)) {
      return error(start, "unrecognized character in action: " + describe_rune(rune.value));
    }
    ++pos_;
    punctuation(c, start);
  }

  void punctuation(char c, std::size_t start) {
    switch (c) {
      case '=':
        return emit(TokenKind::Assign, start);
      case ':':
        if (peek() != '=') return error(start, "expected :=");
        ++pos_;
        return emit(TokenKind::Declare, start);
      case '|':
        return emit(TokenKind::Pipe, start);
      case '(':
        ++parens_;
        return emit(TokenKind::LeftParen, start);
      case ')':
        if (--parens_ < 0) return error(start, "unexpected right paren");
        return emit(TokenKind::RightParen, start);
      case ',':
        return emit(TokenKind::Comma, start);
      default:
        return emit(TokenKind::Other, start);
    }
  }

  /// A run of spaces, but for the last one if that belongs to " -}}".
  void space() {
    const std::size_t start = pos_;
    while (!at_end() && is_space(peek()) && !at_trimming_right()) ++pos_;
    emit(TokenKind::Space, start);
  }

  void quoted(char quote) {
    const std::string what = quote == '"' ? "unterminated quoted string" : "unterminated character constant";
    const std::size_t start = pos_++;
    for (; peek() != quote || at_end(); ++pos_) {
      if (peek() == '\\') ++pos_;
      if (at_end() || peek() == '\n') return error(start, what);
    }
    ++pos_;
    emit(quote == '"' ? TokenKind::String : TokenKind::Char, start);
  }

  void raw() {
    const std::size_t start = pos_;
    const std::size_t close = text_.find('`', pos_ + 1);
    if (close == text_.npos) return error(start, "unterminated raw quoted string");
    pos_ = close + 1;
    emit(TokenKind::RawString, start);
  }

  void skip_names() {
    while (!at_end()) {
      const Rune rune = decode_rune(rest());
      if (!is_name_rune(rune.value)) return;
      pos_ += rune.size;
    }
  }

  bool at_terminator() const {
    return at_end() || is_space(peek()) || std::string_view(".,|:)(").contains(peek()) || rest().starts_with(kRight);
  }

  void bad_character(std::size_t start) {
    error(start, "bad character " + (at_end() ? "EOF" : describe_rune(decode_rune(rest()).value)));
  }

  void field_or_variable(char c) {
    const std::size_t start = pos_++;
    if (at_terminator()) return emit(c == '$' ? TokenKind::Variable : TokenKind::Dot, start);
    skip_names();
    if (!at_terminator()) return bad_character(start);
    emit(c == '$' ? TokenKind::Variable : TokenKind::Field, start);
  }

  void identifier() {
    const std::size_t start = pos_;
    skip_names();
    if (!at_terminator()) return bad_character(start);
    const std::string_view word = text_.substr(start, pos_ - start);
    TokenKind kind = TokenKind::Identifier;
    if (word == "true" || word == "false") kind = TokenKind::Bool;
    if (std::ranges::find(kKeywords, word) != kKeywords.end())
      kind = word == "nil" ? TokenKind::Nil : TokenKind::Keyword;
    emit(kind, start);
  }

  bool accept(std::string_view any) {
    const bool found = !at_end() && any.contains(peek());
    if (found) ++pos_;
    return found;
  }

  void accept_run(std::string_view any) { pos_ = std::min(text_.find_first_not_of(any, pos_), text_.size()); }

  /// What looks like a number; whether it is one, literal.cpp decides.
  void number() {
    const std::size_t start = pos_;
    accept("+-");
    std::string_view digits = "0123456789_";
    if (accept("0")) {
      if (accept("xX")) digits = "0123456789abcdefABCDEF_";
      if (accept("oO")) digits = "01234567_";
      if (accept("bB")) digits = "01_";
    }
    accept_run(digits);
    if (accept(".")) accept_run(digits);
    if (accept(digits.size() == 11 ? "eE" : digits.size() == 23 ? "pP" : "")) {
      accept("+-");
      accept_run("0123456789_");
    }
    accept("i");
    if (at_end() || !(is_name_rune(decode_rune(rest()).value) || accept("+-"))) return emit(TokenKind::Number, start);
    error(start, "bad number syntax: " + quote_string(text_.substr(start, pos_ + 1 - start)));
  }

  std::string_view text_;
  std::vector<Token> tokens_;
  std::size_t pos_ = 0;
  int parens_ = 0;
  bool inside_ = false;
  bool done_ = false;
};

}  // namespace

std::vector<Token> lex(std::string_view text) { return Lexer(text).run(); }

}  // namespace axon::templates
