// A template's text as tokens. The rules are Go's text/template/parse, with the delimiters {{ and }}.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace axon::templates {

enum class TokenKind {
  Text,
  LeftDelim,
  RightDelim,
  Space,
  Assign,
  Declare,
  Pipe,
  LeftParen,
  RightParen,
  Comma,
  Other,  // a printable character that means nothing here
  Bool,
  Char,
  Number,
  String,
  RawString,
  Identifier,
  Field,     // ".Name"
  Variable,  // "$name" or "$"
  Dot,
  Nil,
  Keyword,
  End,
  Error,  // `message` says what is wrong; nothing follows
};

struct Token {
  TokenKind kind = TokenKind::End;
  std::size_t at = 0;     // offset in the text
  std::string_view text;  // a view of the text
  std::string message;
};

/// Ends with a token End or Error. The tokens are views of `text`.
std::vector<Token> lex(std::string_view text);

}  // namespace axon::templates
