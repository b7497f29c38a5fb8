-- wrk: with BODY set, a JSON document by METHOD, which is POST unless it is said; else a GET.
local body = os.getenv("BODY")
if body then
  wrk.method = os.getenv("METHOD") or "POST"
  wrk.headers["Content-Type"] = "application/json"
  wrk.body = body
end
