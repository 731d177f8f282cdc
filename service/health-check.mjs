// The health check of the container, which has neither a shell nor curl: exits with 0 if this node can serve.
import { request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';

const { PORT: port = '3000', TLS_CERT: certificate } = process.env;
const request = certificate ? overHttps : overHttp;
// Its own certificate is for the name in PUBLIC_URL, and this asks the machine itself.
const options = { host: '127.0.0.1', port, path: '/health/ready', timeout: 4_000, rejectUnauthorized: false };

request(options, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1))
  .on('timeout', () => process.exit(1))
  .on('error', () => process.exit(1))
  .end();
