// Whether all of stdout arrived: a full disk must not look like success.
#pragma once

namespace axon::cli {

/// errno of the first write_all() to stdout that failed, 0 without one. A reader that has had enough (EPIPE) does not
/// count.
int lost_output();

}  // namespace axon::cli
