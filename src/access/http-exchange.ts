export type { HttpExchange, HttpReply, HttpRequest } from '../edge/http-exchange.js';
