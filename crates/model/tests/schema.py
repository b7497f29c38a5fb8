"""Validates manifests against the published schema with somebody else's tool. Arguments: schema, then folders."""

import pathlib
import re
import sys

import json
import jsonschema
import yaml


class Core(yaml.SafeLoader):
    """YAML 1.2's core schema: `on` and `yes` are texts, `03:00` is no number."""

    yaml_implicit_resolvers = {}


Core.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))
Core.add_implicit_resolver("tag:yaml.org,2002:int", re.compile("^[-+]?[0-9]+$"), list("-+0123456789"))
Core.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"^[-+]?[0-9]*\.[0-9]+$"), list("-+.0123456789"))
Core.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("^(~|null|)$"), ["~", "n", ""])
Core.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile("^<<$"), ["<"])

schema = json.loads(pathlib.Path(sys.argv[1]).read_text())
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
wrong = 0
for folder in sys.argv[2:]:
    for path in sorted(pathlib.Path(folder).glob("*.yaml")):
        for error in validator.iter_errors(yaml.load(path.read_text(), Core)):
            wrong += 1
            print(f"{path}: {list(error.absolute_path)}: {error.message[:300]}")
sys.exit(1 if wrong else 0)
