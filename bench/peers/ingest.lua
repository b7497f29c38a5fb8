-- wrk: one valid POST /ingest per request. TOKEN comes from the harness; without it the answer is 401.
local token = os.getenv("TOKEN")
local field = token and (', "token": "' .. token .. '"') or ""

wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"data": {"email_subject": "Happy new year!", "email_sender": "John Doe", "email_timestream": 1693561101, '
  .. '"email_content": "Just want to say... Happy new year!!!"}' .. field .. "}"
