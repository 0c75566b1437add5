/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole contract between Rappel and a notifier: a plugin that sends messages on one channel.
 *
 * A notifier is a shared library exporting one C function, `rappel_plugin`, which returns a
 * constant function table. It is loaded by a process of its own (rappel-sender), which holds the
 * provider's credential and the messages in hand, and nothing else: no database, no keys. A crash
 * or a hang ends that process, never the core.
 *
 * Growth: every structure starts with its own size. Fields are only ever appended, in a new minor
 * version. Whoever reads a structure made by the other side must not read past its `size`.
 * The major version must be equal on both sides; a plugin's minor version may be older than the
 * host's, never newer.
 *
 * Text is UTF-8, NUL-terminated, and never NULL unless said. The host refuses messages with a NUL
 * inside a field before any plugin sees them.
 *
 * Threads: `create` and `destroy` are called once each, never at the same time as anything else.
 * `send` and `query` are called by one thread at a time. `parse_report` may be called at the same
 * time as `send`. Completions and `log` may be called from any thread, also from inside `send`.
 *
 * C++ authors: rappel/plugin.hpp wraps this header, exceptions included.
 */
#ifndef RAPPEL_PLUGIN_H
#define RAPPEL_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RAPPEL_PLUGIN_MAGIC 0x4c505052u /* "RPPL" read as a little-endian integer */
#define RAPPEL_PLUGIN_ABI_MAJOR 1
#define RAPPEL_PLUGIN_ABI_MINOR 0
#define RAPPEL_PLUGIN_SYMBOL "rappel_plugin"
#if defined(__GNUC__)
#define RAPPEL_PLUGIN_EXPORT __attribute__((visibility("default")))
#else
#define RAPPEL_PLUGIN_EXPORT
#endif

/* What became of a message. It alone decides what the core does next; `detail` is for people. */
enum rappel_result_class {
  RAPPEL_ACCEPTED = 0,      /* the provider took charge; a receipt may follow */
  RAPPEL_DELIVERED = 1,     /* it is certain that it arrived */
  RAPPEL_TRY_LATER = 2,     /* refused at this moment, nothing left; safe to send again */
  RAPPEL_THROTTLED = 3,     /* too fast; retry_after_s if the provider said when; safe again */
  RAPPEL_BAD_ADDRESS = 4,   /* this address will never work; other channels may */
  RAPPEL_REJECTED = 5,      /* this message will never be taken; the address may be right */
  RAPPEL_PROVIDER_DOWN = 6, /* provider unreachable or misconfigured, nothing left; safe again */
  RAPPEL_UNKNOWN = 7        /* it may or may not have left: never sent again blindly */
};

enum rappel_log_level {
  RAPPEL_LOG_ERROR = 3,
  RAPPEL_LOG_WARNING = 4,
  RAPPEL_LOG_NOTICE = 5,
  RAPPEL_LOG_INFO = 6,
  RAPPEL_LOG_DEBUG = 7
};

typedef struct rappel_header {
  const char* name;
  const char* value;
} rappel_header;

/* One message. Made by the host; valid until its completion is called, then gone. */
typedef struct rappel_message {
  uint32_t size;
  uint32_t attempt;            /* 1 for the first try of this delivery */
  uint64_t token;              /* names this message in its completion; unique in this process */
  const char* delivery_id;     /* UUID text */
  const char* idempotency_key; /* the same for every attempt: providers recognise a repetition */
  const char* to;              /* the channel's address: user@host, +33612345678, an inbox id */
  const char* to_name;         /* the reader's name; may be empty */
  const char* from_name;       /* the administration's display name; may be empty */
  const char* language;        /* "fr", "en" */
  const char* subject;         /* empty on channels without subject */
  const char* text;
  const char* html;             /* NULL when there is none */
  const char* private_body;     /* for the inbox alone; NULL when there is none */
  const rappel_header* headers; /* extra mail headers such as List-Unsubscribe */
  size_t header_count;
  int64_t composed_at_us; /* microseconds since 1970 UTC; the Date of an email */
  int64_t expires_at_us;  /* no sense after this instant; 0 when it does not expire */
  uint32_t sms_segments;  /* as counted by the core for an SMS, else 0 */
  uint32_t reserved;
} rappel_message;

/* What became of one message or query. Owned by the plugin, copied by the host before it returns.
 */
