import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';

export interface S3Server extends AsyncDisposable {
  /** Of a bucket that is there and empty, as the setting `artifacts.url` takes it. */
  readonly url: string;
}

/** The keys that any test server takes. */
const credentials = { AWS_ACCESS_KEY_ID: 'test-access', AWS_SECRET_ACCESS_KEY: 'test-secret' };

/**
 * A server that speaks S3's protocol: the one that TRIALGRAPH_TEST_S3_ENDPOINT names, or moto's when
 * `pip install 'moto[server]'` has put it on the path; null where there is neither.
 */
export async function startS3Server(): Promise<S3Server | null> {
  Object.assign(process.env, { ...credentials, ...process.env });
  const given = process.env.TRIALGRAPH_TEST_S3_ENDPOINT;
  if (given) return { url: await createBucket(given), [Symbol.asyncDispose]: async () => {} };

  const port = await freePort();
  const moto = spawn('moto_server', ['--host', '127.0.0.1', '--port', String(port)], { stdio: 'ignore' });
  let isMissing = false;
  const ended = new Promise<void>((resolve) => {
    moto.once('exit', () => resolve());
    moto.once('error', () => {
      isMissing = true;
      resolve();
    });
  });
  const endpoint = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + 25_000;
  while (!isMissing && !(await answers(endpoint))) {
    if (Date.now() > deadline) throw new Error('moto_server did not start within 25 s.');
    await sleep(100);
  }
  if (isMissing) return null;
  return {
    url: await createBucket(endpoint),
    [Symbol.asyncDispose]: async () => {
      moto.kill();
      await ended;
    },
  };
}

async function createBucket(endpoint: string): Promise<string> {
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true });
  const bucket = `trialgraph-test-${process.pid}-${Date.now()}`;
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  client.destroy();
  return `s3://${bucket}/files?endpoint=${encodeURIComponent(endpoint)}`;
}

function answers(endpoint: string): Promise<boolean> {
  return fetch(endpoint).then(
    () => true,
    () => false,
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
