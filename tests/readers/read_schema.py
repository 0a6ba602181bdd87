"""Prints why a JSON file does not match the schema, which is the first argument; nothing if all of them match."""

import json
import sys

import fastjsonschema

with open(sys.argv[1]) as schema:
    validate = fastjsonschema.compile(json.load(schema))
for name in sys.argv[2:]:
    with open(name) as file:
        try:
            validate(json.load(file))
        except fastjsonschema.JsonSchemaValueException as error:
            print(f"{name}: {error.message}")
