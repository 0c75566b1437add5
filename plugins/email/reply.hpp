// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rappel/plugin.hpp>
#include <string>
#include <string_view>

namespace rappel::email {

/// How far a conversation with the relay went.
enum class Stage { connecting, greeting, sender, recipient, content };

/// What the relay said last: "550", "5.1.1" and, after an acceptance, its name for the mail.
struct Reply {
  int code = 0;
  std::string enhanced;  ///< RFC 3463, empty when absent
  std::string queue_id;  ///< after "queued as", empty when absent
};

Reply parse_reply(std::string_view line);

/// How the transport ended, as far as the relay's words do not say it.
enum class Transport {
  done,         ///< the relay accepted the content
  unreachable,  ///< no connection, or TLS or login failed: nothing left
  broken        ///< lost, timed out or refused on the way
};

/// What became of the mail. The relay's text is not repeated: it may hold the address.
plugin::Result judge(Transport transport, Stage stage, const Reply& reply, std::string_view reason);

}  // namespace rappel::email
