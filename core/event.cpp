#include "core/event.hpp"

namespace axon {

bool is_progress(const Event& event) {
  return !std::holds_alternative<event::Retry>(event) && !std::holds_alternative<event::Problem>(event) &&
         !std::holds_alternative<event::Plain>(event) && !std::holds_alternative<event::Unknown>(event);
}

}  // namespace axon
