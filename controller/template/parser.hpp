// The parser behind templates::parse: control structures here, pipelines in parse_pipeline.cpp.
#pragma once

#include <set>
#include <string_view>

#include "controller/template/ast.hpp"
#include "controller/template/lexer.hpp"

namespace axon::templates {

class Parser {
 public:
  /// `program` has its name and text, which outlive the parser; its templates are added.
  explicit Parser(Program& program);

  /// The first thing that is wrong is the error.
  Result<void> run();

 private:
  /// What belongs to one template: the variables in scope, and how many ranges are open.
  struct Scope {
    std::vector<std::string> variables = {"$"};
    int ranges = 0;
  };
  enum class Stop { End, Else, ElseIf, ElseWith, EndOfText };

  struct Ended {
    Stop stop = Stop::End;
    std::size_t at = 0;
  };

  // parser.cpp
  Result<Ended> nodes(Nodes& into);
  Result<std::optional<Ended>> node(Nodes& into);
  Result<std::optional<Ended>> keyword(const Token& token, Nodes& into);
  Result<void> jump(const Token& token, Nodes& into);
  Result<void> definition();
  Result<void> block(std::size_t begin, Nodes& into);
  Result<void> invocation(std::size_t begin, Nodes& into);
  Result<void> control(Block::Kind kind, std::size_t begin, Nodes& into);
  Result<void> otherwise(Block& block, const Ended& ended);
  Result<void> add(std::string name, Nodes nodes);
  Result<std::string> template_name(std::string_view context);
  Result<Nodes> body_of(std::string_view context);

  // parse_pipeline.cpp
  Result<Pipeline> pipeline(std::string_view context, TokenKind end);
  Result<void> declarations(Pipeline& pipeline, std::string_view context);
  void declare(Pipeline& pipeline, std::string_view name);
  Result<Command> command();
  Result<bool> operand(Command& into);
  Result<bool> term(Operand& into);
  Result<void> parenthesized(Operand& into);
  Result<void> text(Operand& into);
  Result<void> number_or_char(const Token& token, Operand& into);

  const Token& peek() const { return tokens_[next_]; }
  const Token& take() { return next_ + 1 < tokens_.size() ? tokens_[next_++] : tokens_[next_]; }
  const Token& peek_word();  // the next token that is no space; spaces before it are gone
  const Token& take_word();
  bool at_keyword(std::string_view word) const { return peek().kind == TokenKind::Keyword && peek().text == word; }
  std::size_t offset() const { return next_ == 0 ? 0 : tokens_[next_ - 1].at + tokens_[next_ - 1].text.size(); }

  std::unexpected<Error> error_at(std::size_t at, std::string message) const;
  std::unexpected<Error> unexpected_token(const Token& token, std::string_view context) const;
  Result<void> expect_right_delim(std::string_view context);
  Result<void> enter(std::size_t at);  // one level deeper

  Program& program_;
  std::vector<Token> tokens_;
  std::size_t next_ = 0;
  Scope scope_;
  int depth_ = 0;
};

}  // namespace axon::templates
