import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { type DynamicModule } from '@nestjs/common';
import { Args, Field, GraphQLModule, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import { type Caller, CurrentCaller } from '../../src/access/caller.js';
import { Public } from '../../src/access/public.decorator.js';
import {
  CurrentAuth,
  CurrentSession,
  CurrentUser,
  Roles,
  Scopes,
  Strategies,
} from '../../src/access/route-decorators.js';
import { StepUp } from '../../src/access/step-up.js';
import type { AuthContext, AuthSession, AuthUser } from '../../src/kernel/auth-context.js';
import { RateLimited } from '../../src/limits/rate-limited.decorator.js';

/** Which server on which framework. */
export const SERVERS = ['apollo on express', 'apollo on fastify', 'mercurius on fastify'] as const;
export type GraphqlServer = (typeof SERVERS)[number];

export const adapterOf = (server: GraphqlServer) => (server.endsWith('express') ? 'express' : 'fastify');

export function graphqlModule(server: GraphqlServer, more: object = {}): DynamicModule {
  if (server.startsWith('mercurius'))
    return GraphQLModule.forRoot<MercuriusDriverConfig>({ driver: MercuriusDriver, autoSchemaFile: true, ...more });
  return GraphQLModule.forRoot<ApolloDriverConfig>({
    driver: ApolloDriver,
    autoSchemaFile: true,
    graphiql: false,
    allowBatchedHttpRequests: true,
    ...more,
  });
}

@ObjectType()
class Seen {
  @Field(() => String, { nullable: true })
  user?: string;

  @Field(() => String, { nullable: true })
  session?: string;

  @Field(() => String, { nullable: true })
  by?: string;

  @Field(() => String, { nullable: true })
  strategy?: string;

  @Field(() => String, { nullable: true })
  ip?: string | null;
}

@Resolver()
export class ShopResolver {
  written = 0;

  @Query(() => Seen)
  me(@CurrentUser() user: AuthUser, @CurrentAuth() auth: AuthContext, @CurrentCaller() { ip }: Caller): Seen {
    return { user: user.id, by: auth.by, strategy: auth.strategy, ip };
  }

  @Query(() => Seen, { nullable: true })
  perhaps(@CurrentUser() user: AuthUser): Seen {
    return { user: user.id };
  }

  @Public()
  @Query(() => Seen)
  open(@CurrentUser() user: AuthUser | undefined, @CurrentAuth() auth: AuthContext | undefined): Seen {
    return { user: user?.id, by: auth?.by };
  }

  @Query(() => Seen)
  mySession(@CurrentSession() session: AuthSession): Seen {
    return { session: session.id };
  }

  @Roles('boss')
  @Query(() => Seen)
  boss(@CurrentUser() user: AuthUser): Seen {
    return { user: user.id };
  }

  @Strategies('jwt')
  @Query(() => Seen)
  onlyJwt(@CurrentUser() user: AuthUser): Seen {
    return { user: user.id };
  }

  @Scopes('shop:read')
  @Query(() => Seen, { nullable: true })
  machine(@CurrentUser() user: AuthUser): Seen {
    return { user: user.id };
  }

  @StepUp({ maxAgeSeconds: 60 })
  @Query(() => Seen)
  fresh(@CurrentUser() user: AuthUser): Seen {
    return { user: user.id };
  }

  @Public()
  @RateLimited({ most: { ip: 3, email: 2 }, windowSeconds: 60 })
  @Query(() => Seen, { nullable: true })
  limited(@Args('email', { nullable: true }) _email?: string): Seen {
    return {};
  }

  @Mutation(() => Seen)
  write(@CurrentUser() user: AuthUser): Seen {
    this.written += 1;
    return { user: user.id };
  }
}
