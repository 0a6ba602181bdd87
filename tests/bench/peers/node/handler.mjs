// The same job with the AWS SDK for JavaScript v3: the task definition of ECS, both files, a zip in S3, the result for
// CodePipeline. The loop at the end stands for the runtime that Lambda brings, which does more.

import http from "node:http";

import { CodePipelineClient, PutJobSuccessResultCommand } from "@aws-sdk/client-codepipeline";
import { DescribeTaskDefinitionCommand, ECSClient } from "@aws-sdk/client-ecs";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { zipSync, strToU8 } from "fflate";

const REMOVED = [
  "taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities", "registeredAt", "registeredBy",
  "deregisteredAt", "deleteRequestedAt",
];

const ecs = new ECSClient({});
const codepipeline = new CodePipelineClient({});
// Its connections outlive the credentials of a job.
const requestHandler = new S3Client({}).config.requestHandler;

async function handle(event) {
  const job = event["CodePipeline.job"];
  const parameters = JSON.parse(job.data.actionConfiguration.configuration.UserParameters);
  const described = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: parameters.task_definition, include: ["TAGS"] }),
  );
  const definition = described.taskDefinition;
  const arn = definition.taskDefinitionArn;
  const container = definition.containerDefinitions.find((item) => item.portMappings.length > 0);
  for (const name of REMOVED) delete definition[name];
  if (described.tags?.length) definition.tags = described.tags;
  const appspec = `version: 0.0
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties:
        TaskDefinition: <TASK_DEFINITION>
        LoadBalancerInfo:
          ContainerName: "${container.name}"
          ContainerPort: ${container.portMappings[0].containerPort}
`;
  const files = { "appspec.yml": strToU8(appspec), "taskdef.json": strToU8(JSON.stringify(definition, null, 2)) };
  const { accessKeyId, secretAccessKey, sessionToken } = job.data.artifactCredentials;
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  const s3 = new S3Client({ credentials, requestHandler, forcePathStyle: true });
  const { bucketName: Bucket, objectKey: Key } = job.data.outputArtifacts[0].location.s3Location;
  const Body = zipSync(files, { level: 0 });
  await s3.send(new PutObjectCommand({ Bucket, Key, Body, ServerSideEncryption: "aws:kms" }));
  await codepipeline.send(
    new PutJobSuccessResultCommand({ jobId: job.id, outputVariables: { task_definition_arn: arn } }),
  );
}

const agent = new http.Agent({ keepAlive: true });
const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");

function lambda(method, path, body) {
  return new Promise((resolve, reject) => {
    const options = { agent, host, port, method, path: `/2018-06-01/runtime/invocation/${path}` };
    const request = http.request(options, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => resolve({ headers: answer.headers, text: Buffer.concat(parts).toString() }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

(async () => {
  for (;;) {
    const next = await lambda("GET", "next");
    await handle(JSON.parse(next.text));
    await lambda("POST", `${next.headers["lambda-runtime-aws-request-id"]}/response`, "null");
  }
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
