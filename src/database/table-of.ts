import type { DataSource } from 'typeorm';

/** A table as SQL names it. */
export interface Table<Property extends string> {
  /** Quoted, with its schema if it has one. */
  readonly name: string;
  /** The column of each property, unquoted. */
  readonly columns: Readonly<Record<Property, string>>;
}

/** The names of an entity's table and of the columns of its records in this DataSource, which must be initialised. */
export function tableOf<Property extends string>(dataSource: DataSource, entity: new () => object): Table<Property> {
  const { tablePath, columns } = dataSource.getMetadata(entity);
  const name = tablePath.split('.').map(quoted).join('.');
  const named = columns
    .filter(({ isSelect }) => isSelect)
    .map(({ propertyName, databaseName }) => [propertyName, databaseName]);
  return { name, columns: Object.fromEntries(named) as Record<Property, string> };
}

/** `SELECT … FROM …` whose rows are like the entity's, without its class. */
export function selectFrom({ name, columns }: Table<string>): string {
  return `SELECT ${selected('t', columns)} FROM ${name} t`;
}

/** The columns of `alias`, each by the name of its property behind `prefix`. */
export function selected(alias: string, columns: Readonly<Record<string, string>>, prefix = ''): string {
  return Object.entries(columns)
    .map(([property, column]) => `${alias}.${quoted(column)} AS ${quoted(prefix + property)}`)
    .join(', ');
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
