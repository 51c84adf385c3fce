// An Express app that logs a person in by @auth/core and its provider of 42.
import { randomBytes } from "node:crypto";

import { Auth } from "@auth/core";
import FortyTwo from "@auth/core/providers/42-school";
import express from "express";

import { me, page } from "./me.mjs";

export function application({ service, clientID, clientSecret }) {
  const provider = FortyTwo({
    clientId: clientID,
    clientSecret,
    authorization: { url: `${service}/oauth/authorize`, params: { scope: "public" } },
    token: `${service}/oauth/token`,
    userinfo: `${service}/v2/me`,
  });

  async function newTokens(refreshToken) {
    const body = new URLSearchParams({
      grant_type: "refresh_token",
      refresh_token: refreshToken,
      client_id: clientID,
      client_secret: clientSecret,
    });
    const answer = await fetch(`${service}/oauth/token`, { method: "POST", body });
    if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
    const { access_token, refresh_token } = await answer.json();
    return { accessToken: access_token, refreshToken: refresh_token };
  }

  const config = {
    basePath: "/auth",
    trustHost: true,
    secret: randomBytes(32).toString("hex"),
    providers: [provider],
    callbacks: {
      // Runs at the login and whenever the session is read; its cookie keeps what this returns.
      async jwt({ token, account }) {
        const tokens = account
          ? { accessToken: account.access_token, refreshToken: account.refresh_token }
          : token.tokens;
        return { ...token, person: await me(service, tokens, newTokens), tokens };
      },
      session: ({ session, token }) => ({ ...session, person: token.person }),
    },
  };

  const app = express();
  app.get("/", async (request, response) => {
    const answer = await Auth(requestOf(request, "/auth/session"), config);
    const session = await answer.json();
    response.append("Set-Cookie", answer.headers.getSetCookie());
    response.send(session ? page(session.person) : '<a href="/auth/signin">Log in with 42</a>');
  });
  app.use("/auth", express.text({ type: "*/*" }), async (request, response) => {
    const answer = await Auth(requestOf(request, request.originalUrl), config);
    response.status(answer.status).setHeaders(answer.headers);
    response.send(await answer.text());
  });
  return app;
}

// The request of Express as the standard one of `fetch`.
function requestOf({ method, headers, body, protocol, host }, path) {
  return new Request(`${protocol}://${host}${path}`, {
    method: path === "/auth/session" ? "GET" : method,
    headers,
    body: method === "POST" ? body : undefined,
  });
}
