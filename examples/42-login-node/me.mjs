// Who is logged in: /v2/me of the 42 API, and the page that shows it.

// Asks /v2/me with the access token; gets new tokens by `refresh` once that has expired.
export async function me(service, tokens, refresh) {
  const ask = () =>
    fetch(`${service}/v2/me`, { headers: { Authorization: `Bearer ${tokens.accessToken}` } });
  let answer = await ask();
  if (answer.status === 401) {
    Object.assign(tokens, await refresh(tokens.refreshToken));
    answer = await ask();
  }
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
  const { login, cursus_users } = await answer.json();
  const levels = cursus_users.map(({ cursus, level }) => `${cursus.name}: level ${level}`);
  return { login, levels };
}

const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

export const page = ({ login, levels }) => `<!doctype html>
<title>${escaped(login)}</title>
<h1>${escaped(login)}</h1>
<ul>${levels.map((level) => `<li>${escaped(level)}</li>`).join("")}</ul>
`;
