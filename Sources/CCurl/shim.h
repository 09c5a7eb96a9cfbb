// Swift cannot call functions with a variable number of arguments; these have one type each.
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

typedef size_t (*curl_shim_data_function)(char *, size_t, size_t, void *);
typedef int (*curl_shim_seek_function)(void *, curl_off_t, int);

static inline CURLcode curl_shim_set_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode curl_shim_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode curl_shim_set_text(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode curl_shim_set_pointer(CURL *handle, CURLoption option, void *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode curl_shim_set_list(
    CURL *handle, CURLoption option, struct curl_slist *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode curl_shim_set_data(
    CURL *handle, CURLoption option, curl_shim_data_function value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode curl_shim_set_seek(CURL *handle, curl_shim_seek_function value) {
  return curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, value);
}

static inline CURLcode curl_shim_get_long(CURL *handle, CURLINFO info, long *value) {
  return curl_easy_getinfo(handle, info, value);
}

// Only these protocols are spoken, whatever a URL says.
static inline CURLcode curl_shim_limit_protocols(CURL *handle, int mail) {
#if LIBCURL_VERSION_NUM >= 0x075500
  return curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, mail ? "smtp,smtps" : "http,https");
#else
  return curl_easy_setopt(
      handle, CURLOPT_PROTOCOLS,
      mail ? CURLPROTO_SMTP | CURLPROTO_SMTPS : CURLPROTO_HTTP | CURLPROTO_HTTPS);
#endif
}

// Macros that Swift does not see.
static const size_t curl_shim_read_abort = CURL_READFUNC_ABORT;
static const int curl_shim_seek_ok = CURL_SEEKFUNC_OK;
static const int curl_shim_seek_failed = CURL_SEEKFUNC_FAIL;
static const long curl_shim_global_all = CURL_GLOBAL_ALL;
static const long curl_shim_http_2_over_tls = CURL_HTTP_VERSION_2TLS;
static const long curl_shim_http_1_1 = CURL_HTTP_VERSION_1_1;
static const long curl_shim_tls_all = CURLUSESSL_ALL;
static const long curl_shim_tls_try = CURLUSESSL_TRY;
