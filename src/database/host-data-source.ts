import { DataSource, type EntityMetadata } from 'typeorm';
import { DEFAULT_SCHEMA, keepTablesIn, moveTable } from './table-schema.js';

type Entities = readonly (new () => object)[];

/** Private parts of a TypeORM DataSource; a method of that name is called whenever one is initialised. */
interface Insides {
  entityMetadatas: EntityMetadata[];
  entityMetadatasMap: Map<EntityMetadata['target'], EntityMetadata>;
  buildMetadatas(): Promise<void>;
}

/**
 * Makes Coatcheck's tables known to a host's DataSource as they are: in their schema, and with the names that the migrations gave them. What the host lists
 * in `entities`, its naming strategy, its prefix and its schema change nothing of them.
 *
 * @param ofFeatures tables of the host's own features: those that it does not list itself become known as well
 * @returns the same DataSource
 */
export async function lendTables(
  host: DataSource,
  { own, ofFeatures }: { own: Entities; ofFeatures: Entities },
  schema: string,
): Promise<DataSource> {
  keepTablesIn(host, schema);
  const insides = host as unknown as Insides;
  const lend = async () => {
    const missing = ofFeatures.filter((entity) => !host.hasMetadata(entity));
    const lent = await described([...own, ...missing], schema);
    for (const metadata of lent) metadata.dataSource = host;
    insert(insides, lent);
  };
  const build = insides.buildMetadatas;
  insides.buildMetadatas = async () => {
    await build.call(host);
    await lend();
  };
  if (host.isInitialized) await lend();
  return host;
}

/** In place of what the host's settings made of them. */
function insert(host: Insides, lent: readonly EntityMetadata[]): void {
  const targets = new Set(lent.map(({ target }) => target));
  const others = host.entityMetadatas.filter(({ target }) => !targets.has(target));
  const all = [...others, ...lent];
  Object.assign(host, { entityMetadatas: all, entityMetadatasMap: new Map(all.map((one) => [one.target, one])) });
}

/** By a DataSource that is never connected and has no settings of its own. */
async function described(entities: Entities, schema: string): Promise<EntityMetadata[]> {
  const blank = new DataSource({ type: 'postgres', entities: [...entities] });
  const insides = blank as unknown as Insides;
  await insides.buildMetadatas();
  for (const metadata of insides.entityMetadatas) if (metadata.schema === DEFAULT_SCHEMA) moveTable(metadata, schema);
  return insides.entityMetadatas;
}
