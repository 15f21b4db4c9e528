#include "controller/template/parser.hpp"

#include <algorithm>

#include "controller/template/quote.hpp"
#include "controller/template/unicode.hpp"

namespace axon::templates {
namespace {

// The tree is walked and destroyed by recursion, so its depth is bounded.
constexpr int kMaxNesting = 200;

/// True for nothing but white space: such a definition gives way to another of its name.
bool is_empty(const Nodes& nodes) {
  return std::ranges::all_of(nodes, [](const Node& node) {
    const Plain* plain = std::get_if<Plain>(&node.what);
    return plain && is_blank(plain->text);
  });
}

std::string describe(const Token& token) {
  if (token.kind == TokenKind::End) return "EOF";
  if (token.kind == TokenKind::Keyword) return "<" + std::string(token.text) + ">";
  constexpr std::size_t kShown = 20;
  if (token.text.size() <= kShown) return quote_string(token.text);
  return quote_string(token.text.substr(0, kShown)) + "...";
}

}  // namespace

std::string position(std::string_view name, std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const auto line = 1 + std::ranges::count(before, '\n');
  const std::size_t column = before.size() - (before.rfind('\n') + 1) + 1;
  return std::string(name) + ":" + std::to_string(line) + ":" + std::to_string(column);
}

Parser::Parser(Program& program) : program_(program), tokens_(lex(program.text)) {}

std::unexpected<Error> Parser::error_at(std::size_t at, std::string message) const {
  return fail(Errc::InvalidInput, "template: " + position(program_.name, program_.text, at) + ": " + message);
}

std::unexpected<Error> Parser::unexpected_token(const Token& token, std::string_view context) const {
  if (token.kind == TokenKind::Error) return error_at(token.at, token.message);
  return error_at(token.at, "unexpected " + describe(token) + " in " + std::string(context));
}

const Token& Parser::peek_word() {
  while (peek().kind == TokenKind::Space) ++next_;
  return peek();
}

const Token& Parser::take_word() {
  peek_word();
  return take();
}

Result<void> Parser::expect_right_delim(std::string_view context) {
  const Token& token = take_word();
  if (token.kind != TokenKind::RightDelim) return unexpected_token(token, context);
  return {};
}

Result<void> Parser::enter(std::size_t at) {
  if (++depth_ > kMaxNesting) return error_at(at, "nested deeper than " + std::to_string(kMaxNesting) + " levels");
  return {};
}

Result<void> Parser::run() {
  Nodes main;
  while (peek().kind != TokenKind::End) {
    const std::size_t before = next_;
    if (peek().kind == TokenKind::LeftDelim) {
      take();
      if (peek_word().kind == TokenKind::Keyword && peek().text == "define") {
        take();
        if (Result<void> done = definition(); !done) return done;
        continue;
      }
      next_ = before;
    }
    Result<std::optional<Ended>> ended = node(main);
    if (!ended) return std::unexpected(std::move(ended).error());
    if (*ended) {
      return error_at((*ended)->at, (*ended)->stop == Stop::End ? "unexpected {{end}}" : "unexpected {{else}}");
    }
  }
  return add(program_.name, std::move(main));
}

Result<void> Parser::add(std::string name, Nodes nodes) {
  const auto [place, is_new] = program_.templates.try_emplace(std::move(name));
  if (is_new || is_empty(place->second)) {
    place->second = std::move(nodes);
  } else if (!is_empty(nodes)) {
    return error_at(offset(), "multiple definition of template " + quote_string(place->first));
  }
  return {};
}

Result<std::string> Parser::template_name(std::string_view context) {
  const Token& token = take_word();
  if (token.kind != TokenKind::String && token.kind != TokenKind::RawString) return unexpected_token(token, context);
  std::optional<std::string> name = unquote(token.text);
  if (!name) return error_at(token.at, "invalid string " + std::string(token.text) + "; expected Go's escapes");
  return *std::move(name);
}

/// The nodes of a template of its own, up to its {{end}}.
Result<Nodes> Parser::body_of(std::string_view context) {
  Scope outer = std::exchange(scope_, Scope());
  Nodes body;
  Result<Ended> ended = nodes(body);
  scope_ = std::move(outer);
  if (!ended) return std::unexpected(std::move(ended).error());
  if (ended->stop != Stop::End) return error_at(ended->at, "unexpected {{else}} in " + std::string(context));
  return body;
}

Result<void> Parser::definition() {
  constexpr std::string_view kContext = "define clause";
  Result<std::string> name = template_name(kContext);
  if (!name) return std::unexpected(std::move(name).error());
  if (Result<void> closed = expect_right_delim(kContext); !closed) return closed;
  Result<Nodes> body = body_of(kContext);
  if (!body) return std::unexpected(std::move(body).error());
  return add(*std::move(name), *std::move(body));
}

/// Up to an {{end}} or {{else}}.
Result<Parser::Ended> Parser::nodes(Nodes& into) {
  if (Result<void> entered = enter(peek().at); !entered) return std::unexpected(std::move(entered).error());
  while (peek_word().kind != TokenKind::End) {
    Result<std::optional<Ended>> ended = node(into);
    if (!ended) return std::unexpected(std::move(ended).error());
    if (*ended) {
      --depth_;
      return **ended;
    }
  }
  return error_at(peek().at, "unexpected EOF; expected {{end}}");
}

Result<std::optional<Parser::Ended>> Parser::node(Nodes& into) {
  const Token& token = take_word();
  if (token.kind == TokenKind::Text) {
    into.push_back({{token.at, offset()}, Plain{std::string(token.text)}});
    return std::nullopt;
  }
  if (token.kind != TokenKind::LeftDelim) return unexpected_token(token, "input");
  const Token& first = peek_word();
  if (first.kind == TokenKind::Keyword && first.text != "define") {
    take();
    return keyword(first, into);
  }
  Result<Pipeline> action = pipeline("command", TokenKind::RightDelim);
  if (!action) return std::unexpected(std::move(action).error());
  const Span span = action->span;
  into.push_back({span, Action{*std::move(action)}});
  return std::nullopt;
}

Result<std::optional<Parser::Ended>> Parser::keyword(const Token& token, Nodes& into) {
  const std::string_view word = token.text;
  if (word == "end" || word == "else") {
    Ended ended{Stop::End, token.at};
    if (word == "else") {
      peek_word();
      ended.stop = at_keyword("if") ? Stop::ElseIf : at_keyword("with") ? Stop::ElseWith : Stop::Else;
    }
    // Of {{else if …}}, the rest is left to whoever is told of it.
    if (ended.stop == Stop::ElseIf || ended.stop == Stop::ElseWith) return ended;
    Result<void> closed = expect_right_delim(word);
    if (!closed) return std::unexpected(std::move(closed).error());
    return ended;
  }
  Result<void> done;
  if (word == "if") {
    done = control(Block::Kind::If, token.at, into);
  } else if (word == "with") {
    done = control(Block::Kind::With, token.at, into);
  } else if (word == "range") {
    done = control(Block::Kind::Range, token.at, into);
  } else if (word == "template") {
    done = invocation(token.at, into);
  } else if (word == "block") {
    done = block(token.at, into);
  } else {
    done = jump(token, into);
  }
  if (!done) return std::unexpected(std::move(done).error());
  return std::nullopt;
}

/// {{break}} and {{continue}}.
Result<void> Parser::jump(const Token& token, Nodes& into) {
  const std::string name = "{{" + std::string(token.text) + "}}";
  if (Result<void> closed = expect_right_delim(name); !closed) return closed;
  if (scope_.ranges == 0) return error_at(token.at, name + " outside {{range}}");
  Node node{{token.at, offset()}, Break{}};
  if (token.text == "continue") node.what = Continue{};
  into.push_back(std::move(node));
  return {};
}

Result<void> Parser::block(std::size_t begin, Nodes& into) {
  constexpr std::string_view kContext = "block clause";
  Result<std::string> name = template_name(kContext);
  if (!name) return std::unexpected(std::move(name).error());
  Result<Pipeline> data = pipeline(kContext, TokenKind::RightDelim);
  if (!data) return std::unexpected(std::move(data).error());
  const Span span{begin, data->span.end};
  Result<Nodes> body = body_of(kContext);
  if (!body) return std::unexpected(std::move(body).error());
  into.push_back({span, Invocation{*name, *std::move(data)}});
  return add(*std::move(name), *std::move(body));
}

Result<void> Parser::invocation(std::size_t begin, Nodes& into) {
  constexpr std::string_view kContext = "template clause";
  Result<std::string> name = template_name(kContext);
  if (!name) return std::unexpected(std::move(name).error());
  Invocation invocation{*std::move(name), std::nullopt};
  if (peek_word().kind == TokenKind::RightDelim) {
    take();
  } else {
    Result<Pipeline> data = pipeline(kContext, TokenKind::RightDelim);
    if (!data) return std::unexpected(std::move(data).error());
    invocation.pipeline = *std::move(data);
  }
  into.push_back({{begin, offset()}, std::move(invocation)});
  return {};
}

Result<void> Parser::control(Block::Kind kind, std::size_t begin, Nodes& into) {
  const std::size_t variables = scope_.variables.size();
  auto block = std::make_unique<Block>();
  block->kind = kind;
  const bool is_range = kind == Block::Kind::Range;
  Result<Pipeline> data = pipeline(is_range ? "range" : kind == Block::Kind::If ? "if" : "with", TokenKind::RightDelim);
  if (!data) return std::unexpected(std::move(data).error());
  block->pipeline = *std::move(data);
  if (is_range) ++scope_.ranges;
  Result<Ended> ended = nodes(block->body);
  if (is_range) --scope_.ranges;
  if (!ended) return std::unexpected(std::move(ended).error());
  if (Result<void> done = otherwise(*block, *ended); !done) return done;
  scope_.variables.resize(variables);
  into.push_back({{begin, block->pipeline.span.end}, std::move(block)});
  return {};
}

Result<void> Parser::otherwise(Block& block, const Ended& ended) {
  if (ended.stop == Stop::End) return {};
  const bool chains = (ended.stop == Stop::ElseIf && block.kind == Block::Kind::If) ||
                      (ended.stop == Stop::ElseWith && block.kind == Block::Kind::With);
  if (chains) {
    const std::size_t begin = take().at;
    if (Result<void> entered = enter(begin); !entered) return entered;
    Result<void> done = control(block.kind, begin, block.otherwise);
    --depth_;
    return done;
  }
  if (ended.stop != Stop::Else) return unexpected_token(peek(), "{{else}}");
  Result<Ended> closed = nodes(block.otherwise);
  if (!closed) return std::unexpected(std::move(closed).error());
  if (closed->stop != Stop::End) return error_at(closed->at, "expected end; found {{else}}");
  return {};
}

}  // namespace axon::templates
