# Prints every calendar of an account; the real host is written into it.
require "json"
require "net/http"

headers = {
  "Authorization" => "Bearer #{ENV.fetch("XURRENT_TOKEN")}",
  "X-4me-Account" => ENV.fetch("XURRENT_ACCOUNT"),
}
answer = Net::HTTP.get_response(URI("https://api.4me.com/v1/calendars"), headers)
JSON.parse(answer.body).each { |calendar| puts calendar.fetch("name") }
puts answer.code
