import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Admission } from './admission.js';
import { refuse } from './refuse.js';
import type { VerifiedAuth } from './verified-auth.js';
import type { VerifyRule } from './verify-rule.js';

/** As Express and Connect call it. */
export type ExpressMiddleware = (
  request: IncomingMessage & { auth?: VerifiedAuth | undefined },
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/** Sets `req.auth` and goes on, or answers the refusal itself: no error handler of the host is to make another answer of it. */
export function expressMiddleware(verifier: Admission, rule: VerifyRule): ExpressMiddleware {
  return (request, response, next) => {
    const admitted = (auth: VerifiedAuth | null) => {
      request.auth = auth ?? undefined;
      next();
    };
    const refused = (error: unknown) => {
      if (!refuse(error, request, response)) next(error);
    };
    let auth: ReturnType<Admission['admit']>;
    try {
      auth = verifier.admit(request, rule);
    } catch (error) {
      return refused(error);
    }
    // What the handlers throw is theirs.
    if (auth instanceof Promise) auth.then(admitted, refused);
    else admitted(auth);
  };
}
