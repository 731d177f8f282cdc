import { ConfigurationError } from '../config/configuration-error.js';

/** Why the service could not listen, as a problem of the configuration where it is one; else as it is. */
export function asListenError(error: unknown, { host, port }: { host: string; port: number }): unknown {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    const remedy = 'stop what listens there, or choose another PORT';
    return new ConfigurationError([{ option: 'port', problem: `is ${port}, which is already in use`, remedy }]);
  }
  if (code === 'EACCES') {
    const remedy = 'choose a port from 1024 on, or let the process bind lower ones (CAP_NET_BIND_SERVICE)';
    return new ConfigurationError([{ option: 'port', problem: `is ${port}, which this user may not use`, remedy }]);
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    const remedy = 'name an address of this machine, or 0.0.0.0 or :: for all of them';
    return new ConfigurationError([{ option: 'host', problem: `is ${host}, which is no address here`, remedy }]);
  }
  return error;
}
