"""Stands in for the AWS command line: answers from a file of JSON by operation, and writes down what it was asked."""
import json
import os
import sys

import jmespath

asked = sys.argv[1:]
with open(os.environ["STUB_LOG"], "a") as log:
    log.write(json.dumps(asked) + "\n")
with open(os.environ["STUB_ANSWERS"]) as file:
    answers = json.load(file)
operation = " ".join(asked[:2])
if operation not in answers:
    sys.exit(f"no answer to {operation}")
answer = answers[operation]
if "--query" in asked:
    answer = jmespath.search(asked[asked.index("--query") + 1], answer)
if "--output" in asked and asked[asked.index("--output") + 1] == "text":
    print("None" if answer is None else "\t".join(answer) if isinstance(answer, list) else answer)
else:
    print(json.dumps(answer))
