// SPDX-License-Identifier: MIT
// A login as msal-node does it: node msal-client.mjs SERVER. Prints the authorization URL, then
// "tokens" once it has them.
//
// msal-node wants an https authority, so it is given one and its requests are sent to SERVER.

import { PublicClientApplication } from '@azure/msal-node';

const server = process.argv[2];
const authority = 'https://bench.invalid';

async function send(url, method, options) {
  const answer = await fetch(url.replace(authority, server), {
    method,
    headers: options?.headers,
    body: options?.body,
  });
  return {
    status: answer.status,
    headers: Object.fromEntries(answer.headers),
    body: await answer.json(),
  };
}

const client = new PublicClientApplication({
  auth: {
    clientId: 'sikka-companion',
    authority,
    knownAuthorities: ['bench.invalid'],
    authorityMetadata: JSON.stringify({
      issuer: authority,
      authorization_endpoint: `${authority}/oauth/authorize`,
      token_endpoint: `${authority}/oauth/token`,
      jwks_uri: `${authority}/jwks`,
    }),
  },
  system: {
    protocolMode: 'OIDC',
    networkClient: {
      sendGetRequestAsync: (url, options) => send(url, 'GET', options),
      sendPostRequestAsync: (url, options) => send(url, 'POST', options),
    },
  },
});

const result = await client.acquireTokenInteractive({
  scopes: ['connection'],
  openBrowser: async (url) => console.log(url.replace(authority, server)),
});
console.log(result.accessToken ? 'tokens' : 'nothing');
process.exit(0);
