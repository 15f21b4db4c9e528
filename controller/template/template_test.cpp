#include "controller/template/template.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace axon::templates {
namespace {

Value data() {
  return Value::from_json(nlohmann::json::parse(R"({
      "Title": "a <b>", "Number": 7, "Labels": ["x", "y"], "None": null,
      "Deps": {"b": {"Name": "b", "Outputs": ["o"], "Results": {"branch": "feature"}}, "a": {"Name": "a"}}})"))
      .value();
}

std::string outcome(std::string_view text, const Limits& limits = {}) {
  const Result<Template> parsed = parse("prompt", std::string(text));
  if (!parsed) return parsed.error().message;
  const Result<std::string> made = execute(*parsed, data(), limits);
  return made ? *made : made.error().message;
}

TEST(Template, FillsInFields) {
  EXPECT_EQ(outcome("#{{.Number}}: {{.Title}}"), "#7: a <b>");
  EXPECT_EQ(outcome(R"({{ index .Deps "b" "Results" "branch" }})"), "feature");
  EXPECT_EQ(outcome("{{range $name, $dep := .Deps}}{{$name}}={{$dep.Name}} {{end}}"), "a=a b=b ");
  EXPECT_EQ(outcome("{{range .Labels}}[{{.}}]{{else}}none{{end}}"), "[x][y]");
  EXPECT_EQ(outcome("{{.None}} {{.Labels}} {{print nil}}"), "<no value> [x y] <nil>");
}

TEST(Template, AnswersAMissingResultAsGoDoes) {
  const Result<Template> parsed = parse("prompt", R"({{index .Results "no"}}|{{len .Results}})");
  const Value results = Value::map({{"branch", Value::string("b")}}, Elements::Strings);
  EXPECT_EQ(execute(*parsed, Value::map({{"Results", results}})), "|1");
}

TEST(Template, SaysWhereAndWhy) {
  EXPECT_EQ(
      outcome("one\n {{.Deps.c}}"),
      "template: prompt:2:4: executing \"prompt\" at <.Deps.c>: map has no entry for key \"c\"; it has \"a\", \"b\"");
  EXPECT_EQ(outcome("{{if}}x{{end}}"), "template: prompt:1:5: missing value for if");
  EXPECT_EQ(outcome("{{if .Title}}x"), "template: prompt:1:15: unexpected EOF; expected {{end}}");
  EXPECT_EQ(outcome("{{nope}}"), "template: prompt:1:3: function \"nope\" not defined");
  EXPECT_EQ(outcome("{{$x}}"), "template: prompt:1:3: undefined variable \"$x\"");
  EXPECT_EQ(outcome("{{.Title"), "template: prompt:1:9: unclosed action");
  EXPECT_EQ(outcome("{{lt 1 `a`}}"),
            "template: prompt:1:3: executing \"prompt\" at <lt 1 `a`>: error calling lt: incompatible types for "
            "comparison: int and string");
}

TEST(Template, EndsWhateverItIsToldToDo) {
  EXPECT_EQ(
      outcome("{{range 9000000000}}{{end}}"),
      "template: prompt:1:3: executing \"prompt\" at <range 9000000000>: the template takes more than 1000000 steps");
  EXPECT_EQ(outcome("{{range 100}}{{.}}{{end}}", {.output_bytes = 20}),
            "template: prompt:1:16: executing \"prompt\" at <.>: the output is larger than 20 bytes");
  EXPECT_EQ(outcome("{{$x := `aaaaaaaa`}}{{range 100}}{{$x = print $x $x}}{{end}}"),
            "template: prompt:1:41: executing \"prompt\" at <print $x $x>: error calling print: a string of more than "
            "1048576 bytes");
  EXPECT_EQ(outcome("{{define `a`}}{{template `a`}}{{end}}{{template `a`}}"),
            "template: prompt:1:17: executing \"a\" at <template `a`}}>: nested deeper than 250 levels");
}

TEST(Template, RefusesWhatIsNestedTooDeeply) {
  const auto repeat = [](std::string_view what, int times) {
    std::string text;
    for (int i = 0; i < times; ++i) text += what;
    return text;
  };
  EXPECT_EQ(outcome("{{" + repeat("(", 150) + "1" + repeat(")", 150) + "}}"), "1");
  EXPECT_EQ(outcome("{{" + repeat("(", 5000)), "template: prompt:1:203: nested deeper than 200 levels");
  EXPECT_EQ(outcome(repeat("{{if 1}}", 150) + "x" + repeat("{{end}}", 150)), "x");
  EXPECT_TRUE(outcome(repeat("{{if 1}}", 5000)).ends_with("nested deeper than 200 levels"));
  EXPECT_TRUE(
      outcome("{{if 0}}" + repeat("{{else if 0}}", 5000) + "{{end}}").ends_with("nested deeper than 200 levels"));
}

TEST(TemplateValue, IsBoundedInDepth) {
  nlohmann::json deep = 1;
  for (int i = 0; i < 101; ++i) deep = nlohmann::json::array({deep});
  EXPECT_EQ(Value::from_json(deep).error().message, "template data: nested deeper than 100 levels");
  EXPECT_TRUE(Value::from_json(deep[0]));
}

}  // namespace
}  // namespace axon::templates
