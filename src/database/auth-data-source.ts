/** DI token of the TypeORM `DataSource` that holds Coatcheck's tables: its own, or the host's. */
export const AUTH_DATA_SOURCE = Symbol('coatcheck.dataSource');
