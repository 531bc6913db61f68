// A browser as far as signing in needs one: follows redirects, keeps cookies, fills the forms in.
// Arguments: the address, the name to sign in with, whether to agree or to deny, and where it cannot go. Prints where it ended: the
// redirect address of a scheme it does not know, or "shown STATUS" of the page a loopback address answered with.
const [start, name, decision, stop] = process.argv.slice(2);
const jar = new Map();
let url = new URL(start);
let form = null;

for (let steps = 0; steps < 20; steps += 1) {
  const response = await fetch(url, {
    method: form ? "POST" : "GET",
    body: form,
    redirect: "manual",
    headers: { cookie: [...jar].map(([key, value]) => `${key}=${value}`).join("; ") },
  });
  form = null;
  for (const cookie of response.headers.getSetCookie()) {
    const [pair] = cookie.split(";");
    const at = pair.indexOf("=");
    jar.set(pair.slice(0, at), pair.slice(at + 1));
  }
  const to = response.headers.get("location");
  if (to) {
    url = new URL(to, url);
    const beyond = stop && url.href.startsWith(stop) && url.host !== new URL(start).host;
    if (url.protocol !== "http:" || beyond) {
      console.log(url.href);
      process.exit(0);
    }
    continue;
  }
  const page = await response.text();
  const action = page.match(/<form[^>]*action="([^"]+)"/);
  if (!action) {
    console.log(`shown ${response.status}`);
    process.exit(0);
  }
  if (decision === "deny") {
    const abort = page.match(/href="([^"]+\/abort)"/);
    url = new URL(abort[1], url);
    continue;
  }
  url = new URL(action[1], url);
  form = new URLSearchParams({ prompt: page.match(/name="prompt" value="([^"]+)"/)[1] });
  if (page.includes('name="login"')) {
    form.set("login", name);
    form.set("password", "any");
  }
}
console.error("the pages have no end");
process.exit(1);
