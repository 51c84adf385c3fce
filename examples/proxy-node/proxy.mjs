// Lets `fetch` and `https` go through the proxy that HTTPS_PROXY names: node --import ./proxy.mjs
// Node 24 does so by itself with NODE_USE_ENV_PROXY=1.
import http from "node:http";
import https from "node:https";
import tls from "node:tls";

const proxy = new URL(process.env.HTTPS_PROXY);

function connect({ host, hostname = host, port, servername }, callback) {
  const name = servername || hostname;
  const path = `${hostname}:${port || 443}`;
  const headers = { Host: path };
  http
    .request({ host: proxy.hostname, port: proxy.port, method: "CONNECT", path, headers })
    .on("connect", (answer, socket) => {
      if (answer.statusCode !== 200) {
        callback(new Error(`the proxy answers ${answer.statusCode} to CONNECT ${path}`));
        return;
      }
      const secure = tls.connect({ socket, servername: name, ALPNProtocols: ["http/1.1"] });
      secure.once("secureConnect", () => callback(null, secure)).once("error", callback);
    })
    .on("error", callback)
    .end();
}

https.globalAgent.createConnection = connect;

await fetch("data:,"); // The dispatcher of `fetch` is there after its first use.
const dispatcher = Symbol.for("undici.globalDispatcher.1");
const Agent = globalThis[dispatcher].constructor;
globalThis[dispatcher] = new Agent({ connect });
