import { describe, expect, test } from 'vitest';
import { start, streamingTransports, transports } from './harness.ts';

describe.each(transports)('over $name', ({ run }) => {
  test("a caller's fault keeps its message, code and details", async () => {
    const [result] = await run(await start(), { query: '{ fail(how: "caller") }' });
    expect(result).toEqual({
      data: { fail: null },
      errors: [
        {
          message: 'The attempt is stale; ask again.',
          locations: [{ line: 1, column: 3 }],
          path: ['fail'],
          extensions: { code: 'CONFLICT', attempt: 2 },
        },
      ],
    });
  });

  test('an unexpected error is logged with its stack under the id that the client sees, and with nothing else', async () => {
    const server = await start();
    const [result] = await run(server, { query: '{ fail(how: "unexpectedly") }' });
    expect(JSON.stringify(result)).not.toMatch(/secret|hunter2|stack|example-schema/);
    const error = result?.errors?.[0];
    expect(error?.extensions).toEqual({
      code: 'INTERNAL_SERVER_ERROR',
      id: expect.stringMatching(/^[\da-f-]{36}$/),
    });
    expect(error?.path).toEqual(['fail']);

    const logged = server.log
      .map((line) => JSON.parse(line))
      .find(({ errorId }) => errorId === error?.extensions.id);
    expect(logged).toMatchObject({
      level: 50,
      err: { message: 'secret: the password is hunter2' },
      path: ['fail'],
    });
    expect(logged.err.stack).toContain('example-schema');
  });

  test.each([
    ['{ hello', undefined, 'GRAPHQL_PARSE_FAILED', /Syntax Error/],
    ['{ helo }', undefined, 'GRAPHQL_VALIDATION_FAILED', /Did you mean "hello"/],
    ['query ($bytes: Int!) { text(bytes: $bytes) }', { bytes: 'many' }, 'BAD_USER_INPUT', /\$bytes.*many/],
    ['query ($bytes: Int!) { text(bytes: $bytes) }', undefined, 'BAD_USER_INPUT', /\$bytes.*required/],
    ['{ fail(how: "graphql") }', undefined, 'CHOSEN', /Seen by clients/],
  ])('%s with %j is %s', async (query, variables, code, message) => {
    const [result] = await run(await start(), { query, ...(variables && { variables }) });
    expect(result?.errors?.[0]?.extensions.code).toBe(code);
    expect(result?.errors?.[0]?.message).toMatch(message);
  });

  test('every validation error is told', async () => {
    const [result] = await run(await start(), { query: '{ helo vewer }' });
    expect(result?.errors).toHaveLength(2);
  });
});

describe.each(streamingTransports)('over $name', ({ run }) => {
  test('an error in one event of a subscription is formatted, and the next event comes', async () => {
    const results = await run(await start(), { query: 'subscription { ticks(events: 2) { number fail } }' });
    expect(results).toHaveLength(2);
    for (const { errors } of results) {
      expect(errors?.[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR');
      expect(errors?.[0]?.message).not.toContain('hunter2');
    }
  });

  test.each([
    ['caller', 'CONFLICT'],
    ['unexpectedly', 'INTERNAL_SERVER_ERROR'],
  ])('a source of events that fails (%s) ends the subscription with %s', async (how, code) => {
    const server = await start();
    const query = `subscription { failing(how: "${how}") { number } }`;
    const results = await run(server, { query });
    expect(results.map(({ data }) => data)).toEqual([{ failing: { number: 0 } }, undefined]);
    expect(results[1]?.errors?.[0]?.extensions.code).toBe(code);
    expect(JSON.stringify(results)).not.toContain('hunter2');
    expect(server.example.open).toBe(0);
    expect(await run(server, { query: '{ hello }' })).toEqual([{ data: { hello: 'Hello world' } }]);
  });
});