typedef struct rappel_result {
  uint32_t size;
  int32_t result_class;    /* enum rappel_result_class */
  const char* provider_id; /* the provider's own name for the message; NULL or empty when none */
  const char* detail; /* short, for an operator; never an address, content or a secret; NULL ok */
  int64_t retry_after_s; /* of the provider itself: pauses its notifier; -1: it did not say */
} rappel_result;

/* Calls back exactly once per token. A second call for one token is ignored and logged. */
typedef struct rappel_completion {
  uint32_t size;
  uint32_t reserved;
  void* context;
  void (*complete)(void* context, uint64_t token, const rappel_result* result);
} rappel_completion;

/* A question about an earlier message whose outcome is unknown or not final. */
typedef struct rappel_query {
  uint32_t size;
  uint32_t reserved;
  uint64_t token;
  const char* delivery_id;
  const char* idempotency_key;
  const char* provider_id; /* empty when the provider never answered */
} rappel_query;

/* One line of a provider's report (receipt, bounce). Copied by the host before `found` returns. */
typedef struct rappel_report {
  uint32_t size;
  int32_t result_class;
  const char* delivery_id; /* NULL when the report names only the provider's id */
  const char* provider_id; /* NULL when the report names only ours */
  const char* detail;
} rappel_report;

typedef struct rappel_report_sink {
  uint32_t size;
  uint32_t reserved;
  void* context;
  void (*found)(void* context, const rappel_report* report);
} rappel_report_sink;

/* What the host offers. Lives as long as the instance. */
typedef struct rappel_host {
  uint32_t size;
  uint16_t abi_major;
  uint16_t abi_minor;
  void* context;
  /* For the operator: no address, no content, no secret. Long lines are cut. */
  void (*log)(void* context, int32_t level, const char* text);
} rappel_host;

typedef struct rappel_create_args {
  uint32_t size;
  uint32_t send_timeout_ms; /* a message not completed in this time: the process is killed */
  const rappel_host* host;
  const char* channel;       /* one of the table's `channels`: the one to serve */
  const char* config_json;   /* an object already checked against `config_schema` */
  const uint8_t* credential; /* the provider's secret; wiped after create: copy what you need */
  size_t credential_size;    /* 0 when none was given */
  const char* work_id;       /* names this process among others, for file names; no meaning */
} rappel_create_args;

typedef struct rappel_plugin_table {
  uint32_t magic; /* RAPPEL_PLUGIN_MAGIC */
  uint32_t size;  /* sizeof(rappel_plugin_table) as the plugin was compiled */
  uint16_t abi_major;
  uint16_t abi_minor;
  uint32_t reserved;
  const char* name;     /* "email" */
  const char* version;  /* the plugin's own, "1.0.0" */
  const char* channels; /* one or several of email sms inapp push letter call webhook, by spaces */
  /* JSON Schema of the configuration: type, required, properties, additionalProperties, enum,
   * minimum, maximum, minLength, maxLength, items, maxItems, description, default. A schema with
   * another keyword is refused: what is not checked must not look checked. */
  const char* config_schema;

  /* Returns an instance, or NULL with one sentence in `error` (error_size bytes, NUL-terminated;
   * never a secret). Must not wait for the provider: a relay that is down is not a failure here. */
  void* (*create)(const rappel_create_args* args, char* error, size_t error_size);

  /* Called when nothing is in hand any more, or when the process is about to end anyway. */
  void (*destroy)(void* instance);

  /* Takes `count` messages (1 to 256; an array of pointers, so that the structure can grow). Every
   * message gets one completion, sooner or later, here or on another thread of the plugin. */
  void (*send)(void* instance, const rappel_message* const* messages, size_t count,
               const rappel_completion* completion);

  /* Optional (NULL): asks the provider what became of a message. One completion, as for send.
   * Both structures are valid until that completion is called. */
  void (*query)(void* instance, const rappel_query* question, const rappel_completion* completion);

  /* Optional (NULL): reads a report that the provider pushed. Returns 0 when it understood the
   * bytes (having called `found` 0 or more times, on this thread), -1 when it did not. */
  int (*parse_report)(void* instance, const uint8_t* bytes, size_t size,
                      const rappel_report_sink* sink);
} rappel_plugin_table;

/* The one exported symbol. Returns a table that lives as long as the library is loaded. */
typedef const rappel_plugin_table* (*rappel_plugin_function)(void);
RAPPEL_PLUGIN_EXPORT const rappel_plugin_table* rappel_plugin(void);

#ifdef __cplusplus
}
#endif
#endif
