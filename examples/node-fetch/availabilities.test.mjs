import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { availabilities } from "./availabilities.mjs";

const worlds = `${process.env.FAKE_SERVER_URL}/_fake/worlds`;
let world;
let lab;

async function ask(method, path, body) {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(`${worlds}${path}`, { method, headers, body: JSON.stringify(body) });
  return answer.status === 204 ? null : answer.json();
}

beforeEach(async () => {
  world = await ask("POST", "", { dataset: "demo" });
  lab = world.apis.fabmanager;
});

afterEach(() => ask("DELETE", `/${world.name}`));

test("every page is read", async () => {
  const found = await availabilities(lab.base_url, lab.token);
  assert.equal(new Set(found.map((one) => one.id)).size, 420);
});

test("a service that is down is asked again", async () => {
  await ask("POST", `/${world.name}/faults`, { pattern: "fabmanager.*", status: 503, times: 2 });
  assert.equal((await availabilities(lab.base_url, lab.token)).length, 420);
});

test("a wrong token is told, and asked with once", async () => {
  await assert.rejects(availabilities(lab.base_url, "wrong"), /401/);
  const { requests } = await ask("GET", `/${world.name}/requests`);
  assert.deepEqual(requests.map((one) => one.status), [401]);
});
