// A plain ltijs tool: login, launch and a page, as its README builds one, in a cluster of processes on PostgreSQL.
"use strict";

const cluster = require("cluster");
const lti = require("ltijs").Provider;
const Database = require("ltijs-sequelize");

const said = JSON.parse(process.env.LTIJS_TOOL);

const database = new Database(said.database, said.user, "", { host: said.host, dialect: "postgres", logging: false });

lti.setup(
  "only-for-the-bench",
  { plugin: database },
  {
    appRoute: "/lti/launch",
    loginRoute: "/lti/login",
    keysetRoute: "/lti/jwks",
    cookies: { secure: false, sameSite: "" },
    devMode: false,
    // Tokens are signed some time before they are sent, so that signing them takes no part in what is measured.
    tokenMaxAge: false,
  },
);
lti.whitelist("/readyz");
lti.app.get("/readyz", (_request, answer) => answer.send({ status: "ready" }));
lti.onConnect((token, _request, answer) =>
  answer.send(`<!doctype html><html lang="en"><title>ltijs</title><h1>Welcome, ${token.userInfo.name}</h1></html>`),
);

async function lead() {
  await lti.deploy({ serverless: true, silent: true });
  await lti.registerPlatform({
    url: said.issuer,
    name: "Campus",
    clientId: said.client_id,
    authenticationEndpoint: `${said.campus}/oidc/auth`,
    accesstokenEndpoint: `${said.campus}/oauth/token`,
    authConfig: { method: "JWK_SET", key: `${said.campus}/jwks` },
  });
  for (let worker = 0; worker < said.workers; worker += 1) cluster.fork();
}

if (cluster.isPrimary) lead();
else lti.deploy({ port: said.port, silent: true });

process.on("SIGTERM", () => process.exit(0));
