#include <algorithm>

#include "controller/template/builtins.hpp"
#include "controller/template/literal.hpp"
#include "controller/template/parser.hpp"
#include "controller/template/quote.hpp"

namespace axon::templates {
namespace {

bool begins_command(TokenKind kind) {
  switch (kind) {
    case TokenKind::Bool:
    case TokenKind::Char:
    case TokenKind::Dot:
    case TokenKind::Field:
    case TokenKind::Identifier:
    case TokenKind::LeftParen:
    case TokenKind::Nil:
    case TokenKind::Number:
    case TokenKind::RawString:
    case TokenKind::String:
    case TokenKind::Variable:
      return true;
    default:
      return false;
  }
}

/// False for a constant or the dot, which can take no argument from the stage before it.
bool can_be_called(const Operand& operand) {
  if (!operand.fields.empty()) return true;
  return std::holds_alternative<Variable>(operand.what) || std::holds_alternative<Function>(operand.what) ||
         std::holds_alternative<std::unique_ptr<Pipeline>>(operand.what);
}

/// What is wrong with a name that nothing stands for; empty for any other token.
std::string undefined(const Token& token, const std::vector<std::string>& variables) {
  if (token.kind == TokenKind::Identifier && !is_function(token.text)) {
    return "function " + quote_string(token.text) + " not defined";
  }
  if (token.kind == TokenKind::Variable && std::ranges::find(variables, token.text) == variables.end()) {
    return "undefined variable " + quote_string(token.text);
  }
  return {};
}

}  // namespace

void Parser::declare(Pipeline& pipeline, std::string_view name) {
  pipeline.variables.emplace_back(name);
  scope_.variables.emplace_back(name);
}

/// "$x :=", "$x =", and for range also "$i, $x :=".
Result<void> Parser::declarations(Pipeline& pipeline, std::string_view context) {
  // A variable is found by looking through all in scope, so their number is bounded.
  constexpr std::size_t kMaxVariables = 250;
  while (peek_word().kind == TokenKind::Variable) {
    if (scope_.variables.size() > kMaxVariables) {
      return error_at(peek().at, "more than " + std::to_string(kMaxVariables) + " variables");
    }
    const std::size_t before = next_;
    const Token& variable = take();
    const Token& sign = peek_word();
    if (sign.kind == TokenKind::Assign || sign.kind == TokenKind::Declare) {
      pipeline.assigns = sign.kind == TokenKind::Assign;
      take();
      declare(pipeline, variable.text);
      return {};
    }
    if (sign.kind != TokenKind::Comma) {
      next_ = before;
      return {};
    }
    take();
    declare(pipeline, variable.text);
    if (context != "range" || pipeline.variables.size() > 1) {
      return error_at(sign.at, "too many declarations in " + std::string(context));
    }
    const TokenKind kind = peek_word().kind;
    if (kind != TokenKind::Variable && kind != TokenKind::RightDelim && kind != TokenKind::RightParen) {
      return error_at(peek().at, "range can only initialize variables");
    }
  }
  return {};
}

Result<Pipeline> Parser::pipeline(std::string_view context, TokenKind end) {
  Pipeline pipeline;
  pipeline.span.begin = peek_word().at;
  if (Result<void> done = declarations(pipeline, context); !done) return std::unexpected(std::move(done).error());
  while (true) {
    const Token& token = peek_word();
    if (token.kind == end) break;
    if (!begins_command(token.kind)) return unexpected_token(token, context);
    Result<Command> stage = command();
    if (!stage) return std::unexpected(std::move(stage).error());
    if (!pipeline.commands.empty() && !can_be_called(stage->operands.front())) {
      const std::string number = std::to_string(pipeline.commands.size() + 1);
      return error_at(stage->span.begin, "non executable command in pipeline stage " + number);
    }
    pipeline.commands.push_back(*std::move(stage));
  }
  if (pipeline.commands.empty()) return error_at(peek().at, "missing value for " + std::string(context));
  pipeline.span.end = pipeline.commands.back().span.end;
  take();
  return pipeline;
}

/// Operands up to a "|", which is taken, or the end of the pipeline, which is left.
Result<Command> Parser::command() {
  Command command;
  command.span.begin = peek_word().at;
  while (true) {
    peek_word();
    Result<bool> found = operand(command);
    if (!found) return std::unexpected(std::move(found).error());
    command.span.end = command.operands.empty() ? peek().at : command.operands.back().span.end;
    const Token& token = peek();
    if (token.kind == TokenKind::Space) continue;
    if (token.kind == TokenKind::Pipe) {
      take();
      break;
    }
    if (token.kind == TokenKind::RightDelim || token.kind == TokenKind::RightParen) break;
    return unexpected_token(token, "operand");
  }
  if (command.operands.empty()) return error_at(command.span.begin, "empty command");
  return command;
}

/// A term and the fields behind it; false if there is none.
Result<bool> Parser::operand(Command& into) {
  Operand operand;
  operand.span.begin = peek_word().at;
  const bool is_field = peek().kind == TokenKind::Field;
  Result<bool> found = term(operand);
  if (!found || !*found) return found;
  const bool takes_fields = is_field || can_be_called(operand);
  operand.span.end = offset();
  while (peek().kind == TokenKind::Field) {
    if (!takes_fields) {
      const std::string_view text(program_.text);
      const std::string_view before = text.substr(operand.span.begin, operand.span.end - operand.span.begin);
      return error_at(peek().at, "unexpected . after term " + quote_string(before));
    }
    operand.fields.emplace_back(take().text.substr(1));
    operand.span.end = offset();
  }
  into.operands.push_back(std::move(operand));
  return true;
}

Result<bool> Parser::term(Operand& into) {
  const Token& token = peek_word();
  const std::string problem = undefined(token, scope_.variables);
  if (!problem.empty()) return error_at(token.at, problem);
  switch (token.kind) {
    case TokenKind::Identifier:
      into.what = Function{std::string(token.text)};
      break;
    case TokenKind::Dot:
      break;
    case TokenKind::Nil:
      into.what = Nil{};
      break;
    case TokenKind::Field:
      into.fields.emplace_back(token.text.substr(1));
      break;
    case TokenKind::Variable:
      into.what = Variable{std::string(token.text)};
      break;
    case TokenKind::Bool:
      into.what = Literal{Value(token.text == "true")};
      break;
    case TokenKind::Char:
    case TokenKind::Number:
      if (Result<void> done = number_or_char(token, into); !done) return std::unexpected(std::move(done).error());
      break;
    case TokenKind::String:
    case TokenKind::RawString:
      if (Result<void> done = text(into); !done) return std::unexpected(std::move(done).error());
      return true;
    case TokenKind::LeftParen:
      if (Result<void> done = parenthesized(into); !done) return std::unexpected(std::move(done).error());
      return true;
    default:
      return false;
  }
  take();
  return true;
}

Result<void> Parser::text(Operand& into) {
  Result<std::string> text = template_name("operand");
  if (!text) return std::unexpected(std::move(text).error());
  into.what = Literal{Value::string(*std::move(text))};
  return {};
}

Result<void> Parser::parenthesized(Operand& into) {
  if (Result<void> entered = enter(take().at); !entered) return entered;
  Result<Pipeline> inner = pipeline("parenthesized pipeline", TokenKind::RightParen);
  if (!inner) return std::unexpected(std::move(inner).error());
  into.what = std::make_unique<Pipeline>(*std::move(inner));
  --depth_;
  return {};
}

Result<void> Parser::number_or_char(const Token& token, Operand& into) {
  if (token.kind == TokenKind::Char) {
    const std::optional<char32_t> rune = unquote_rune(token.text);
    if (!rune) return error_at(token.at, "malformed character constant: " + std::string(token.text));
    into.what = Literal{Value::integer(*rune)};
    return {};
  }
  Result<std::variant<Literal, Overflow>> number = parse_number(token.text);
  if (!number) return error_at(token.at, std::move(number).error().message);
  std::visit([&](auto& found) { into.what = std::move(found); }, *number);
  return {};
}

}  // namespace axon::templates
