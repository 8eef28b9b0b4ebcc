// SPDX-License-Identifier: MIT
// A certified authorization server (npm: oidc-provider) as the cloud of the suite interop, with the
// little of the cloud's API that a connection needs beside it. Prints "ready at URL".
// usage: node provider.mjs [--wrong-issuer]
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

import { Provider } from 'oidc-provider';

const SCOPE = 'connection offline_access';
const STATUS = {
  isConnected: true,
  status: 'connected',
  provider: 'SIKKA',
  officeId: 'D10023',
  practiceName: 'Happy Dental Clinic',
  pmsType: 'Dentrix',
  timestamp: '2026-03-02T09:12:00Z',
};

const counters = {};

const configuration = {
  clients: ['sikka-companion', 'somebody-else'].map((id) => ({
    client_id: id,
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    redirect_uris: ['http://127.0.0.1/callback', 'http://[::1]/callback'],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
  })),
  cookies: { keys: [randomBytes(32).toString('hex')] },
  features: { devInteractions: { enabled: false }, revocation: { enabled: true } },
  findAccount: (context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  interactions: { url: (context, interaction) => `/interaction/${interaction.uid}` },
  // An OpenID provider wants prompt=consent for a refresh token; every consent here is asked for.
  issueRefreshToken: (context, client) => client.grantTypeAllowed('refresh_token'),
  pkce: { required: () => true },
  rotateRefreshToken: true,
  scopes: SCOPE.split(' '),
};

function answerJson(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

async function readForm(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return new URLSearchParams(text);
}

// One page for both questions, "who are you" and "may it": Allow or Deny.
function showPage(request, response) {
  response.writeHead(200, { 'content-type': 'text/html' });
  response.end(`<form method="post" action="${request.url}">
<button name="decision" value="allow">Allow</button>
<button name="decision" value="deny">Deny</button></form>`);
}

async function decide(provider, details, decision) {
  if (decision !== 'allow') {
    return { error: 'access_denied', error_description: 'the person said no' };
  }
  if (details.prompt.name === 'login') return { login: { accountId: 'front-desk' } };
  const grant = new provider.Grant({
    accountId: details.session.accountId,
    clientId: details.params.client_id,
  });
  grant.addOIDCScope(details.params.scope);
  return { consent: { grantId: await grant.save() } };
}

async function interact(provider, request, response) {
  const details = await provider.interactionDetails(request, response);
  if (request.method === 'GET') {
    showPage(request, response);
    return;
  }
  const form = await readForm(request);
  const result = await decide(provider, details, form.get('decision'));
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
}

async function answerApi(provider, request, response) {
  const [, bearer] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
  const token = bearer === undefined ? undefined : await provider.AccessToken.find(bearer);
  if (token === undefined) {
    response.setHeader('www-authenticate', 'Bearer error="invalid_token"');
    answerJson(response, 401, { error: 'invalid_token' });
  } else if (request.url === '/api/pms/connection-status') {
    answerJson(response, 200, STATUS);
  } else if (request.url === '/api/pms/companion/reports') {
    answerJson(response, 202, {});
  } else {
    answerJson(response, 404, { error: 'not_found' });
  }
}

function dispatch(provider, request, response) {
  const { pathname } = new URL(request.url, provider.issuer);
  if (pathname === '/counters') return answerJson(response, 200, counters);
  const key = `${request.method} ${pathname}`;
  counters[key] = (counters[key] ?? 0) + 1;
  if (pathname.startsWith('/interaction/')) return interact(provider, request, response);
  if (pathname.startsWith('/api/')) return answerApi(provider, request, response);
  return provider.callback()(request, response);
}

// Its warnings are about cookies and keys that a server for good would have.
console.warn = () => {};
console.info = () => {};
const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  const issuer = process.argv.includes('--wrong-issuer') ? `${url}/elsewhere` : url;
  const provider = new Provider(issuer, configuration);
  server.on('request', (request, response) => {
    Promise.resolve(dispatch(provider, request, response)).catch((error) => {
      answerJson(response, 500, { error: String(error) });
    });
  });
  process.stdout.write(`ready at ${url}\n`);
});
