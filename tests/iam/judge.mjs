// Evaluates IAM requests with an independent evaluator. Standard input is a list of simulations as
// @cloud-copilot/iam-simulate takes them; standard output has, for each, its `result` (`Allowed`, `ImplicitlyDenied` or
// `ExplicitlyDenied`) and the condition keys in it that the action does not have (`ignored`), or an `error`: a request
// that AWS could not get. The evaluator brings its own data on services and needs no network.
import { readFileSync } from "node:fs";
import { runSimulation } from "@cloud-copilot/iam-simulate";

const none = { serviceControlPolicies: [], resourceControlPolicies: [] };

async function judge(simulation) {
  const answer = await runSimulation({ ...none, ...simulation }, {});
  if (answer.resultType !== "single") {
    return answer.errors ? { error: JSON.stringify(answer.errors) } : { result: answer.overallResult };
  }
  return { result: answer.overallResult, ignored: answer.result.ignoredContextKeys ?? [] };
}

const answers = [];
for (const simulation of JSON.parse(readFileSync(0, "utf8"))) {
  answers.push(await judge(simulation));
}
process.stdout.write(JSON.stringify(answers));
