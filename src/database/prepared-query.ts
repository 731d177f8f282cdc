import pg from 'pg';

/** What a result's rows are read by, as pg works it out from their description. */
interface Description {
  readonly fields: unknown;
  readonly _parsers: unknown;
  readonly _prebuiltEmptyResultObject: unknown;
}

/** What pg's query asks of a connection to send a prepared statement. */
interface Connection {
  readonly parsedStatements: object;
  readonly submittedNamedStatements: object;
  parse(message: object): void;
  bind(message: object): void;
  describe(message: object): void;
  execute(message: object): void;
  close(message: object): void;
  sync(): void;
  flush(): void;
}

/** pg's own query, whose parts `@types/pg` does not show. */
interface PgQuery {
  name: string;
  readonly _result: Description;
  _accumulateRows: boolean;
  callback: (error: Error | null, result: unknown) => void;
  prepare(connection: Connection): void;
}

const Query = pg.Query as unknown as new (text: string, values: unknown[], callback: PgQuery['callback']) => PgQuery;

/**
 * A statement that a connection has prepared, on its way to the server. pg has the columns of a result described, and reads the description, every
 * time; those of a prepared statement stay the same for as long as the connection lives (PostgreSQL refuses to carry out one whose columns have
 * changed), so they are asked for once.
 */
export class PreparedQuery extends Query {
  constructor(
    { name, text, values }: { readonly name: string; readonly text: string; readonly values: unknown[] },
    private readonly known: KnownDescriptions,
    callback: PgQuery['callback'],
  ) {
    // Not with its name in an object, of which pg would make a copy, property by property.
    super(text, values, (error, result) => {
      if (!error) known.keep(name, this._result);
      callback(error, result);
    });
    this.name = name;
  }

  override prepare(connection: Connection): void {
    const description = this.known.find(this.name);
    if (description === undefined) {
      super.prepare(connection);
      return;
    }
    Object.assign(this._result, description);
    // As pg says where a description has arrived.
    this._accumulateRows = true;
    super.prepare(this.known.silent(connection));
  }
}

/** Of the statements that one connection has prepared. */
export class KnownDescriptions {
  private readonly byName = new Map<string, Description>();
  private silenced: Connection | undefined;

  find(name: string): Description | undefined {
    return this.byName.get(name);
  }

  /** Of a statement that was carried out. */
  keep(name: string, { fields, _parsers, _prebuiltEmptyResultObject }: Description): void {
    if (!this.byName.has(name)) this.byName.set(name, { fields, _parsers, _prebuiltEmptyResultObject });
  }

  /** The connection, but for asking it to describe anything. */
  silent(connection: Connection): Connection {
    this.silenced ??= {
      parsedStatements: connection.parsedStatements,
      submittedNamedStatements: connection.submittedNamedStatements,
      parse: (message) => connection.parse(message),
      bind: (message) => connection.bind(message),
      describe: () => undefined,
      execute: (message) => connection.execute(message),
      close: (message) => connection.close(message),
      sync: () => connection.sync(),
      flush: () => connection.flush(),
    };
    return this.silenced;
  }
}
