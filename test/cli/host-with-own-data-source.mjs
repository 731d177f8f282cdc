// An application with a DataSource of its own, as a compiled module for `--app`. Its connections have what the guide asks for, and
// another time zone.
import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule, migrate } from 'coatcheck';
import { DataSource } from 'typeorm';

export class HostModule {}

Module({
  imports: [
    TypeOrmModule.forRootAsync({
      useFactory: () => ({
        type: 'postgres',
        url: process.env.DATABASE_URL,
        extra: {
          options: '-c TimeZone=Europe/Berlin -c DateStyle=ISO -c default_transaction_isolation=read\\ committed',
        },
      }),
      dataSourceFactory: async (options) => {
        const dataSource = await new DataSource(options).initialize();
        await migrate(dataSource);
        return dataSource;
      },
    }),
    AuthModule.forRoot({
      nodeEnv: 'test',
      publicUrl: 'http://localhost:3000',
      secretKey: process.env.SECRET_KEY,
      dataSource: DataSource,
    }),
  ],
})(HostModule);
