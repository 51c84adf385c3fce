# The snippet of the 42 documents; only the site comes from the environment.
require "oauth2"

UID = ENV.fetch("INTRA42_CLIENT_ID")
SECRET = ENV.fetch("INTRA42_CLIENT_SECRET")
client = OAuth2::Client.new(UID, SECRET, site: ENV.fetch("FAKE_SERVER_WORLD_URL"))
token = client.client_credentials.get_token

response = token.get("/v2/slots/graph/on/begin_at/by/day")
puts response.status
response.parsed.each { |day, count| puts "#{day} #{count}" }
