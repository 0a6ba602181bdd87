#!/bin/sh
# generate --task-definition app --artifact FILE with the AWS CLI, jq and zip: generate.sh FILE
set -eu
folder=$(mktemp -d)
cd "$folder"
aws ecs describe-task-definition --task-definition app --include TAGS --output json |
  jq '.taskDefinition + (if .tags then {tags} else {} end) | del(.taskDefinitionArn, .revision, .status,
    .requiresAttributes, .compatibilities, .registeredAt, .registeredBy, .deregisteredAt, .deleteRequestedAt)' >taskdef.json
name=$(jq -r '.containerDefinitions[0].name' taskdef.json)
port=$(jq -r '.containerDefinitions[0].portMappings[0].containerPort' taskdef.json)
cat >appspec.yml <<EOF
version: 0.0
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties:
        TaskDefinition: <TASK_DEFINITION>
        LoadBalancerInfo:
          ContainerName: "$name"
          ContainerPort: $port
EOF
zip --quiet - appspec.yml taskdef.json >"$1"
cd /
rm -r "$folder"
