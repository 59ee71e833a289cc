import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './page.css';
import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { type DocumentNode, parse } from 'graphql';
import { createClient } from 'graphql-ws';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';

/** GraphiQL for the server that this page comes from. A token is asked for where the server needs one. */

const url = new URL('/graphql', window.location.href).href;
const storedToken = 'trialgraph-token';

const exampleQuery = `# Ctrl-Space completes, Ctrl-Enter runs. Subscriptions work too.
{
  studies(first: 5) {
    edges {
      node {
        name
        state
        trialCounts {
          running
          completed
        }
      }
    }
  }
}
`;

const form = element<HTMLFormElement>('sign-in');

const known = window.sessionStorage.getItem(storedToken);
if (await isAccepted(known)) open(known);
else askForToken();

function askForToken(): void {
  form.hidden = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const token = element<HTMLInputElement>('token').value;
    if (!(await isAccepted(token))) {
      element('refusal').textContent = 'The server does not accept this token.';
      return;
    }
    window.sessionStorage.setItem(storedToken, token);
    open(token);
  });
}

async function isAccepted(token: string | null): Promise<boolean> {
  const headers = { 'content-type': 'application/json', ...authorization(token) };
  const response = await fetch(url, { method: 'POST', headers, body: '{"query":"{__typename}"}' });
  return response.status !== 401;
}

function open(token: string | null): void {
  const wsClient = createClient({
    url: url.replace(/^http/, 'ws'),
    connectionParams: token === null ? {} : { token },
  });
  const send = createGraphiQLFetcher({ url, headers: authorization(token), wsClient });
  // By GraphiQL's own document, which lags behind the editor, a subscription just typed would go out over HTTP.
  const fetcher: Fetcher = (params, options) => {
    const documentAST = parsed(params.query);
    return send(params, { ...options, ...(documentAST && { documentAST }) });
  };
  createRoot(element('page')).render(createElement(GraphiQL, { fetcher, defaultQuery: exampleQuery }));
}

/** Undefined for text with errors, which the server then tells. */
function parsed(query: string): DocumentNode | undefined {
  try {
    return parse(query);
  } catch {
    return undefined;
  }
}

function authorization(token: string | null): Record<string, string> {
  return token === null ? {} : { authorization: `Bearer ${token}` };
}

function element<Kind extends HTMLElement>(id: string): Kind {
  return document.getElementById(id) as Kind;
}
