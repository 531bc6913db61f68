// A real OpenID Connect server (oidc-provider) on loopback. Arguments: where node_modules is, the port.
// Beside the server's own pages, /control answers the test: what was granted, how long tokens last, revoking all.
import { createServer } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, port] = process.argv.slice(2);
const { Provider } = await import(pathToFileURL(join(modules, "oidc-provider/lib/index.js")));

const store = new Map();
let lives = 3600;
const granted = { authorization_code: 0, refresh_token: 0 };
let refused = 0;

class Memory {
  constructor(kind) {
    this.kind = kind;
  }
  key(id) {
    return `${this.kind}:${id}`;
  }
  async upsert(id, payload, seconds) {
    store.set(this.key(id), { ...payload, until: seconds ? Date.now() + seconds * 1000 : Infinity });
  }
  async find(id) {
    const found = store.get(this.key(id));
    return found && found.until > Date.now() ? found : undefined;
  }
  async findByUid(uid) {
    return [...store.values()].find((one) => one.kind === this.kind && one.uid === uid);
  }
  async findByUserCode() {
    return undefined;
  }
  async destroy(id) {
    store.delete(this.key(id));
  }
  async consume(id) {
    const found = store.get(this.key(id));
    if (found) found.consumed = Math.floor(Date.now() / 1000);
  }
  async revokeByGrantId(grantId) {
    for (const [key, one] of store) if (one.grantId === grantId) store.delete(key);
  }
}

const issuer = `http://127.0.0.1:${port}`;
const provider = new Provider(issuer, {
  adapter: Memory,
  clients: [
    {
      client_id: "deskbell",
      token_endpoint_auth_method: "none",
      application_type: "native",
      redirect_uris: ["http://127.0.0.1/", "deskbell://oauth/callback"],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
    },
    {
      client_id: "dovecot",
      client_secret: "pencil-pencil-pencil-pencil-pencil",
      redirect_uris: [],
      grant_types: [],
      response_types: [],
    },
  ],
  claims: { openid: ["sub"], email: ["email", "email_verified"] },
  conformIdTokenClaims: false,
  features: {
    devInteractions: { enabled: true },
    introspection: { enabled: true, allowedPolicy: () => true },
    revocation: { enabled: true },
  },
  findAccount: (_, sub) => ({
    accountId: sub,
    claims: () => ({ sub, email: sub, email_verified: true }),
  }),
  rotateRefreshToken: true,
  ttl: { AccessToken: () => lives, AuthorizationCode: 60, IdToken: 3600, RefreshToken: 86400 },
});

// Its checks want a dot in the scheme of a native program; ours has none, like most.
const { invalidate } = provider.Client.Schema.prototype;
provider.Client.Schema.prototype.invalidate = function relaxed(message, code) {
  if (!String(message).includes("reverse domain")) invalidate.call(this, message, code);
};
provider.on("grant.success", (ctx) => {
  const kind = ctx.oidc.params.grant_type;
  if (kind in granted) granted[kind] += 1;
});
provider.on("grant.error", () => {
  refused += 1;
});
provider.on("server_error", (_, error) => console.error(error));

const pages = provider.callback();
createServer((request, response) => {
  const url = new URL(request.url, issuer);
  if (!url.pathname.startsWith("/control/")) {
    pages(request, response);
    return;
  }
  if (url.pathname === "/control/revoke") store.clear();
  if (url.pathname === "/control/expire") {
    for (const key of store.keys()) if (key.startsWith("AccessToken:")) store.delete(key);
  }
  if (url.pathname === "/control/lives") lives = Number(url.searchParams.get("seconds"));
  const lasting = [...store].filter(([key, one]) => key.startsWith("RefreshToken:") && !one.consumed).length;
  response.end(JSON.stringify({ ...granted, refused, lasting }));
}).listen(Number(port), "127.0.0.1", () => console.log(issuer));
