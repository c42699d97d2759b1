// bpmn-engine steps through the six tasks in memory, its state taken after each step.
const { EventEmitter } = require("node:events");
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");

const { Engine } = createRequire(`${process.cwd()}/`)("bpmn-engine");
const source = readFileSync(process.argv[2], "utf8");
const CASES = 60;

// One case; the seconds of processor time of every step go into `costs`.
async function carry(costs) {
  const engine = new Engine({ name: "six", source });
  const listener = new EventEmitter();
  const waiting = [];
  listener.on("activity.wait", (task) => waiting.push(task));
  const execution = await engine.execute({ listener });
  while (waiting.length) {
    const began = process.cpuUsage();
    waiting.shift().signal({});
    JSON.stringify(await engine.getState());
    const { user, system } = process.cpuUsage(began);
    costs.push((user + system) / 1e6);
  }
  return execution.state;
}

(async () => {
  const costs = [];
  for (let number = 0; number < CASES; number += 1) await carry(costs);
  console.log(JSON.stringify(costs));
})();
