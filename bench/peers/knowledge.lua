-- wrk: a search with the key KEY, or with BODY set a new document. Without KEY the answer is 401.
wrk.headers["X-API-Key"] = os.getenv("KEY")
local body = os.getenv("BODY")
if body then
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  wrk.body = body
end
