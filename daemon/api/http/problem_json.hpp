// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "api/http/message.hpp"

namespace rappel::api {

/// What a Problem becomes over HTTP: its kind gives the status, its place an entry of `errors`.
Refusal refusal_of(const Problem& problem);
int status_of(ProblemKind kind);

/// application/problem+json (RFC 9457): type, title, status, detail, code, instance and, when the
/// fault lies in the body, errors: [{pointer, code, detail, mend}].
HttpResponse to_response(const Refusal& refusal, std::string_view request_id);

/// "Unprocessable Content" and the like; the title of a status, never of one case.
std::string_view title_of(int status);

}  // namespace rappel::api
