import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { afterEach, beforeEach, describe, test } from "node:test";

const worlds = `${process.env.FAKE_SERVER_URL}/_fake/worlds`;
const school = await readFile("school.yaml", "utf8");

async function control(method, path, body) {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(`${worlds}${path}`, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.status === 204 ? null : answer.json();
}

// A browser as far as a login needs it: it keeps cookies, and goes where it is sent.
class Visitor {
  #cookies = new Map();

  async open(url, body) {
    const headers = { Cookie: [...this.#cookies].map((pair) => pair.join("=")).join("; ") };
    const method = body ? "POST" : "GET";
    const answer = await fetch(url, { method, body, headers, redirect: "manual" });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = cookie.match(/^([^=]+)=([^;]*)/);
      this.#cookies.set(name, value);
    }
    const next = answer.headers.get("Location");
    return next ? this.open(new URL(next, url)) : answer.text();
  }
}

const logIn = {
  passport: (visitor, url) => visitor.open(`${url}/auth/42`),
  auth: async (visitor, url) => {
    const [, csrfToken] = (await visitor.open(`${url}/auth/signin`)).match(/csrfToken" value="(\w+)/);
    const form = new URLSearchParams({ csrfToken, callbackUrl: url });
    return visitor.open(`${url}/auth/signin/42-school`, form);
  },
};

for (const name of ["passport", "auth"]) {
  describe(name, () => {
    let world, server, url;

    beforeEach(async () => {
      world = await control("POST", "", { dataset_yaml: school, login: { intra42: "norminet" } });
      const { application } = await import(`./${name}.mjs`);
      const app = application({
        service: world.url,
        clientID: "an-application",
        clientSecret: "its-secret",
      });
      server = createServer(app);
      await new Promise((resolve) => server.listen(0, "localhost", resolve));
      url = `http://localhost:${server.address().port}`;
    });

    afterEach(async () => {
      server.close();
      await control("DELETE", `/${world.name}`);
    });

    test("a person logs in", async () => {
      const visitor = new Visitor();
      assert.match(await visitor.open(url), /Log in with 42/);
      assert.match(await logIn[name](visitor, url), /norminet.*42cursus: level 7.42/s);
    });

    test("a person who denies is not logged in", async () => {
      await control("PATCH", `/${world.name}`, { login: { intra42: { deny: true } } });
      const visitor = new Visitor();
      await logIn[name](visitor, url);
      assert.match(await visitor.open(url), /Log in with 42/);
    });

    test("a token that expires is followed by another, again and again", async () => {
      const visitor = new Visitor();
      await logIn[name](visitor, url);
      for (const count of [1, 2]) {
        await control("POST", `/${world.name}/clock/advance`, { by: "PT2H" });
        assert.match(await visitor.open(url), /norminet/);
        const { requests } = await control("GET", `/${world.name}/requests`);
        const tokens = requests.filter(({ path }) => path === "/oauth/token");
        assert.deepEqual(tokens.map(({ status }) => status), Array(count + 1).fill(200));
      }
    });
  });
}
