// The recipe of NestJS's documentation: passport-local checks the password, @nestjs/jwt signs a token (HS256, a text as the secret),
// passport-jwt believes it until it expires. On Express, as there. It has no logout and no refresh, so there is nothing to measure of these.
import 'reflect-metadata';
import { Controller, Get, HttpCode, Module, Post, Req, UnauthorizedException, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { JwtModule, JwtService } from '@nestjs/jwt';
import { AuthGuard, PassportModule, PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy as JwtStrategy } from 'passport-jwt';
import { Strategy as LocalStrategy } from 'passport-local';
import { serve, userAt } from './serve.mjs';
import { addUsers, userWith } from './users.mjs';

const secret = 'only for measuring, and long enough to be taken';

class ByPassword extends PassportStrategy(LocalStrategy) {
  constructor() {
    super({ usernameField: 'email' });
  }

  async validate(email, password) {
    const user = await userWith(email, password);
    if (!user) throw new UnauthorizedException();
    return user;
  }
}

class ByToken extends PassportStrategy(JwtStrategy) {
  constructor() {
    const jwtFromRequest = ExtractJwt.fromAuthHeaderAsBearerToken();
    super({ jwtFromRequest, ignoreExpiration: false, secretOrKey: secret });
  }

  async validate({ sub, email, name }) {
    return { id: sub, email, name };
  }
}

class ShopController {
  constructor(jwt) {
    this.jwt = jwt;
  }

  login({ user: { id, ...claims } }) {
    return { accessToken: this.jwt.sign({ sub: id, ...claims }) };
  }

  me({ user }) {
    return user;
  }
}
const routes = {
  login: [Post('login'), HttpCode(200), UseGuards(AuthGuard('local'))],
  me: [Get('me'), UseGuards(AuthGuard('jwt'))],
};
for (const [name, decorators] of Object.entries(routes)) {
  Req()(ShopController.prototype, name, 0);
  const method = Object.getOwnPropertyDescriptor(ShopController.prototype, name);
  for (const decorate of decorators) decorate(ShopController.prototype, name, method);
}
Reflect.defineMetadata('design:paramtypes', [JwtService], ShopController);
Controller()(ShopController);

class ShopModule {}
Module({
  imports: [PassportModule, JwtModule.register({ secret, signOptions: { expiresIn: '1h' } })],
  controllers: [ShopController],
  providers: [ByPassword, ByToken],
})(ShopModule);

const app = await NestFactory.create(ShopModule, { logger: ['error', 'fatal'] });
await app.init();
const jwt = app.get(JwtService, { strict: false });
serve(
  app.getHttpServer(),
  (count) =>
    Array.from({ length: count }, (_, at) => {
      const { id, ...claims } = userAt(at);
      return { authorization: `Bearer ${jwt.sign({ sub: id, ...claims })}` };
    }),
  { addUsers },
);
