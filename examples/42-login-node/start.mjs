// Serves one of the two apps: node start.mjs passport, or node start.mjs auth.
import { createServer } from "node:http";

const { application } = await import(`./${process.argv[2]}.mjs`);
const app = application({
  service: process.env.INTRA42_URL ?? "https://api.intra.42.fr",
  clientID: process.env.INTRA42_CLIENT_ID,
  clientSecret: process.env.INTRA42_CLIENT_SECRET,
});
const server = createServer(app).listen(process.env.PORT ?? 3000, "localhost", () =>
  console.log(`http://localhost:${server.address().port}/`),
);
