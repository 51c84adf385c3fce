// A client of the Fab-manager Open API: it reads every page, and tries again when limited.

export async function availabilities(baseUrl, token, { tries = 3 } = {}) {
  const found = [];
  for (let page = 1; ; page += 1) {
    const url = `${baseUrl}/availabilities?per_page=100&page=${page}`;
    const answer = await patiently(url, { headers: { Authorization: `Token ${token}` } }, tries);
    const { availabilities } = await answer.json();
    if (availabilities.length === 0) return found;
    found.push(...availabilities);
  }
}

async function patiently(url, options, tries) {
  const answer = await fetch(url, options);
  if (answer.ok) return answer;
  if (answer.status < 500 || tries === 1) throw new Error(`${url}: ${answer.status}`);
  return patiently(url, options, tries - 1);
}
