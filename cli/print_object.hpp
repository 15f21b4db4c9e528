// What `-o json` and `-o yaml` print on stdout.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace axon::cli {

/// Who wrote which field (managedFields) is left out, as kubectl does.
void print_object(nlohmann::json object, const std::string& output);

/// Objects as a list, in kubectl's form.
void print_list(std::vector<nlohmann::json> objects, const std::string& output);

}  // namespace axon::cli
