// Two secrets and a text of arbitrary bytes, cut in arbitrary pieces: the output holds neither secret in any form,
// however the text was cut, and is the text itself where nothing secret stood in it. Byte 0: where to cut. Then,
// between bytes 0xFF: the secrets, and the text, in which "{0}" stands for the first form of the first secret, "{1}"
// for the next…
#include <nlohmann/json.hpp>

#include "core/contract.hpp"
#include "core/encoding.hpp"
#include "core/fuzz/fuzz.hpp"
#include "entrypoint/redactor.hpp"

namespace {

using namespace axon;

std::string json_text(const std::string& value) {
  const std::string quoted = nlohmann::json(value).dump();
  return quoted.substr(1, quoted.size() - 2);
}

/// As an agent would print it; written apart from the redactor's own list on purpose.
std::vector<std::string> forms_of(const std::string& secret) {
  std::vector<std::string> forms = {secret, json_text(secret), json_text(json_text(secret))};
  for (std::size_t before = 0; before < 3; ++before) {
    const std::string encoded = to_base64(std::string(before, 'x') + secret);
    // Without the characters that its neighbours have a part in.
    const std::size_t first = before == 0 ? 0 : before + 1;
    const std::size_t whole = (before + secret.size()) * 8 / 6;
    forms.push_back(encoded.substr(first, whole - first));
  }
  return forms;
}

/// What can be looked for in the output: "[REDACTED]" beside other text must not make a secret of its own.
bool is_usable(const std::string& secret) {
  return secret.size() >= contract::kMinRedactedBytes && secret.size() <= 200 && to_valid_utf8(secret) == secret &&
         secret.find_first_of("[]\r\n") == std::string::npos && !kRedacted.contains(secret);
}

std::string with_forms(std::string_view text, const std::vector<std::string>& forms) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool place = text[at] == '{' && at + 2 < text.size() && text[at + 2] == '}';
    const auto index = place ? static_cast<std::size_t>(text[at + 1] - '0') : forms.size();
    if (index < forms.size()) {
      out += forms[index];
      at += 2;
    } else {
      out += text[at];
    }
  }
  return out;
}

std::string passed(const std::shared_ptr<const SecretPatterns>& patterns, std::string_view text, std::size_t cut) {
  std::string out;
  const Redactor::Sink sink = [&](std::string_view bytes) { out += bytes; };
  Redactor redactor(patterns, 64);
  while (!text.empty()) {
    const std::span<char> space = redactor.space();
    const std::size_t count = std::min({cut, space.size(), text.size()});
    text.copy(space.data(), count);
    text.remove_prefix(count);
    redactor.commit(count, sink);
  }
  redactor.finish(sink);
  return out;
}

/// What is missing from the output must be secret: each piece between what is left is replaced as a whole.
void check_rest(const SecretPatterns& patterns, std::string_view text, std::string_view out) {
  if (text.contains(kRedacted)) return;
  if (!out.contains(kRedacted)) {
    fuzz::require(out == text, "the text was changed though nothing was replaced");
    return;
  }
  fuzz::require(patterns.find(text, 0).length != 0, "something was replaced though nothing is secret");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1 || size > 4096) return 0;
  const std::vector<std::string_view> parts = fuzz::parts_of(fuzz::text_of(data + 1, size - 1), 3);
  std::vector<std::string> secrets = {std::string(parts[0]), std::string(parts[1])};
  std::erase_if(secrets, [](const std::string& secret) { return !is_usable(secret); });
  std::vector<Secret> hidden;
  std::vector<std::string> forms;
  for (const std::string& secret : secrets) {
    hidden.emplace_back(secret);
    for (std::string& form : forms_of(secret)) forms.push_back(std::move(form));
  }
  const auto patterns = std::make_shared<const SecretPatterns>(hidden);
  const std::string text = with_forms(parts[2], forms);
  const std::string out = redact(*patterns, text);
  for (const std::size_t cut : {std::size_t{1}, std::size_t{1} + data[0], text.size() + 1}) {
    fuzz::require(passed(patterns, text, cut) == out, "the output depends on how the text is cut");
  }
  for (const std::string& form : forms) {
    const bool is_searched = form.size() >= contract::kMinRedactedBytes && !kRedacted.contains(form);
    fuzz::require(!is_searched || !out.contains(form), "a secret is in the output");
  }
  check_rest(*patterns, text, out);
  return 0;
}
