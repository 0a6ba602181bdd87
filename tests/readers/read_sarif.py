"""Says why each SARIF file of the arguments does not fit the schema of the first one; nothing if all of them do."""

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
