// An application whose feature has words of its own, in a language that is not built in as well, as a compiled module for `--app`.
import { Module } from '@nestjs/common';
import { AuthModule } from 'coatcheck';
import { defineWords } from 'coatcheck/internal';

export class HostModule {}

const words = defineWords({
  en: { 'shop.greeting': 'Welcome' },
  de: { 'shop.greeting': 'Willkommen' },
  fr: { 'shop.greeting': 'Bienvenue' },
});

Module({
  imports: [
    AuthModule.forRoot({
      nodeEnv: 'test',
      publicUrl: 'http://localhost:3000',
      secretKey: process.env.SECRET_KEY,
      databaseUrl: process.env.DATABASE_URL,
      features: [{ name: 'shop', words }],
    }),
  ],
})(HostModule);
