"""A file of JSON lines into the store: `load.py TENANT FILE`."""

import json
import sys
from pathlib import Path

import store

store.create()
with Path(sys.argv[2]).open() as file:
    lines = map(json.loads, file)
    store.add(sys.argv[1], ((line["title"], line["content"], line["tags"]) for line in lines))
