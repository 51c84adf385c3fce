// Prints every calendar of an account; the real host is written into it.
import { get } from "node:https";

const headers = {
  Authorization: `Bearer ${process.env.XURRENT_TOKEN}`,
  "X-4me-Account": process.env.XURRENT_ACCOUNT,
};
const answer = await fetch("https://api.4me.com/v1/calendars", { headers });
for (const { name } of await answer.json()) console.log(name);

get("https://api.4me.com/v1/calendars", { headers }, (again) => {
  console.log(again.statusCode);
  again.resume();
});
