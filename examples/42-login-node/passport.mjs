// An Express app that logs a person in by passport-42.
import { randomBytes } from "node:crypto";
import { promisify } from "node:util";

import express from "express";
import session from "express-session";
import { Passport } from "passport";
import Strategy from "passport-42";
import refresh from "passport-oauth2-refresh";

import { me, page } from "./me.mjs";

export function application({ service, clientID, clientSecret }) {
  const strategy = new Strategy(
    {
      authorizationURL: `${service}/oauth/authorize`,
      tokenURL: `${service}/oauth/token`,
      profileURL: `${service}/v2/me`,
      clientID,
      clientSecret,
      callbackURL: "/auth/42/callback",
      state: true,
    },
    (accessToken, refreshToken, profile, done) => done(null, { accessToken, refreshToken }),
  );
  const passport = new Passport();
  passport.use(strategy);
  passport.serializeUser((tokens, done) => done(null, tokens));
  passport.deserializeUser((tokens, done) => done(null, tokens));
  refresh.use(strategy);

  const app = express();
  const secret = randomBytes(32).toString("hex");
  app.use(session({ secret, resave: false, saveUninitialized: false }));
  app.use(passport.session());

  app.get("/", async (request, response) => {
    if (!request.user) return response.send('<a href="/auth/42">Log in with 42</a>');
    response.send(page(await me(service, request.user, newTokens)));
  });
  app.get("/auth/42", passport.authenticate("42"));
  app.get(
    "/auth/42/callback",
    passport.authenticate("42", { successRedirect: "/", failureRedirect: "/denied" }),
  );
  app.get("/denied", (request, response) => response.status(403).send("You did not allow it."));
  return app;
}

const newTokens = (refreshToken) =>
  new Promise((resolve, reject) =>
    refresh.requestNewAccessToken("42", refreshToken, (error, accessToken, refreshToken) =>
      error ? reject(error) : resolve({ accessToken, refreshToken }),
    ),
  );
