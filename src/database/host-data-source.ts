import { DataSource, type EntityMetadata } from 'typeorm';
import { keepTablesIn, moveTable } from './table-schema.js';

type Entities = readonly (new () => object)[];

/** What TypeORM keeps from those who use it; a method of that name is called whenever a DataSource is initialised. */
interface Insides {
  entityMetadatas: EntityMetadata[];
  entityMetadatasMap: Map<EntityMetadata['target'], EntityMetadata>;
  buildMetadatas(): Promise<void>;
}

/**
 * Makes Coatcheck's tables known to a host's DataSource as they are: in their schema, and with the names that the migrations gave them. What the host lists
 * in `entities`, its naming strategy, its prefix and its schema change nothing of them.
 *
 * @returns the same DataSource
 */
export async function lendTables(host: DataSource, entities: Entities, schema: string): Promise<DataSource> {
  keepTablesIn(host, schema);
  const insides = host as unknown as Insides;
  const own = await described(entities, schema);
  for (const metadata of own) metadata.dataSource = host;
  const build = insides.buildMetadatas;
  insides.buildMetadatas = async () => {
    await build.call(host);
    insert(insides, own);
  };
  if (host.isInitialized) insert(insides, own);
  return host;
}

/** In place of what the host's settings made of them. */
function insert(host: Insides, own: readonly EntityMetadata[]): void {
  const targets = new Set(own.map(({ target }) => target));
  const others = host.entityMetadatas.filter(({ target }) => !targets.has(target));
  const all = [...others, ...own];
  Object.assign(host, { entityMetadatas: all, entityMetadatasMap: new Map(all.map((one) => [one.target, one])) });
}

/** By a DataSource that is never connected, and that has no settings of anybody's. */
async function described(entities: Entities, schema: string): Promise<EntityMetadata[]> {
  const blank = new DataSource({ type: 'postgres', entities: [...entities] });
  const insides = blank as unknown as Insides;
  await insides.buildMetadatas();
  for (const metadata of insides.entityMetadatas) moveTable(metadata, schema);
  return insides.entityMetadatas;
}
