"""Documents and search over HTTP."""

import hmac
import json
import os
import time
from collections import Counter
from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

import store

KEYS: dict[str, list[str]] = json.loads(os.environ.get("API_KEYS_JSON") or "{}")
MAX_TITLE_LEN = int(os.environ.get("MAX_TITLE_LEN", "200"))
MAX_CONTENT_LEN = int(os.environ.get("MAX_CONTENT_LEN", "200000"))
MAX_TAGS = int(os.environ.get("MAX_TAGS", "20"))

store.create()
app = FastAPI(title="Knowledge")
requests: Counter[str] = Counter()


class NewDocument(BaseModel):
    """A document as a client gives it."""

    title: Annotated[str, Field(min_length=1)]
    content: Annotated[str, Field(min_length=1)]
    tags: list[str]


@app.exception_handler(RequestValidationError)
async def invalid(_: Request, __: RequestValidationError) -> JSONResponse:
    """400 in the shape clients know."""
    return JSONResponse({"detail": "Invalid request"}, status_code=400)


@app.middleware("http")
async def count(request: Request, call_next):  # noqa: ANN001, ANN201
    """Counts every request."""
    began = time.perf_counter()
    response = await call_next(request)
    requests[f"{request.method} {response.status_code}"] += 1
    requests["microseconds"] += int((time.perf_counter() - began) * 1e6)
    return response


def admitted(tenantId: str, x_api_key: Annotated[str | None, Header()] = None) -> str:  # noqa: N803
    """The tenant, if the key may see it."""
    tenants = None
    for key, allowed in KEYS.items():
        if hmac.compare_digest(key.encode(), (x_api_key or "").encode()):
            tenants = allowed
    if tenants is None:
        raise HTTPException(401, "Invalid API key")
    if tenantId not in tenants:
        raise HTTPException(403, "Tenant not authorized")
    return tenantId


@app.get("/api/v1/health")
async def health() -> dict[str, str]:
    """Liveness."""
    return {"status": "ok", "time": store.now()}


@app.get("/api/v1/metrics")
async def metrics() -> dict[str, object]:
    """Counters."""
    return {"requests": dict(requests)}


@app.post("/api/v1/tenants/{tenantId}/documents", status_code=201)
def add(document: NewDocument, tenant: Annotated[str, Depends(admitted)]) -> dict[str, str]:
    """Keeps a document."""
    if len(document.title) > MAX_TITLE_LEN:
        raise HTTPException(400, "Title too long")
    if len(document.content) > MAX_CONTENT_LEN:
        raise HTTPException(400, "Content too long")
    if len(document.tags) > MAX_TAGS:
        raise HTTPException(400, "Too many tags")
    identifier, created_at = store.add(tenant, [(document.title, document.content, document.tags)])
    return {"documentId": identifier, "tenantId": tenant, "createdAt": created_at}


@app.get("/api/v1/tenants/{tenantId}/documents/search")
def search(
    tenant: Annotated[str, Depends(admitted)],
    q: str,
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> dict[str, object]:
    """A page of what holds every word."""
    if not q.strip():
        raise HTTPException(400, "Query cannot be blank")
    total, rows = store.search(tenant, q, limit, offset)
    results = [
        {
            "documentId": identifier,
            "title": title,
            "snippet": snippet,
            "tags": json.loads(tags),
            "score": -rank / (1 - rank),
            "createdAt": created_at,
        }
        for identifier, title, snippet, tags, rank, created_at in rows
    ]
    return {"tenantId": tenant, "query": q, "limit": limit, "offset": offset, "total": total, "results": results}
