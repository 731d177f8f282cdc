// What every peer's server has in common: it tells where it listens, and takes the same orders as a bench app.

/** Whom the authenticated routes answer: as long as what Coatcheck's answers. */
export function userAt(index) {
  const number = String(index).padStart(6, '0');
  return { id: crypto.randomUUID(), email: `user-${number}@bench.example`, name: `U ${number}` };
}

/**
 * @param tickets makes so many logged-in users' headers
 * @param more other orders, by name
 */
export function serve(server, tickets, more = {}) {
  const orders = {
    tickets,
    ...more,
    cpu: () => {
      const { user, system } = process.cpuUsage();
      return user + system;
    },
    memory: () => {
      for (let i = 0; i < 3; i++) globalThis.gc?.();
      return process.memoryUsage();
    },
  };
  process.on('disconnect', () => process.exit(0));
  process.on('message', async ({ id, order, argument }) => {
    try {
      process.send({ id, result: await orders[order](argument) });
    } catch (error) {
      process.send({ id, failure: String(error?.stack ?? error) });
    }
  });
  server.listen(0, '127.0.0.1', () => process.send({ url: urlOf(server) }));
}

/** The cookies of logins at `/login/<index>`. */
export function cookiesFrom(server) {
  return async (count) => {
    const tickets = [];
    for (let index = 0; index < count; index++) {
      const answer = await fetch(`${urlOf(server)}/login/${index}`);
      // express-session sends the head first, and the rest when it has saved the session.
      await answer.text();
      tickets.push({ cookie: answer.headers.getSetCookie()[0].split(';', 1)[0] });
    }
    return tickets;
  };
}

function urlOf(server) {
  return `http://127.0.0.1:${server.address().port}`;
}
